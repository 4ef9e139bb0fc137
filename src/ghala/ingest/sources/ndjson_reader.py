"""NDJSON files: one JSON object a line, numbers by their exact text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ghala.ingest.fault import Fault
from ghala.ingest.reason import MESSAGES, Reason
from ghala.ingest.records import Splitter
from ghala.ingest.source import Batch, FileRefusedError
from ghala.ingest.sources.csv_header import BOM, refuse_other_encodings
from ghala.ingest.text import text_type
from ghala.model.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.model.product import SourceColumn
    from ghala.model.types import DataType


class _Number(str):
    """A JSON number as it is written."""

    __slots__ = ()


class _FaultyError(Exception):
    """One line is no row."""

    def __init__(
        self, reason: Reason, message: str | None = None, column: str | None = None
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message or MESSAGES[reason]
        self.column = column


@dataclass(slots=True)
class NdjsonReader:
    """Reads one NDJSON file; blank lines are skipped and not counted."""

    columns: tuple[SourceColumn, ...]
    nulls: frozenset[str]
    _splitter: Splitter = field(default_factory=Splitter)
    _head: bytes | None = b""
    _wanted: frozenset[str] = frozenset()
    _unread: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Know the members that columns take: by their whole path, or by what it begins with."""
        paths = [column.origin for column in self.columns]
        self._wanted = frozenset([*paths, *(path.partition(".")[0] for path in paths)])

    def feed(self, block: bytes, *, is_last: bool) -> Iterator[Batch]:
        """Take the next block and yield its lines."""
        if self._head is not None:
            head = self._head + block
            if len(head) < len(BOM) and not is_last:
                self._head = head
                return
            block, self._head = self._without_mark(head), None
        piece = self._splitter.feed(block, is_last=is_last)
        if not len(piece.positions):
            return
        # A CR is blank in JSON, so one that stands alone is the JSON parser's to judge.
        reasons = {
            row: reason
            for row, reason in piece.reasons.items()
            if reason is not Reason.CARRIAGE_RETURN
        }
        faults = [fault for fault in piece.faults() if fault.reason is not Reason.CARRIAGE_RETURN]
        kept: list[int] = []
        rows: list[list[object]] = []
        for row in range(len(piece.positions)):
            if row in reasons:
                continue
            record = piece.positions.at(row)
            try:
                rows.append(self._row(record.raw))
            except _FaultyError as error:
                faults.append(Fault(record, error.reason, error.message, error.column))
            else:
                kept.append(row)
        faults.sort(key=_number)
        arrays = [
            pa.array([row[place] for row in rows], text_type(column.type))
            for place, column in enumerate(self.columns)
        ]
        names = [f"c{place}" for place in range(len(self.columns))]
        positions = piece.positions
        if len(kept) < len(positions):
            positions = positions.take(np.array(kept, np.int64))
        rows_as_text = pa.RecordBatch.from_arrays(arrays, names)
        yield Batch(rows_as_text, positions, tuple(faults), frozenset(self._unread))
        self._unread.clear()

    def _without_mark(self, head: bytes) -> bytes:
        refuse_other_encodings(head, "utf-8")
        if b"\0" in head.partition(b"\n")[0]:
            raise FileRefusedError("the first line has NUL bytes: is it UTF-16?")
        if head.startswith(BOM):
            self._splitter.offset = len(BOM)
            return head[len(BOM) :]
        return head

    def _row(self, raw: bytes) -> list[object]:
        value = parse_object(raw)
        if not self._wanted >= value.keys():
            self._unread |= value.keys() - self._wanted
        row = []
        for column in self.columns:
            try:
                row.append(self._shaped(_at(value, column.origin), column.type))
            except _FaultyError as error:
                raise _FaultyError(error.reason, error.message, column.name) from None
            except RecursionError:
                raise _FaultyError(Reason.INVALID_JSON) from None
        return row

    def _shaped(self, value: object, data_type: DataType) -> object:
        """Return a value in the shape of its type with texts as leaves."""
        if value is None:
            return None
        match data_type.kind:
            case Kind.STRUCT:
                if not isinstance(value, dict):
                    raise _FaultyError(Reason.TYPE, "a value is not an object")
                known = {field.name: field.type for field in data_type.fields}
                if not known.keys() >= value.keys():
                    raise _FaultyError(
                        Reason.UNKNOWN_MEMBER, "an object has members that its type does not know"
                    )
                return {
                    name: self._shaped(value.get(name), member) for name, member in known.items()
                }
            case Kind.LIST:
                if not isinstance(value, list) or data_type.element is None:
                    raise _FaultyError(Reason.TYPE, "a value is not an array")
                return [self._shaped(item, data_type.element) for item in value]
            case _:
                text = value if isinstance(value, str) else json_text(value)
                if isinstance(value, str) and not isinstance(value, _Number) and text in self.nulls:
                    return None
                return _checked(str(text))


def parse_object(raw: bytes) -> dict[str, Any]:
    """Return a line's JSON object, numbers as texts of a class of their own.

    Raises:
        _FaultyError: the line is no JSON object, or names a member twice.

    >>> parse_object(b'{"a": 1.10, "b": [10000000000000000000000]}')
    {'a': '1.10', 'b': ['10000000000000000000000']}
    """
    try:
        value = _DECODER.decode(raw.decode())
    except UnicodeDecodeError:
        raise _FaultyError(Reason.ENCODING) from None
    except (ValueError, RecursionError):
        raise _FaultyError(Reason.INVALID_JSON) from None
    if not isinstance(value, dict):
        raise _FaultyError(Reason.NOT_AN_OBJECT)
    return value


def json_text(value: object) -> str:
    """Return a value as compact JSON text; numbers as they were written.

    >>> json_text(parse_object(b'{ "a": [1.50, true, null], "b": "x" }'))
    '{"a":[1.50,true,null],"b":"x"}'
    """
    match value:
        case _Number():
            return str(value)
        case dict():
            members = (f"{json_text(name)}:{json_text(item)}" for name, item in value.items())
            return "{" + ",".join(members) + "}"
        case list():
            return "[" + ",".join(map(json_text, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _FaultyError(Reason.DUPLICATE_KEY)
    return members


def _no_constant(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_constant=_no_constant,
    parse_float=_Number,
    parse_int=_Number,
)


def _at(value: dict[str, Any], path: str) -> object:
    """Return what stands at a dotted path, None where nothing does; a member with the whole path as its name wins."""
    if path in value:
        return value[path]
    found: object = value
    for name in path.split("."):
        if found is None:
            return None
        if not isinstance(found, dict):
            raise _FaultyError(Reason.TYPE, "the path leads through a value that is not an object")
        found = found.get(name)
    return found


def _checked(text: str) -> str:
    if "\0" in text:
        raise _FaultyError(Reason.NUL)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _FaultyError(Reason.ENCODING, "half of a surrogate pair is no character") from None
    return text


def _number(fault: Fault) -> int:
    return fault.record.number
