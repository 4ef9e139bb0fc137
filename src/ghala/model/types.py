"""The data types that a column can have: what Iceberg, Parquet and SQL agree on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_DECIMAL_PRECISION = 38


class Kind(StrEnum):
    """A data type without its parameters, by its SQL name; keep sorted."""

    BIGINT = "bigint"
    BLOB = "blob"
    BOOLEAN = "boolean"
    DATE = "date"
    DECIMAL = "decimal"
    DOUBLE = "double"
    INTEGER = "integer"
    LIST = "list"
    REAL = "real"
    STRUCT = "struct"
    TIME = "time"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    UUID = "uuid"
    VARCHAR = "varchar"


@dataclass(frozen=True, slots=True)
class Field:
    """One named member of a struct type."""

    name: str
    type: DataType


@dataclass(frozen=True, slots=True)
class DataType:
    """A column's type. `precision` and `scale` belong to decimals, `fields` to structs, `element` to lists."""

    kind: Kind
    precision: int = 0
    scale: int = 0
    fields: tuple[Field, ...] = ()
    element: DataType | None = None

    def __str__(self) -> str:
        """Return the type as SQL that DuckDB reads.

        >>> str(DataType(Kind.DECIMAL, 12, 2))
        'DECIMAL(12, 2)'
        >>> str(DataType(Kind.LIST, element=DataType(Kind.STRUCT, fields=(Field("a", DataType(Kind.DATE)),))))
        'STRUCT("a" DATE)[]'
        """
        match self.kind:
            case Kind.DECIMAL:
                return f"DECIMAL({self.precision}, {self.scale})"
            case Kind.LIST:
                return f"{self.element}[]"
            case Kind.STRUCT:
                members = (
                    f'"{field.name.replace(chr(34), chr(34) * 2)}" {field.type}'
                    for field in self.fields
                )
                return f"STRUCT({', '.join(members)})"
            case Kind.TIMESTAMPTZ:
                return "TIMESTAMP WITH TIME ZONE"
            case _:
                return self.kind.value.upper()


_SYNONYMS = {
    "bigint": Kind.BIGINT, "int8": Kind.BIGINT, "int64": Kind.BIGINT, "long": Kind.BIGINT,
    "blob": Kind.BLOB, "binary": Kind.BLOB, "varbinary": Kind.BLOB, "bytea": Kind.BLOB,
    "boolean": Kind.BOOLEAN, "bool": Kind.BOOLEAN,
    "date": Kind.DATE,
    "double": Kind.DOUBLE, "double precision": Kind.DOUBLE, "float8": Kind.DOUBLE,
    "integer": Kind.INTEGER, "int": Kind.INTEGER, "int4": Kind.INTEGER, "int32": Kind.INTEGER,
    "smallint": Kind.INTEGER, "tinyint": Kind.INTEGER,
    "real": Kind.REAL, "float4": Kind.REAL, "float": Kind.DOUBLE,
    "time": Kind.TIME,
    "timestamp": Kind.TIMESTAMP, "datetime": Kind.TIMESTAMP, "timestamp_ntz": Kind.TIMESTAMP,
    "timestamptz": Kind.TIMESTAMPTZ, "timestamp with time zone": Kind.TIMESTAMPTZ,
    "uuid": Kind.UUID,
    "varchar": Kind.VARCHAR, "string": Kind.VARCHAR, "text": Kind.VARCHAR, "char": Kind.VARCHAR,
}  # fmt: skip
_DECIMAL = re.compile(r"(?:decimal|numeric)(?:\s*\(\s*(\d{1,3})\s*(?:,\s*(\d{1,3})\s*)?\))?")
_LENGTH = re.compile(r"\s*\(\s*\d+\s*\)$")


def parse_type(text: str) -> DataType:
    """Read a scalar type by any of its usual SQL names; a length such as `varchar(20)` is not part of the type.

    Raises:
        ValueError: no such type, or a decimal that is impossible.

    >>> parse_type("numeric(10,2)"), parse_type("VARCHAR(20)").kind.value
    (DataType(kind=<Kind.DECIMAL: 'decimal'>, precision=10, scale=2, fields=(), element=None), 'varchar')
    """
    lowered = " ".join(text.lower().split())
    if match := _DECIMAL.fullmatch(lowered):
        precision = int(match.group(1) or 18)
        scale = int(match.group(2) or (0 if match.group(1) else 3))
        if not 1 <= precision <= MAX_DECIMAL_PRECISION or scale > precision:
            raise ValueError(
                f"`{text}`: precision is 1 to {MAX_DECIMAL_PRECISION}, scale at most the precision"
            )
        return DataType(Kind.DECIMAL, precision, scale)
    kind = _SYNONYMS.get(_LENGTH.sub("", lowered))
    if kind is None:
        raise ValueError(f"`{text}` is not a type that Ghala stores")
    return DataType(kind)
