"""The fields of CSV records: a fast parser for all that is plain, a slow and exact one for the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ghala.ingest.fault import Fault
from ghala.ingest.reason import MESSAGES, Reason
from ghala.ingest.records import CR, LF, Piece, Positions, Splitter
from ghala.ingest.source import Batch, FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Dialect:
    r"""How a CSV file separates and quotes.

    `escape` is None where a quote is written twice inside quotes; else it takes the meaning of the next character.

    >>> Dialect().split(b'1,"a ""b"", c",')
    ['1', 'a "b", c', '']
    >>> Dialect(escape="\\").split(b'1,"a \\"b"')
    ['1', 'a "b']
    >>> Dialect().split(b'1,"a" b')
    """

    delimiter: str = ","
    quote: str | None = '"'
    escape: str | None = None
    encoding: str = "utf-8"
    nulls: tuple[str, ...] = ("",)
    is_trimmed: bool = False

    def splitter(self, terminator: bytes, offset: int, line: int) -> Splitter:
        """Return what cuts records of this dialect, from a place in a file on."""
        return Splitter(
            delimiter=ord(self.delimiter),
            quote=ord(self.quote) if self.quote else None,
            escape=ord(self.escape) if self.escape else None,
            terminator=CR if terminator == b"\r" else LF,
            encoding=self.encoding,
            offset=offset,
            line=line,
        )

    def split(self, raw: bytes) -> list[str] | None:
        """Return the fields of one record; None if its quotes are malformed."""
        text = raw.decode(self.encoding)
        if self.quote is None or self.quote not in text:
            return text.split(self.delimiter)
        fields: list[str] = []
        position = 0
        while True:
            match = self._field.match(text, position)
            if match is None:
                return None
            quoted = match.group(1)
            fields.append(match.group(2) if quoted is None else self._unquoted(quoted))
            position = match.end()
            if not match.group(3):
                return fields if position == len(text) else None

    def header(self, piece: Piece) -> list[str]:
        """Return the names in the first record of a file.

        Raises:
            FileRefusedError: that record cannot be read.
        """
        if reason := piece.reasons.get(0):
            why = " (is it UTF-16, or another `encoding`?)"
            is_encoding = reason in {Reason.NUL, Reason.ENCODING}
            raise FileRefusedError(
                f"the header cannot be read: {MESSAGES[reason]}" + why * is_encoding
            )
        names = self.split(piece.positions.at(0).raw)
        if names is None:
            raise FileRefusedError("the header cannot be read: its quotes are malformed")
        return [name.strip() for name in names] if self.is_trimmed else names

    @cached_property
    def _field(self) -> re.Pattern[str]:
        quote, delimiter = re.escape(self.quote or ""), re.escape(self.delimiter)
        if self.escape is None:
            inside = f"(?:[^{quote}]|{quote}{quote})*"
        else:
            escape = re.escape(self.escape)
            inside = f"(?:[^{quote}{escape}]|{escape}.)*"
        return re.compile(
            f"(?:{quote}({inside}){quote}|([^{quote}{delimiter}]*))({delimiter}|\\Z)", re.DOTALL
        )

    def _unquoted(self, text: str) -> str:
        if self.escape is None:
            quote = self.quote or ""
            return text.replace(quote * 2, quote)
        return re.sub(re.escape(self.escape) + "(.)", r"\1", text, flags=re.DOTALL)


@dataclass(frozen=True)
class Fields:
    """Parses records of `count` fields, of which `wanted` are kept, in that order."""

    dialect: Dialect
    count: int
    wanted: tuple[int, ...]

    def batch(self, piece: Piece) -> Batch:
        """Return a piece's records as rows of text; those with another number of fields join the faults."""
        faults = piece.faults()
        rows = np.ones(len(piece.positions), np.bool_)
        rows[list(piece.reasons)] = False
        parsed = None
        # The fast parser knows escapes outside quotes too, and doubled quotes only without them.
        if self.dialect.escape is None or not len(piece.quotes):
            parsed, is_ragged = self._parse(piece, rows)
            if is_ragged:
                ragged = self._ragged(piece, rows)
                rows[[row for row, _ in ragged]] = False
                faults += [self._field_count(piece.positions.at(row), n) for row, n in ragged]
                parsed, is_ragged = self._parse(piece, rows)
            if is_ragged or len(parsed) != int(rows.sum()):
                parsed = None
        if parsed is None:
            parsed = self._by_hand(piece.positions, rows, faults)
        faults.sort(key=_number)
        texts = [self._nulled(parsed[str(place)]) for place in self.wanted]
        names = [f"c{index}" for index in range(len(texts))]
        positions = piece.positions if rows.all() else piece.positions.take(rows)
        return Batch(pa.RecordBatch.from_arrays(texts, names), positions, tuple(faults))

    @cached_property
    def _options(self) -> tuple[Any, Any, Sequence[str]]:
        names = [str(place) for place in range(self.count)]
        kept = sorted({str(place) for place in self.wanted})
        read = csv.ReadOptions(use_threads=False, column_names=names)
        convert = csv.ConvertOptions(
            check_utf8=False,  # the splitter did
            column_types=dict.fromkeys(kept, pa.string()),
            include_columns=kept,
            null_values=list(self.dialect.nulls),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        )
        return read, convert, kept

    def _parse(self, piece: Piece, rows: NDArray[np.bool_]) -> tuple[pa.Table, bool]:
        """Return the rows by the fast parser, and whether it met records with a wrong number of fields."""
        read, convert, kept = self._options
        content = _content(piece.positions, rows)
        if self.dialect.encoding != "utf-8":
            content = bytes(content).decode(self.dialect.encoding).encode()
        if not len(content):
            return _nothing(kept), False
        is_ragged = False

        def note(_: Any) -> str:
            nonlocal is_ragged
            is_ragged = True
            return "skip"

        read.block_size = len(content) + 1
        parse = csv.ParseOptions(
            delimiter=self.dialect.delimiter,
            quote_char=self.dialect.quote or False,
            newlines_in_values=bool(len(piece.quotes)),
            ignore_empty_lines=self.count > 1,
            invalid_row_handler=note,
        )
        try:
            table = csv.read_csv(
                pa.py_buffer(content),
                read_options=read,
                parse_options=parse,
                convert_options=convert,
            )
        except pa.ArrowInvalid:
            # Whatever it could not take, the exact parser can, or says why not.
            return _nothing(kept), False
        return table, is_ragged

    def _ragged(self, piece: Piece, rows: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Return the rows that have another number of fields, with that number."""
        positions = piece.positions
        view = np.frombuffer(positions.data, np.uint8)
        delimiters = np.flatnonzero(view == ord(self.dialect.delimiter))
        if len(piece.quotes):
            delimiters = delimiters[np.searchsorted(piece.quotes, delimiters) % 2 == 0]
        counts = np.searchsorted(delimiters, positions.ends)
        counts = counts - np.searchsorted(delimiters, positions.starts) + 1
        found = np.flatnonzero(rows & (counts != self.count))
        return [(row, int(counts[row])) for row in found.tolist()]

    def _by_hand(
        self, positions: Positions, rows: NDArray[np.bool_], faults: list[Fault]
    ) -> pa.Table:
        """Return the rows by the exact parser; `rows` and `faults` learn what it does not take."""
        values: list[list[str | None]] = [[] for _ in range(self.count)]
        nulls = set(self.dialect.nulls)
        for row in np.flatnonzero(rows).tolist():
            record = positions.at(row)
            fields = self.dialect.split(record.raw)
            if fields is None or len(fields) != self.count:
                rows[row] = False
                reason = Reason.QUOTE_IN_FIELD
                fault = Fault(record, reason, MESSAGES[reason])
                faults.append(fault if fields is None else self._field_count(record, len(fields)))
                continue
            for column, text in zip(values, fields, strict=True):
                column.append(None if text in nulls else text)
        return pa.table(
            {str(place): pa.array(values[place], pa.string()) for place in {*self.wanted}}
        )

    def _field_count(self, record: Any, count: int) -> Fault:
        message = f"the record has {count} fields, its header {self.count}"
        return Fault(record, Reason.FIELD_COUNT, message)

    def _nulled(self, column: pa.ChunkedArray) -> pa.Array:
        texts = (
            column.chunk(0)
            if column.num_chunks == 1
            else pa.concat_arrays([_EMPTY, *column.chunks])
        )
        if not self.dialect.is_trimmed:
            return texts
        trimmed = pc.utf8_trim(texts, characters=" \t")
        is_null = pc.is_in(trimmed, value_set=pa.array(self.dialect.nulls, pa.string()))
        return pc.if_else(is_null, pa.scalar(None, pa.string()), trimmed)


def _content(positions: Positions, rows: NDArray[np.bool_]) -> Collection[int]:
    """Return the bytes of some records with their line ends, without copying where all are wanted."""
    if not len(positions):
        return b""
    data, starts = positions.data, positions.starts
    last = int(positions.ends[-1])
    # With its line end, which an empty last record consists of.
    end = last + next((n for n in (2, 1) if data[last : last + n] in _LINE_ENDS), 0)
    if rows.all():
        return memoryview(data)[int(starts[0]) : end]
    edges = np.flatnonzero(np.diff(np.concatenate(([0], rows.view(np.int8), [0]))))
    bounds = np.append(starts, end)
    pairs = zip(bounds[edges[0::2]].tolist(), bounds[edges[1::2]].tolist(), strict=True)
    return b"".join(data[begin:stop] for begin, stop in pairs)


_LINE_ENDS = (b"\r\n", b"\n", b"\r")


# Not `pa.array`: that imports pandas, which takes a second and 40 MB of every server.
_EMPTY = pa.nulls(0, pa.string())


def _nothing(names: Sequence[str]) -> pa.Table:
    return pa.table(dict.fromkeys(names, _EMPTY))


def _number(fault: Fault) -> int:
    return fault.record.number
