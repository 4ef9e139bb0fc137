"""Definitions: the bytes of every product folder that a run was made from, kept by their hash."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ghala.registry import tables
from ghala.registry.registry import move_epoch, now_us

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from ghala.model.names import ProductName
    from ghala.model.product import Definition


def is_kept(connection: Connection, sha256: str) -> bool:
    """Return whether the registry has a definition already."""
    query = select(tables.definitions.c.sha256).filter_by(sha256=sha256)
    return connection.execute(query).scalar() is not None


def keep(connection: Connection, product: ProductName, definition: Definition) -> None:
    """Keep a definition's files; keeping it twice changes nothing."""
    if is_kept(connection, definition.sha256):
        return
    files = {path: b64encode(content).decode() for path, content in definition.files.items()}
    content = zlib.compress(json.dumps(files, sort_keys=True).encode())
    connection.execute(
        insert(tables.definitions).values(
            sha256=definition.sha256, product=str(product), content=content, applied_at=now_us()
        )
    )
    move_epoch(connection)


def files_of(connection: Connection, sha256: str) -> Mapping[str, bytes] | None:
    """Return the files of a kept definition by their path; None if the registry has it not."""
    query = select(tables.definitions.c.content).filter_by(sha256=sha256)
    content = connection.execute(query).scalar()
    if content is None:
        return None
    return {path: b64decode(text) for path, text in json.loads(zlib.decompress(content)).items()}


def of_release(
    connection: Connection, environment: str, product: ProductName, number: int
) -> str | None:
    """Return the hash of the definition that a release was made from; None if there is no such release."""
    table = tables.releases
    key = {"environment": environment, "product": str(product), "number": number}
    return connection.execute(select(table.c.definition_sha256).filter_by(**key)).scalar()
