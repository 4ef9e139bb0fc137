"""The audit chains: each entry carries the hash of the one before it; each opened registry writes a chain of its own.

A number in a chain has no gap, and neither have the numbers of the chains: both are counted in the transaction that
writes. Entries are ordered for people by their time, then by chain and number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from ghala.registry import audit_check, tables
from ghala.registry.audit_form import CanonicalText, canonical, clean_name, first_hash, hash_of
from ghala.registry.registry import WRITER, now_us

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from ghala.model.audit import AuditEntry
    from ghala.model.audit_record import AuditFault

_chains = tables.audit_chains
# Made once: the library would compare their parts with those that it knows, entry by entry.
_HEAD = select(_chains.c.chain, _chains.c.number, _chains.c.sha256).where(
    _chains.c.writer == bindparam("of_writer")
)
_ADD = insert(tables.audit)
_MOVE = (
    update(_chains)
    .where(_chains.c.chain == bindparam("of_chain"))
    .values(number=bindparam("last_number"), sha256=bindparam("last_sha256"))
)


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """An entry as it will be written; `names` are tag, principal, purpose and read id, `values` objects and detail."""

    names: tuple[str, str, str, str]
    values: tuple[CanonicalText, CanonicalText]

    @classmethod
    def of(cls, entry: AuditEntry) -> PreparedEntry:
        """Return an entry's form.

        Raises:
            TypeError: it has what JSON cannot say.
        """
        detail = dict(entry.detail)
        read_id = clean_name(str(detail.pop("read_id", "")))
        return cls(
            (entry.tag.value, clean_name(entry.principal), clean_name(entry.purpose), read_id),
            (CanonicalText(canonical(list(entry.objects))), CanonicalText(canonical(detail))),
        )


def append(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry in the caller's transaction: what it records and the record of it happen together or not at all."""
    append_all(connection, (entry,))


def append_all(connection: Connection, entries: Sequence[AuditEntry]) -> None:
    """Add entries in the caller's transaction, in order."""
    append_prepared(connection, [PreparedEntry.of(entry) for entry in entries])


def append_prepared(connection: Connection, entries: Sequence[PreparedEntry]) -> None:
    """Add entries whose form is known already, as `append_all` does."""
    if not entries:
        return
    chain, number, previous = _head(connection)
    rows: list[dict[str, object]] = []
    for number, entry in enumerate(entries, number + 1):  # noqa: B020 - it goes on from there
        at, names, values = now_us(), entry.names, entry.values
        sha256 = hash_of(previous, at, names, values)
        rows.append(
            {
                "chain": chain,
                "number": number,
                "at": at,
                "tag": names[0],
                "principal": names[1],
                "purpose": names[2],
                "read_id": names[3],
                "objects": values[0],
                "detail": values[1],
                "previous_sha256": previous,
                "sha256": sha256,
            }
        )
        previous = sha256
    connection.execute(_ADD, rows)
    connection.execute(_MOVE, {"of_chain": chain, "last_number": number, "last_sha256": previous})


def first_break(connection: Connection) -> AuditFault | None:
    """Return the first entry that is not as it was written; None when every chain holds."""
    return next(iter(audit_check.check_entries(connection).faults), None)


def _head(connection: Connection) -> tuple[int, int, str]:
    """Return the chain of this registry's writer, and its last entry; begin it if there is none."""
    writer = str(connection.get_execution_options()[WRITER])
    found = connection.execute(_HEAD, {"of_writer": writer}).first()
    if found is not None:
        return int(found.chain), int(found.number), str(found.sha256)
    # Nobody else writes now. Chain 0 holds what was there before there were chains.
    newest = connection.execute(select(func.max(_chains.c.chain))).scalar() or 0
    chain, first = int(newest) + 1, first_hash(int(newest) + 1)
    connection.execute(
        insert(_chains).values(
            chain=chain, writer=writer, begun_at=now_us(), number=0, sha256=first, signed_number=0
        )
    )
    return chain, 0, first
