"""Reads one CSV file, from its mark and header to its last record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.ingest.reason import Reason
from ghala.ingest.source import Batch, FileRefusedError
from ghala.ingest.sources.csv_fields import Dialect, Fields
from ghala.ingest.sources.csv_header import (
    BOM,
    field_positions,
    first_terminator,
    refuse_other_encodings,
    skip_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ghala.ingest.records import Piece, Splitter
    from ghala.model.product import SourceColumn

_MANY = 100
"""So many undecodable records at the beginning of a file, and no other than ASCII decodable, condemn it."""


@dataclass(slots=True)
class CsvReader:
    """Reads one CSV file.

    The line end of the file is its first: where that is a lone CR, CR ends all records; otherwise LF or CR LF does. A
    blank line is an empty value in a file of one column, and skipped (not counted) in any other.
    """

    dialect: Dialect
    columns: Sequence[SourceColumn]
    has_header: bool
    skipped_lines: int
    _head: bytes = b""
    _splitter: Splitter | None = None
    _fields: Fields | None = None
    _is_proven: bool = False
    _unread: frozenset[str] = frozenset()

    def feed(self, block: bytes, *, is_last: bool) -> Iterator[Batch]:
        """Take the next block and yield its records."""
        if self._splitter is None or self._fields is None:
            self._head += block
            begun = self._begin(self._head, is_last=is_last)
            if begun is None:
                return
            self._splitter, self._fields = begun
            block, self._head = self._head[self._splitter.offset :], b""
        piece = self._splitter.feed(block, is_last=is_last)
        if len(piece.positions):
            self._refuse_wrong_encoding(piece)
            yield replace(self._fields.batch(piece), unread=self._unread)

    def _begin(self, head: bytes, *, is_last: bool) -> tuple[Splitter, Fields] | None:
        """Return what reads on from the first record, once the header is known; None until enough has come."""
        refuse_other_encodings(head, self.dialect.encoding)
        offset = len(BOM) if head.startswith(BOM) else 0
        terminator = first_terminator(head[offset:], self.dialect.quote, is_last=is_last)
        if terminator is None:
            return None
        skipped = skip_lines(head[offset:], terminator, self.skipped_lines)
        if skipped is None and not is_last:
            return None
        offset = len(head) if skipped is None else offset + skipped
        splitter = self.dialect.splitter(terminator, offset, 1 + self.skipped_lines)
        names = None
        if self.has_header:
            piece = splitter.feed(head[offset:], is_last=is_last)
            if not len(piece.positions):
                if not is_last:
                    return None
                raise FileRefusedError("the file is empty: it has no header")
            names = self.dialect.header(piece)
            end = int(piece.positions.ends[0])
            following = head.find(splitter.terminator, offset + end)
            end = len(head) if following < 0 else following + 1
            line = int(piece.positions.lines[0])
            line += head.count(splitter.terminator, offset + int(piece.positions.starts[0]), end)
            splitter = self.dialect.splitter(terminator, end, line)
        count, wanted = field_positions(self.columns, names)
        if names is not None:
            self._unread = frozenset(names) - {column.origin for column in self.columns}
        splitter.keeps_blank_lines = count == 1
        return splitter, Fields(self.dialect, count, wanted)

    def _refuse_wrong_encoding(self, piece: Piece) -> None:
        if self._is_proven:
            return
        self._is_proven = True
        wrong = sum(reason is Reason.ENCODING for reason in piece.reasons.values())
        if wrong < _MANY:
            return
        sound = piece.sound()
        if all(sound.at(row).raw.isascii() for row in range(len(sound))):
            raise FileRefusedError(
                f"the file is not {self.dialect.encoding} throughout: declare its `encoding`"
            )
