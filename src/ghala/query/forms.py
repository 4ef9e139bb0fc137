"""Answers as bytes for programs: one writer a format, each a stream from record batches to a file."""

from __future__ import annotations

import json
import re
from io import StringIO
from math import isfinite
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa

from ghala.model.form import Form
from ghala.model.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_FORMULA = r"^[=+\-@\t\r]"
"""What a cell begins with that a spreadsheet takes for a formula."""


def write_form(
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    form: Form,
    stream: BinaryIO,
    *,
    is_guarded: bool = False,
) -> None:
    """Write an answer to its end.

    With `is_guarded`, a text of CSV that a spreadsheet would take for a formula begins with a `'`; numbers stay as they
    are.
    """
    match form:
        case Form.ARROW:
            _write_arrow(schema, batches, stream)
        case Form.CSV:
            _write_csv(schema, batches, stream, is_guarded=is_guarded)
        case Form.JSON:
            _write_json(schema, batches, stream)
        case Form.NDJSON:
            _write_ndjson(schema, batches, stream)
        case Form.PARQUET:
            _write_parquet(schema, batches, stream)


def _write_arrow(schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO) -> None:
    with pa.ipc.new_stream(stream, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def _write_parquet(schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO) -> None:
    from pyarrow import parquet  # noqa: PLC0415 - only this format needs it

    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


def _write_csv(
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    stream: BinaryIO,
    *,
    is_guarded: bool,
) -> None:
    from pyarrow import csv  # noqa: PLC0415 - only this format needs it

    is_flat = [_is_flat(field.type) for field in schema]
    names = [
        pa.field(field.name, field.type if flat else pa.string())
        for field, flat in zip(schema, is_flat, strict=True)
    ]
    target = pa.schema(names)
    names_shown = [guarded(name) for name in schema.names] if is_guarded else schema.names
    stream.write(_csv_header(names_shown))
    # Arrow's own header would stand in quotes; without any column there is nothing that it could write.
    options = csv.WriteOptions(include_header=False)
    with csv.CSVWriter(stream, target, write_options=options) as writer:
        for batch in batches:
            columns = [
                column
                if flat
                else pa.array((text_of(value) for value in values(column)), pa.string())
                for column, flat in zip(batch.columns, is_flat, strict=True)
            ]
            if is_guarded:
                columns = [_guarded_column(column) for column in columns]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=target))


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("Zürich")
    ("'=1+1", 'Zürich')
    """
    return re.sub(_FORMULA, r"'\g<0>", text)


def _guarded_column(column: pa.Array) -> pa.Array:
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    from pyarrow import compute as pc  # noqa: PLC0415 - only this format needs it

    return pc.replace_substring_regex(column, _FORMULA, r"'\0")


def _csv_header(names: Sequence[str]) -> bytes:
    import csv  # noqa: PLC0415 - only this format needs it

    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(names)
    return line.getvalue().encode()


def _write_json(schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO) -> None:
    separator = b"[\n"
    for line in _json_lines(schema, batches):
        stream.write(separator + line)
        separator = b",\n"
    stream.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def _write_ndjson(schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO) -> None:
    stream.writelines(line + b"\n" for line in _json_lines(schema, batches))


def _json_lines(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    names = distinct(schema.names)
    for batch in batches:
        if batch.num_columns:
            for row in zip(*map(plain_values, batch.columns), strict=True):
                record = dict(zip(names, row, strict=True))
                yield json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")


def rows_of(batches: Iterable[pa.RecordBatch]) -> Iterator[Sequence[Any]]:
    """Yield the rows as Python values; an answer without columns has none."""
    for batch in batches:
        if batch.num_columns:
            yield from zip(*(values(column) for column in batch.columns), strict=True)


def values(column: pa.Array) -> list[Any]:
    """Return a column's Python values; dates and times beyond Python's years come as their text."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return list(column.cast(pa.string()).to_pylist())


def plain_values(column: pa.Array) -> list[Any]:
    """Return a column's values as `plain` returns each of them, without looking at the kind of each.

    >>> plain_values(pa.array([1.5, None, float("nan")], pa.float64()))
    [1.5, None, 'NaN']
    """
    kind = column.type
    if _says_itself(kind):
        return list(column.to_pylist())
    found = values(column)
    if pa.types.is_floating(kind):
        return [one if one is None or isfinite(one) else plain(one) for one in found]
    if pa.types.is_decimal(kind) or pa.types.is_date(kind):
        return [None if one is None else str(one) for one in found]
    return [plain(one) for one in found]


def distinct(names: Sequence[str]) -> list[str]:
    """Return the names with a number behind each that was there before, so that no column hides another.

    >>> distinct(["id", "id", "id_2", "id"])
    ['id', 'id_2', 'id_2_2', 'id_3']
    """
    taken: set[str] = set()
    result = []
    for name in names:
        candidate, number = name, 1
        while candidate in taken:
            number += 1
            candidate = f"{name}_{number}"
        taken.add(candidate)
        result.append(candidate)
    return result


def text_of(value: Any) -> str | None:
    """Return a value as one text, None for NULL; what has parts becomes JSON."""
    simple = plain(value)
    if simple is None or isinstance(simple, str):
        return simple
    return json.dumps(simple, ensure_ascii=False)


def is_number(kind: pa.DataType) -> bool:
    """Return whether a column holds numbers."""
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _says_itself(kind: pa.DataType) -> bool:
    """Whether JSON has the type's Python values as they are."""
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_null(kind)
    )


def _is_flat(kind: pa.DataType) -> bool:
    """Whether Arrow's own CSV writer prints the type as it should stand there."""
    return bool(
        pa.types.is_boolean(kind)
        or is_number(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_date(kind)
        or pa.types.is_null(kind)
    )
