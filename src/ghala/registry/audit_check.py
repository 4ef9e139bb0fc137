"""Is every entry of every chain as it was written? Entries are hashed as they lie in the database, block by block."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import String, cast, func, select, type_coerce

from ghala.model.audit_record import AuditFault, Mark
from ghala.registry import tables
from ghala.registry.audit_form import BEFORE_CHAINS, first_hash, old_hash_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    # Its chain, its number, its hash, the hash before it, and whether its hash fits it.
    _Entry = tuple[int, int, bytes, bytes, bool]

_audit, _chains = tables.audit.c, tables.audit_chains.c
_BLOCK = 5000
_ENTRY_END = "\x1e"
"""Stands in no entry: a block that has more of them than entries was tampered with, and is read row by row."""
_HASH_LENGTH = 64
_OLD_VALUES = ("at", "tag", "principal", "purpose", "objects", "detail")
_SAYS_LIST = "the registry's list of chains"


@dataclass(slots=True)
class EntriesChecked:
    """How many entries and chains there are, and the first fault of each chain."""

    entries: int = 0
    chains: int = 0
    faults: list[AuditFault] = field(default_factory=list)


def check_entries(
    connection: Connection, marks: Mapping[int, Sequence[Mark]] | None = None
) -> EntriesChecked:
    """Check every chain from its first entry to its last.

    Args:
        connection: sees one state of the registry.
        marks: what checkpoints and anchors say of entries, by chain.
    """
    heads = {
        int(row.chain): Mark(int(row.number), str(row.sha256), _SAYS_LIST)
        for row in connection.execute(select(_chains.chain, _chains.number, _chains.sha256))
    }
    marks = marks or {}
    there = set(connection.execute(select(_audit.chain).distinct()).scalars())
    known = there | heads.keys() | marks.keys()
    # A chain's number is that of the newest before it and one.
    chains = sorted(known | set(range(1, max(known, default=0))))
    checked = EntriesChecked(chains=len(chains))
    for chain, entries in _read(connection, chains, heads):
        walk = _Walk(chain, heads.get(chain), marks.get(chain, ()))
        fault = walk.all_of(entries)
        checked.entries += walk.number
        if fault is not None:
            checked.faults.append(fault)
    return checked


class _Walk:
    """Goes along one chain: `number` is the last entry that is sound, `vouched` the last one that others know too."""

    def __init__(self, chain: int, head: Mark | None, marks: Sequence[Mark]) -> None:
        self.chain = chain
        self.number = self.vouched = 0
        self._head = head
        self._is_known = head is not None or bool(marks)
        self._said = deque(
            sorted([*marks, *([head] if head else [])], key=lambda mark: mark.number)
        )
        self._previous = first_hash(chain).encode()

    def all_of(self, entries: Iterable[_Entry]) -> AuditFault | None:
        """Return the first fault of the chain, None if it holds."""
        if fault := self._compare():
            return fault
        for entry in entries:
            if fault := self._step(entry):
                return fault
        return self._end()

    def _step(self, entry: _Entry) -> AuditFault | None:
        _, number, kept, before, is_sound = entry
        wanted = self.number + 1
        if number > wanted:
            return self._fault(wanted, "is missing")
        if number < wanted:
            return self._fault(number, "has no place in its chain")
        if not is_sound:
            return self._fault(number, "was changed")
        if before != self._previous:
            return self._fault(number, "does not follow from the one before it")
        self._previous = kept
        self.number = number
        return self._compare()

    def _compare(self) -> AuditFault | None:
        """Return what is wrong if somebody knows this entry with another hash: it or one before was written anew."""
        has_fit = False
        while self._said and self._said[0].number <= self.number:
            said = self._said.popleft()
            has_fit = said.sha256.encode() == self._previous and said.number == self.number
            if not has_fit:
                count = self.number - self.vouched
                words = f"was rewritten: {said.said_by} has another hash"
                if count > 1:
                    words = f"or one of the {count - 1} after it {words} of entry {self.number}"
                return self._fault(self.vouched + 1, words)
        if has_fit:
            # All who say something of this entry agree.
            self.vouched = self.number
        return None

    def _end(self) -> AuditFault | None:
        if self._said:
            said = self._said[0]
            return self._fault(
                self.number + 1, f"is missing: {said.said_by} has entry {said.number}"
            )
        if not self._is_known and not self.number:
            return self._fault(1, "is missing, with all of its chain")
        known = self._head.number if self._head else 0
        if self._head is None or known < self.number:
            return self._fault(known + 1, f"is not on {_SAYS_LIST}")
        return None

    def _fault(self, number: int, message: str) -> AuditFault:
        return AuditFault(self.chain, number, message)


def _read(
    connection: Connection, chains: Sequence[int], heads: Mapping[int, Mark]
) -> Iterator[tuple[int, Iterable[_Entry]]]:
    """Yield each chain with its entries in order; short chains are read together, a long one in blocks."""
    short: list[int] = []
    size = 0
    for chain in chains:
        count = heads[chain].number if chain in heads else 0
        is_long = count > _BLOCK or chain == BEFORE_CHAINS
        if is_long or size + count > _BLOCK:
            yield from _together(connection, short)
            short, size = [], 0
        if is_long:
            yield chain, _entries(connection, chain)
        else:
            short.append(chain)
            size += count
    yield from _together(connection, short)


def _together(
    connection: Connection, chains: Sequence[int]
) -> Iterator[tuple[int, Iterable[_Entry]]]:
    if not chains:
        return
    found: dict[int, list[_Entry]] = {chain: [] for chain in chains}
    for entry in _block(connection, _audit.chain.between(chains[0], chains[-1])):
        found[entry[0]].append(entry)
    yield from found.items()


def _entries(connection: Connection, chain: int) -> Iterator[_Entry]:
    """Yield each entry of a chain."""
    block_of = _old_block if chain == BEFORE_CHAINS else _block
    next_number = select(func.min(_audit.number)).where(_audit.chain == chain)
    begin = connection.execute(next_number).scalar()
    while begin is not None:
        # A range, not a limit: it is read by the key, whatever a database thinks how many there are.
        within = _audit.number.between(begin, begin + _BLOCK - 1)
        yield from block_of(connection, _audit.chain == chain, within)
        begin = connection.execute(next_number.where(_audit.number >= begin + _BLOCK)).scalar()


def _block(connection: Connection, *within: ColumnElement[bool]) -> list[_Entry]:
    rows = select(_line().label("line")).where(*within)
    lines = rows.subquery()
    # One value for many entries: a driver takes longer for a row than all of the rest.
    text, count = connection.execute(
        select(func.aggregate_strings(lines.c.line, _ENTRY_END), func.count())
    ).one()
    if not count:
        return []
    entries = text.encode("utf-8", "replace").split(_ENTRY_END.encode())
    if len(entries) != count:
        entries = [row.encode("utf-8", "replace") for row in connection.execute(rows).scalars()]
    found = []
    for entry in entries:
        chain, number, kept, hashed = entry.split(b"\n", 3)
        is_sound = sha256(hashed).hexdigest().encode() == kept
        found.append((int(chain), int(number), kept, hashed[:_HASH_LENGTH], is_sound))
    # No database promises the order in which it joins texts.
    found.sort()
    return found


def _line() -> ColumnElement[str]:
    """Return an entry as one text: its chain, its number, its hash, and what was hashed, each on a line."""
    line: ColumnElement[str] = cast(_audit.chain, String)
    for column in (
        cast(_audit.number, String),
        _audit.sha256,
        _audit.previous_sha256,
        cast(_audit.at, String),
        _audit.tag,
        _audit.principal,
        _audit.purpose,
        _audit.read_id,
        type_coerce(_audit.objects, String),
        type_coerce(_audit.detail, String),
    ):
        line = line + "\n" + column
    return line


def _old_block(connection: Connection, *within: ColumnElement[bool]) -> list[_Entry]:
    """Return entries from before there were chains: their hash covers the read's id as a part of the detail."""
    query = select(tables.audit).where(*within).order_by(_audit.number)
    found = []
    for row in connection.execute(query):
        kept, previous = str(row.sha256).encode(), str(row.previous_sha256).encode()
        values = {name: getattr(row, name) for name in _OLD_VALUES}
        is_sound = row.read_id == str(row.detail.get("read_id", "")) and (
            old_hash_of(row.previous_sha256, values) == row.sha256
        )
        found.append((int(row.chain), int(row.number), kept, previous, is_sound))
    return found
