"""Signed checkpoints over all audit chains: each names the heads that moved since the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from ghala.model.audit_record import ChainHead, Checkpoint
from ghala.registry import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

_chains, _checkpoints = tables.audit_chains.c, tables.audit_checkpoints.c


def heads(connection: Connection, *, unsigned: bool = False) -> tuple[ChainHead, ...]:
    """Return the last entry of each chain; or of those that no checkpoint has signed, one for each chain."""
    query = select(_chains.chain, _chains.number, _chains.sha256).order_by(_chains.chain)
    if unsigned:
        query = query.where(_chains.number > _chains.signed_number)
    return tuple(
        ChainHead(int(row.chain), int(row.number), str(row.sha256))
        for row in connection.execute(query)
    )


def count_entries(connection: Connection) -> int:
    """Return how many entries all chains have, as their heads say."""
    return int(connection.execute(select(func.coalesce(func.sum(_chains.number), 0))).scalar_one())


def newest(connection: Connection) -> Checkpoint | None:
    """Return the last checkpoint, None if there is none."""
    query = select(tables.audit_checkpoints).order_by(_checkpoints.number.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else Checkpoint(*row)


def all_checkpoints(connection: Connection) -> tuple[Checkpoint, ...]:
    """Return every checkpoint, the first one first."""
    query = select(tables.audit_checkpoints).order_by(_checkpoints.number)
    return tuple(Checkpoint(*row) for row in connection.execute(query))


def add(connection: Connection, checkpoint: Checkpoint) -> None:
    """Keep a checkpoint that was made in this transaction, and remember how far it signed each chain."""
    connection.execute(
        insert(tables.audit_checkpoints).values(
            number=checkpoint.number,
            body=checkpoint.body,
            sha256=checkpoint.sha256,
            public_key=checkpoint.public_key,
            signature=checkpoint.signature,
        )
    )
    connection.execute(
        update(tables.audit_chains)
        .where(_chains.number > _chains.signed_number)
        .values(signed_number=_chains.number)
    )
