"""Cuts a stream of blocks into records, with the exact place of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ghala.ingest.fault import Fault, Record
from ghala.ingest.quotes import settle
from ghala.ingest.reason import MESSAGES, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LF, CR = 10, 13
LONGEST_RECORD = 16 << 20
"""A record may have this many bytes; a longer one is quarantined."""
KEPT_OF_LONGER = 1 << 20
"""How much of a too long record the quarantine keeps; the raw copy has all of it."""


@dataclass(frozen=True, slots=True)
class Positions:
    """Where some records stand in their file: arrays of one length, and the bytes that they lie in.

    `starts` and `ends` (without the line end) count within `data`, which begins `base` bytes into the file.
    """

    data: bytes = field(repr=False)
    base: int
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    numbers: NDArray[np.int64]
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, row: int) -> Record:
        """Return the record that stands at a row."""
        start, end = int(self.starts[row]), int(self.ends[row])
        return Record(
            int(self.numbers[row]), self.base + start, int(self.lines[row]), self.data[start:end]
        )

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Positions:
        """Return some of the records, by index, mask or slice."""
        return Positions(
            self.data,
            self.base,
            self.starts[rows],
            self.ends[rows],
            self.numbers[rows],
            self.lines[rows],
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Complete records of a file, in order; `reasons` says, by row, which of them are no records of this format.

    `quotes` are the positions of the quotes that open and close well-formed fields, alternating.
    """

    positions: Positions
    reasons: Mapping[int, Reason]
    quotes: NDArray[np.int64]

    def faults(self) -> list[Fault]:
        """Return the records that `reasons` names, as faults."""
        faults = []
        for row, reason in sorted(self.reasons.items()):
            record = self.positions.at(row)
            if reason is Reason.TOO_LONG:
                raw = record.raw[:KEPT_OF_LONGER]
                record = Record(record.number, record.byte_offset, record.line, raw)
            faults.append(Fault(record, reason, MESSAGES[reason]))
        return faults

    def sound(self) -> Positions:
        """Return the records that `reasons` does not name."""
        if not self.reasons:
            return self.positions
        mask = np.ones(len(self.positions), np.bool_)
        mask[list(self.reasons)] = False
        return self.positions.take(mask)


