"""Sets of policies: the bytes of each that was ever in force, and when, by whom it was put in force."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from ghala.model.policy_set import AppliedSet
from ghala.registry import tables
from ghala.registry.registry import move_epoch
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select

_Texts = tuple[tuple[str, str], ...]
_APPLIED = tables.policy_applications


def put_in_force(
    connection: Connection,
    version: str,
    schema: str,
    files: Sequence[tuple[str, str]],
    *,
    by: str,
    at_us: int,
) -> AppliedSet:
    """Put a set in force from now on: the schema and the files, each with its name; its bytes are kept once."""
    known = select(tables.policy_sets.c.version).filter_by(version=version)
    if connection.execute(known).scalar() is None:
        content = json.dumps({"schema": schema, "files": [list(file) for file in files]})
        connection.execute(
            insert(tables.policy_sets).values(
                version=version, content=zlib.compress(content.encode())
            )
        )
    last = connection.execute(
        select(func.max(_APPLIED.c.number), func.max(_APPLIED.c.applied_at))
    ).one()
    # Times order the sets, also where the clock was set back.
    values = {
        "number": int(last[0] or 0) + 1,
        "version": version,
        "applied_at": max(at_us, int(last[1] or 0) + 1),
        "applied_by": by,
    }
    connection.execute(insert(_APPLIED).values(**values))
    move_epoch(connection)
    return _applied(values)


def current(connection: Connection) -> AppliedSet | None:
    """Return the set that is in force; None if none ever was."""
    return _first(connection, select(_APPLIED))


def at(connection: Connection, at_us: int) -> AppliedSet | None:
    """Return the set that was in force at a time; None if none was yet."""
    return _first(connection, select(_APPLIED).where(_APPLIED.c.applied_at <= at_us))


def last_of(connection: Connection, version: str) -> AppliedSet | None:
    """Return when a set was last put in force; None if it never was."""
    return _first(connection, select(_APPLIED).where(_APPLIED.c.version == version))


def history(connection: Connection, limit: int = 100) -> tuple[AppliedSet, ...]:
    """Return the sets that were in force, newest first."""
    query = select(_APPLIED).order_by(_APPLIED.c.number.desc()).limit(limit)
    return tuple(_applied(row) for row in connection.execute(query).mappings())


def content(connection: Connection, version: str) -> tuple[str, _Texts] | None:
    """Return the schema and the files of a set; None if the registry has it not."""
    query = select(tables.policy_sets.c.content).filter_by(version=version)
    kept = connection.execute(query).scalar()
    if kept is None:
        return None
    read = json.loads(zlib.decompress(kept))
    return read["schema"], tuple((name, text) for name, text in read["files"])


def _first(connection: Connection, query: Select[Any]) -> AppliedSet | None:
    newest = query.order_by(_APPLIED.c.number.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    return None if row is None else _applied(row)


def _applied(row: Any) -> AppliedSet:
    return AppliedSet(row["number"], row["version"], as_time(row["applied_at"]), row["applied_by"])
