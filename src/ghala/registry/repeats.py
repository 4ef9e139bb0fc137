"""Requests that were answered, for clients that ask again because an answer got lost. Times are microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from ghala.registry import tables

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class Repeat:
    """A request that came with a key. `status` None: it has no answer that is known; `body` None: that is not kept."""

    request_sha256: str
    begun_us: int
    status: int | None = None
    media_type: str | None = None
    body: bytes | None = None


def find(connection: Connection, principal: str, key_sha256: str) -> Repeat | None:
    """Return the request that a principal sent with a key; None if there is none."""
    row = connection.execute(select(tables.repeats).where(_which(principal, key_sha256))).first()
    if row is None:
        return None
    return Repeat(row.request_sha256, row.begun_at, row.status, row.media_type, row.body)


def add(connection: Connection, principal: str, key_sha256: str, repeat: Repeat) -> None:
    """Note that a request begins."""
    connection.execute(
        insert(tables.repeats).values(
            principal=principal,
            key_sha256=key_sha256,
            request_sha256=repeat.request_sha256,
            begun_at=repeat.begun_us,
        )
    )


def answer(connection: Connection, principal: str, key_sha256: str, repeat: Repeat) -> None:
    """Keep the answer of a request."""
    connection.execute(
        update(tables.repeats)
        .where(_which(principal, key_sha256))
        .values(status=repeat.status, media_type=repeat.media_type, body=repeat.body)
    )


def forget(connection: Connection, principal: str, key_sha256: str) -> None:
    """Forget a request: it changed nothing."""
    connection.execute(delete(tables.repeats).where(_which(principal, key_sha256)))


def forget_old(connection: Connection, before_us: int) -> None:
    """Forget the requests that began before a moment."""
    connection.execute(delete(tables.repeats).where(tables.repeats.c.begun_at < before_us))


def _which(principal: str, key_sha256: str) -> ColumnElement[bool]:
    table = tables.repeats
    return (table.c.principal == principal) & (table.c.key_sha256 == key_sha256)