@dataclass(slots=True)
class Splitter:
    r"""Cuts records out of a file's blocks. The state (`offset`, `line`, `number`) is that of the next record.

    Without a `quote` each line is a record. With one, line ends inside well-formed quotes (RFC 4180) belong to the
    field; a record whose quotes are malformed ends with its first physical line, and the next line is read afresh, so
    that a stray quote costs one line. A line end is LF or CR LF, or CR alone where `terminator` is CR; a line end of
    the other kind outside quotes is a fault. Blank lines are skipped and not numbered, unless `keeps_blank_lines`.

    >>> splitter = Splitter()
    >>> [splitter.feed(block, is_last=block == b"d").positions.numbers.tolist() for block in (b"a\nb", b"c\n", b"d")]
    [[1], [2], [3]]
    """

    delimiter: int = 0
    quote: int | None = None
    escape: int | None = None
    terminator: int = LF
    encoding: str = "utf-8"
    keeps_blank_lines: bool = False
    offset: int = 0
    line: int = 1
    number: int = 1
    _rest: bytes = b""
    _is_skipping: bool = False

    def feed(self, block: bytes, *, is_last: bool) -> Piece:
        """Take the next block and return the records that are complete now."""
        data = self._rest + block if self._rest else block
        if self._is_skipping:
            data = self._skip(data)
        piece, consumed = self._split(data, is_last=is_last)
        self._rest = data[consumed:]
        self.offset += consumed
        return piece

    def _skip(self, data: bytes) -> bytes:
        """Drop what is left of a record whose beginning was quarantined as too long."""
        end = data.find(self.terminator)
        self.offset += len(data) if end < 0 else end + 1
        if end < 0:
            return b""
        self._is_skipping = False
        self.line += 1
        return data[end + 1 :]

    def _split(self, data: bytes, *, is_last: bool) -> tuple[Piece, int]:
        view = np.frombuffer(data, np.uint8)
        newlines = np.flatnonzero(view == self.terminator)
        last_line = int(newlines[-1]) + 1 if len(newlines) else 0
        is_overlong = not is_last and len(data) - last_line > LONGEST_RECORD
        if last_line < len(data) and (is_last or is_overlong):
            newlines = np.append(newlines, len(data))
        ends, quotes = newlines, np.empty(0, np.int64)
        malformed: Mapping[int, Reason] = {}
        if self.quote is not None and self.quote in data:
            settled = settle(
                data,
                newlines,
                self._quotes(data, view),
                delimiter=self.delimiter,
                terminator=self.terminator,
                longest=0 if is_last else LONGEST_RECORD,
            )
            ends, quotes, malformed = settled.ends, settled.quotes, settled.reasons
        if not len(ends):
            return Piece(self._positions(data, ends, ends, ends), {}, quotes), 0
        is_cut = is_overlong and int(ends[-1]) == len(data)
        consumed = min(int(ends[-1]) + 1, len(data))
        starts = np.concatenate(([0], ends[:-1] + 1))
        is_plain = len(ends) == len(newlines)  # no line end inside a field
        lines = np.arange(len(ends)) if is_plain else np.searchsorted(newlines, starts)
        if self.terminator == LF:
            ends = ends - ((ends > starts) & (view[np.maximum(ends - 1, 0)] == CR))
        if not self.keeps_blank_lines and not (has_text := ends > starts).all():
            starts, ends, lines = starts[has_text], ends[has_text], lines[has_text]
        positions = self._positions(data, starts, ends, lines)
        # A line that was made up at the end of the buffer is not before `consumed`.
        self.line += int(np.searchsorted(newlines, consumed))
        self.number += len(starts)
        reasons = self._reasons(positions, view, quotes, consumed)
        for start, reason in malformed.items():
            row = int(np.searchsorted(starts, start))
            if reasons.get(row) is not Reason.TOO_LONG:
                reasons[row] = reason
        if is_cut:
            self._is_skipping = True
            reasons[len(starts) - 1] = Reason.TOO_LONG
        return Piece(positions, reasons, quotes), consumed

    def _positions(
        self,
        data: bytes,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        lines: NDArray[np.int64],
    ) -> Positions:
        numbers = np.arange(self.number, self.number + len(starts))
        return Positions(data, self.offset, starts, ends, numbers, lines + self.line)

    def _quotes(self, data: bytes, view: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return where the quotes are, without those that an escape character takes the meaning of."""
        found = np.flatnonzero(view == self.quote)
        if self.escape is None or self.escape not in data:
            return found
        escapes = {*np.flatnonzero(view == self.escape).tolist()}
        kept = []
        for position in found.tolist():
            before = position
            while before - 1 in escapes:
                before -= 1
            if (position - before) % 2 == 0:
                kept.append(position)
        return np.array(kept, np.int64)

    def _reasons(
        self,
        positions: Positions,
        view: NDArray[np.uint8],
        quotes: NDArray[np.int64],
        consumed: int,
    ) -> dict[int, Reason]:
        """Return which records are faulty for another cause than their quotes."""
        data = positions.data
        reasons: dict[int, Reason] = {}
        lengths = positions.ends - positions.starts
        if len(lengths) and int(lengths.max()) > LONGEST_RECORD:
            rows = np.flatnonzero(lengths > LONGEST_RECORD).tolist()
            reasons.update(dict.fromkeys(rows, Reason.TOO_LONG))
        if not data.isascii():
            rows = undecodable(positions, consumed, self.encoding)
            reasons.update(dict.fromkeys(rows, Reason.ENCODING))
        other = CR if self.terminator == LF else LF
        if other in data:
            where = np.flatnonzero(view[:consumed] == other)
            if self.terminator == LF:
                # The CR of a CR LF is a line end; one at the very end of the file is not.
                where = where[view[np.minimum(where + 1, len(view) - 1)] != LF]
            if len(quotes):
                where = where[np.searchsorted(quotes, where) % 2 == 0]
            reasons.update(dict.fromkeys(rows_at(positions, where), Reason.CARRIAGE_RETURN))
        if 0 in data:
            where = np.flatnonzero(view[:consumed] == 0)
            reasons.update(dict.fromkeys(rows_at(positions, where), Reason.NUL))
        return reasons


def rows_at(positions: Positions, where: NDArray[np.int64]) -> list[int]:
    """Return the rows of the records in which some bytes lie."""
    rows = np.searchsorted(positions.starts, where, side="right") - 1
    if not len(positions):
        return []
    # Past a record's end there may be a skipped line, which is in no record.
    is_inside = (rows >= 0) & (where <= positions.ends[np.maximum(rows, 0)])
    return sorted({*rows[is_inside].tolist()})


def undecodable(positions: Positions, consumed: int, encoding: str) -> list[int]:
    """Return the rows of the records that have bytes which are no text in that encoding."""
    rows: list[int] = []
    begin = 0
    while begin < consumed:
        try:
            positions.data[begin:consumed].decode(encoding)
        except UnicodeDecodeError as error:
            row = int(np.searchsorted(positions.starts, begin + error.start, side="right")) - 1
            rows.append(row)
            if row + 1 >= len(positions):
                break
            begin = int(positions.starts[row + 1])
        else:
            break
    return rows
