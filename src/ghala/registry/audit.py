"""The audit chain: each entry carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ghala.registry import tables
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from ghala.model.audit import AuditEntry

FIRST = "0" * 64


def append(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry in the caller's transaction: what it records and the record of it happen together or not at all."""
    number, previous = connection.execute(
        select(tables.audit.c.number, tables.audit.c.sha256)
        .order_by(tables.audit.c.number.desc())
        .limit(1)
    ).first() or (0, FIRST)
    values = {
        "at": now_us(),
        "tag": entry.tag.value,
        "principal": entry.principal,
        "purpose": entry.purpose,
        "objects": list(entry.objects),
        "detail": dict(entry.detail),
    }
    connection.execute(
        insert(tables.audit).values(
            # Counted here: a database's own count has a gap wherever a transaction was rolled back.
            number=number + 1,
            previous_sha256=previous,
            sha256=_hash(previous, values),
            **values,
        )
    )


def first_break(connection: Connection) -> int | None:
    """Return the number of the first entry that does not follow from the one before it; None when the chain holds."""
    previous = FIRST
    for row in connection.execute(select(tables.audit).order_by(tables.audit.c.number)).mappings():
        values = {
            key: row[key] for key in ("at", "tag", "principal", "purpose", "objects", "detail")
        }
        if row["previous_sha256"] != previous or row["sha256"] != _hash(previous, values):
            return int(row["number"])
        previous = row["sha256"]
    return None


def _hash(previous: str, values: Mapping[str, object]) -> str:
    text = json.dumps([previous, values], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
