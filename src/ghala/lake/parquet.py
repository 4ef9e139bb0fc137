"""Writes typed rows as Parquet files: columns with their Iceberg field ids, durable, in the order of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ghala.lake.hashed import HashedFile, buffered
from ghala.model.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ghala.lake.files import Disk
    from ghala.model.types import DataType

ROW_GROUP_ROWS = 61_440
_ZSTD_LEVEL = 2
_SAMPLE_ROWS = 16_384
_DIGITS_OF_64_BITS = 18
_PLAIN: dict[Kind, pa.DataType] = {
    Kind.BIGINT: pa.int64(),
    Kind.BLOB: pa.binary(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DOUBLE: pa.float64(),
    Kind.INTEGER: pa.int32(),
    Kind.REAL: pa.float32(),
    Kind.TIME: pa.time64("us"),
    Kind.TIMESTAMP: pa.timestamp("us"),
    Kind.TIMESTAMPTZ: pa.timestamp("us", "UTC"),
    Kind.UUID: pa.uuid(),
    Kind.VARCHAR: pa.string(),
}
_OWN_ID = "__duckdb_field_id"


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A durable Parquet file that nothing points at; its sha256 and size are None if they were not taken on the way."""

    path: Path
    row_count: int
    fingerprint: tuple[str, int] | None = None


def arrow_type(data_type: DataType, ids: object = None) -> pa.DataType:
    """Return a type as Arrow has it; `ids` are those of its nested fields, as `lake.schema.field_ids` gives them.

    >>> from ghala.model.types import parse_type
    >>> arrow_type(parse_type("decimal(12,2)"))
    Decimal64Type(decimal64(12, 2))
    """
    nested = ids if isinstance(ids, dict) else {}
    if data_type.kind is Kind.DECIMAL:
        # Parquet keeps them as such integers, too: wider ones would be narrowed again, value by value.
        is_narrow = data_type.precision <= _DIGITS_OF_64_BITS
        decimal = pa.decimal64 if is_narrow else pa.decimal128
        return decimal(data_type.precision, data_type.scale)
    if data_type.kind is Kind.STRUCT:
        return pa.struct(
            [_field(field.name, field.type, nested.get(field.name)) for field in data_type.fields]
        )
    if data_type.kind is Kind.LIST and data_type.element is not None:
        return pa.list_(_field("element", data_type.element, nested.get("element")))
    return _PLAIN[data_type.kind]


def arrow_schema(
    columns: Sequence[tuple[str, DataType]], field_ids: Mapping[str, object] | None
) -> pa.Schema:
    """Return columns as Arrow has them, each with its Iceberg field id where there are ids."""
    return pa.schema([_field(name, kind, (field_ids or {}).get(name)) for name, kind in columns])


def write_rows(
    batches: Iterable[pa.RecordBatch], path: Path, schema: pa.Schema, disk: Disk
) -> StagedFile | None:
    """Write batches of that schema to one new zstd Parquet file.

    The file is durable when this returns. Without a row there is no file, and after an error neither.

    Raises:
        StorageError: the disk refused.
    """
    groups = _row_groups(batch for batch in batches if batch.num_rows)
    first = next(groups, None)
    if first is None:
        return None
    count = 0
    with (
        HashedFile(disk, path, is_read_again=True) as file,
        buffered(file) as stream,
        _writer(stream, schema, first) as writer,
    ):
        for group in chain([first], groups):
            writer.write_table(group, row_group_size=group.num_rows)
            count += group.num_rows
    return StagedFile(path, count, (file.sha256, file.byte_count))


def _row_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield batches in groups: written together, a column's pages are larger, and compress better."""
    group: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        group.append(batch)
        count += batch.num_rows
        if count >= ROW_GROUP_ROWS:
            yield pa.Table.from_batches(group)
            group, count = [], 0
    if group:
        yield pa.Table.from_batches(group)


def _writer(stream: Any, schema: pa.Schema, first: pa.Table) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        stream,
        schema,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        use_dictionary=list(_repetitive(first.slice(0, _SAMPLE_ROWS).combine_chunks())),
        # Iceberg's readers go by field ids; Arrow's own schema would only say it twice.
        store_schema=False,
        store_decimal_as_integer=True,
    )


def _repetitive(sample: pa.Table) -> Iterator[str]:
    """Yield the leaves for which a dictionary pays, as Parquet calls them: values come twice or more, on average."""
    for field, column in zip(sample.schema, sample.columns, strict=True):
        if pa.types.is_nested(field.type):
            yield from _leaves(field.name, field.type)
            continue
        values = column.chunk(0)
        if isinstance(values, pa.ExtensionArray):
            values = values.storage
        elif pa.types.is_decimal64(values.type):
            values = values.view(pa.int64())
        if 2 * len(values.unique()) <= len(values):
            yield field.name


def _leaves(path: str, data_type: pa.DataType) -> Iterator[str]:
    if pa.types.is_list(data_type):
        yield from _leaves(f"{path}.list.element", data_type.value_type)
    elif pa.types.is_struct(data_type):
        for field in data_type:
            yield from _leaves(f"{path}.{field.name}", field.type)
    else:
        yield path


def _field(name: str, data_type: DataType, ids: object) -> pa.Field:
    own = ids.get(_OWN_ID) if isinstance(ids, dict) else ids
    metadata = None if own is None else {"PARQUET:field_id": str(own)}
    return pa.field(name, arrow_type(data_type, ids), metadata=metadata)
