"""A dataset's columns as an Iceberg schema, and how a table's schema follows its contract."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from pyiceberg import types as iceberg
from pyiceberg.schema import Schema

from ghala.model.types import DataType, Field, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ghala.model.contract import Column

_PLAIN: dict[Kind, iceberg.IcebergType] = {
    Kind.BIGINT: iceberg.LongType(),
    Kind.BLOB: iceberg.BinaryType(),
    Kind.BOOLEAN: iceberg.BooleanType(),
    Kind.DATE: iceberg.DateType(),
    Kind.DOUBLE: iceberg.DoubleType(),
    Kind.INTEGER: iceberg.IntegerType(),
    Kind.REAL: iceberg.FloatType(),
    Kind.TIME: iceberg.TimeType(),
    Kind.TIMESTAMP: iceberg.TimestampType(),
    Kind.TIMESTAMPTZ: iceberg.TimestamptzType(),
    Kind.UUID: iceberg.UUIDType(),
    Kind.VARCHAR: iceberg.StringType(),
}
_KINDS = {type(stored): kind for kind, stored in _PLAIN.items()}


@dataclass(frozen=True, slots=True)
class Evolution:
    """A table's next schema; `lost` names columns of the old one whose values the new one cannot carry on."""

    schema: Schema
    is_changed: bool
    lost: tuple[str, ...]


def first_schema(columns: Sequence[Column]) -> Schema:
    """Return the schema of a new table.

    Every field is optional: whether a value must be there is the contract's rule, checked on each release, and a
    contract may tighten it without a new table.
    """
    return evolve(None, 0, columns).schema


def evolve(
    old: Schema | None, last_column_id: int, columns: Sequence[Column], schema_id: int = 0
) -> Evolution:
    """Return the schema that follows `old` for these columns.

    A column of the same name, with a type that can hold the old values, keeps its field id; any other is a new field.
    """
    ids = count(last_column_id + 1)
    before = {} if old is None else {field.name: field for field in old.fields}
    fields, lost = [], []
    for column in columns:
        kept = before.pop(column.name, None)
        if kept is not None and _carries(kept.field_type, column.type):
            stored = (
                kept.field_type
                if as_data_type(kept.field_type) == column.type
                else as_iceberg(column.type, ids)
            )
            fields.append(iceberg.NestedField(kept.field_id, column.name, stored, required=False))
            continue
        if kept is not None:
            lost.append(column.name)
        field_id = next(ids)
        fields.append(
            iceberg.NestedField(field_id, column.name, as_iceberg(column.type, ids), required=False)
        )
    schema = Schema(*fields, schema_id=schema_id)
    return Evolution(
        schema=schema,
        is_changed=old is None or tuple(schema.fields) != tuple(old.fields),
        lost=tuple(lost),
    )


def as_iceberg(data_type: DataType, ids: count[int]) -> iceberg.IcebergType:
    """Return a type as Iceberg stores it; nested fields take their ids from `ids`."""
    match data_type:
        case DataType(kind=Kind.DECIMAL):
            return iceberg.DecimalType(data_type.precision, data_type.scale)
        case DataType(kind=Kind.LIST, element=DataType() as element):
            return iceberg.ListType(next(ids), as_iceberg(element, ids), element_required=False)
        case DataType(kind=Kind.STRUCT):
            return iceberg.StructType(
                *(
                    iceberg.NestedField(
                        next(ids), field.name, as_iceberg(field.type, ids), required=False
                    )
                    for field in data_type.fields
                )
            )
        case _:
            return _PLAIN[data_type.kind]


def as_data_type(stored: iceberg.IcebergType) -> DataType:
    """Return an Iceberg type as ours.

    Raises:
        KeyError: a type that Ghala does not store.
    """
    match stored:
        case iceberg.DecimalType():
            return DataType(Kind.DECIMAL, stored.precision, stored.scale)
        case iceberg.ListType():
            return DataType(Kind.LIST, element=as_data_type(stored.element_type))
        case iceberg.StructType():
            fields = tuple(
                Field(field.name, as_data_type(field.field_type)) for field in stored.fields
            )
            return DataType(Kind.STRUCT, fields=fields)
        case _:
            return DataType(_KINDS[type(stored)])


def field_ids(schema: Schema) -> dict[str, object]:
    """Return the ids of a schema's fields by name, nested as the engine wants them for writing Parquet."""
    return {field.name: _ids(field.field_id, field.field_type) for field in schema.fields}


def _ids(field_id: int, stored: iceberg.IcebergType) -> object:
    match stored:
        case iceberg.StructType():
            members = {
                field.name: _ids(field.field_id, field.field_type) for field in stored.fields
            }
            return {"__duckdb_field_id": field_id, **members}
        case iceberg.ListType():
            return {
                "__duckdb_field_id": field_id,
                "element": _ids(stored.element_id, stored.element_type),
            }
        case _:
            return field_id


_WIDENINGS: dict[tuple[Kind, Kind], Callable[[DataType, DataType], bool]] = {
    (Kind.INTEGER, Kind.BIGINT): lambda old, new: True,  # noqa: ARG005 - every value fits
    (Kind.REAL, Kind.DOUBLE): lambda old, new: True,  # noqa: ARG005 - every value fits
    (Kind.DECIMAL, Kind.DECIMAL): lambda old, new: (
        old.scale == new.scale and old.precision <= new.precision
    ),
}


def _carries(stored: iceberg.IcebergType, wanted: DataType) -> bool:
    """Whether values of a stored type can be read as the wanted type; these are the promotions that Iceberg allows."""
    old = as_data_type(stored)
    widens = _WIDENINGS.get((old.kind, wanted.kind))
    return old == wanted or (widens is not None and widens(old, wanted))
