"""Answers as bytes: one writer a format, each a stream from record batches to a file."""

from __future__ import annotations

import json
import shutil
from io import StringIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa

from ghala.cli.plain import plain
from ghala.cli.table import cell_text, lay_out, lines, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SAMPLE_ROWS = 1_000
"""The table's column widths are decided from so many rows; a terminal gets no more than these."""
TERMINAL_ROWS = 200


def write(
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    form: str,
    stream: BinaryIO,
    *,
    is_terminal: bool,
) -> Iterator[str]:
    """Write an answer and yield what the reader should know about it; consume the iterator to its end."""
    match form:
        case "arrow":
            _write_arrow(schema, batches, stream)
        case "csv":
            _write_csv(schema, batches, stream)
        case "json":
            _write_json(schema, batches, stream)
        case "ndjson":
            _write_ndjson(schema, batches, stream)
        case "parquet":
            _write_parquet(schema, batches, stream)
        case _:
            yield from _write_table(schema, batches, stream, is_terminal=is_terminal)


def _write_arrow(schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO) -> None:
    with pa.ipc.new_stream(stream, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def _write_parquet(schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO) -> None:
    from pyarrow import parquet  # noqa: PLC0415 - only this format needs it

    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


def _write_csv(schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO) -> None:
    from pyarrow import csv  # noqa: PLC0415 - only this format needs it

    is_flat = [_is_flat(field.type) for field in schema]
    names = [
        pa.field(field.name, field.type if flat else pa.string())
        for field, flat in zip(schema, is_flat, strict=True)
    ]
    target = pa.schema(names)
    stream.write(_csv_header(schema.names))
    # Arrow's own header would stand in quotes; without any column there is nothing that it could write.
    options = csv.WriteOptions(include_header=False)
    with csv.CSVWriter(stream, target, write_options=options) as writer:
        for batch in batches:
            columns = [
                column
                if flat
                else pa.array((_text(value) for value in values(column)), pa.string())
                for column, flat in zip(batch.columns, is_flat, strict=True)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=target))


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
    for row in _rows(batches):
        record = {name: plain(value) for name, value in zip(names, row, strict=True)}
        yield json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _write_table(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO, *, is_terminal: bool
) -> Iterator[str]:
    names = [cell_text(name) for name in schema.names]
    right = [_is_number(field.type) for field in schema]
    rows = ([cell_text(_text(value)) for value in row] for row in _rows(batches))
    sample = list(islice(rows, TERMINAL_ROWS if is_terminal else SAMPLE_ROWS))
    layout = lay_out(
        names, sample, right, shutil.get_terminal_size().columns if is_terminal else None
    )
    shown = sample if is_terminal else chain(sample, rows)
    text = chain(lines(layout, [names]), [rule(layout)], lines(layout, shown))
    stream.writelines(line.encode("utf-8", "replace") + b"\n" for line in text)
    if layout.hidden:
        yield f"{len(layout.widths)} of {len(names)} columns fit; another `--format` shows all"
    if is_terminal and next(rows, None) is not None:
        yield f"the first {len(sample)} rows; another `--format` shows all"


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[Sequence[Any]]:
    for batch in batches:
        if batch.num_columns:
            yield from zip(*(values(column) for column in batch.columns), strict=True)


def values(column: pa.Array) -> list[Any]:
    """Return a column's Python values; dates and times beyond Python's years come as their text."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return list(column.cast(pa.string()).to_pylist())


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


def _text(value: Any) -> str | None:
    """Return a value as one text, None for NULL; what has parts becomes JSON."""
    simple = plain(value)
    if simple is None or isinstance(simple, str):
        return simple
    return json.dumps(simple, ensure_ascii=False)


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _is_flat(kind: pa.DataType) -> bool:
    """Whether Arrow's own CSV writer prints the type as it should stand there."""
    return bool(
        pa.types.is_boolean(kind)
        or _is_number(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_date(kind)
        or pa.types.is_null(kind)
    )
