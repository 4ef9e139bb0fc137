"""Audit entries that come after a place in each chain: what was not taken yet, neither with a gap nor twice.

A chain has one writer, which counts in the transaction that writes. So whoever sees an entry sees all before it in its
chain, and the last number that was taken of each chain is all that must be remembered.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from ghala.registry import tables
from ghala.registry.audit_search import records_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection

    from ghala.model.audit_record import AuditRecord, ChainHead

_audit = tables.audit.c
_CHAINS_AT_ONCE = 200
"""Well below the least number of parameters, and of nested conditions, that a statement may have."""
_BLOCK = 1000


def has_news(
    connection: Connection,
    taken: Mapping[int, int],
    heads: Collection[ChainHead],
    *,
    apart_from: Collection[str],
) -> bool:
    """Return whether there is an entry after what was taken that is by nobody of `apart_from`."""
    for condition in _after(taken, heads):
        query = select(func.count()).where(condition, _audit.principal.not_in(apart_from))
        if connection.execute(query).scalar():
            return True
    return False


def read_after(
    connection: Connection, taken: Mapping[int, int], heads: Collection[ChainHead]
) -> Iterator[AuditRecord]:
    """Yield the entries after what was taken of each chain, up to the heads, chain by chain in order."""
    for condition in _after(taken, heads):
        query = select(tables.audit).where(condition).order_by(_audit.chain, _audit.number)
        yield from records_of(connection.execute(query).yield_per(_BLOCK))


def _after(taken: Mapping[int, int], heads: Collection[ChainHead]) -> Iterator[ColumnElement[bool]]:
    moved = iter(head for head in heads if head.number > taken.get(head.chain, 0))
    while some := list(islice(moved, _CHAINS_AT_ONCE)):
        yield or_(
            *(
                and_(
                    _audit.chain == head.chain,
                    _audit.number > taken.get(head.chain, 0),
                    _audit.number <= head.number,
                )
                for head in some
            )
        )
