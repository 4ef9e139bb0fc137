"""Engine types, as text, as the types that Ghala stores."""

from __future__ import annotations

from sqlglot import exp

from ghala.model.types import DataType, Field, Kind

_T = exp.DataType.Type
_PLAIN: dict[exp.DType, DataType] = {
    _T.BIGINT: DataType(Kind.BIGINT),
    _T.UINT: DataType(Kind.BIGINT),
    _T.INT: DataType(Kind.INTEGER),
    _T.SMALLINT: DataType(Kind.INTEGER),
    _T.TINYINT: DataType(Kind.INTEGER),
    _T.USMALLINT: DataType(Kind.INTEGER),
    _T.UTINYINT: DataType(Kind.INTEGER),
    _T.UBIGINT: DataType(Kind.DECIMAL, 20, 0),
    _T.INT128: DataType(Kind.DECIMAL, 38, 0),
    _T.UINT128: DataType(Kind.DECIMAL, 38, 0),
    _T.VARBINARY: DataType(Kind.BLOB),
    _T.BOOLEAN: DataType(Kind.BOOLEAN),
    _T.DATE: DataType(Kind.DATE),
    _T.DOUBLE: DataType(Kind.DOUBLE),
    _T.FLOAT: DataType(Kind.REAL),
    _T.TIME: DataType(Kind.TIME),
    _T.TIMESTAMP: DataType(Kind.TIMESTAMP),
    _T.TIMESTAMPNTZ: DataType(Kind.TIMESTAMP),
    _T.TIMESTAMP_S: DataType(Kind.TIMESTAMP),
    _T.TIMESTAMP_MS: DataType(Kind.TIMESTAMP),
    _T.TIMESTAMP_NS: DataType(Kind.TIMESTAMP),
    _T.TIMESTAMPTZ: DataType(Kind.TIMESTAMPTZ),
    _T.UUID: DataType(Kind.UUID),
    _T.TEXT: DataType(Kind.VARCHAR),
    _T.VARCHAR: DataType(Kind.VARCHAR),
    _T.JSON: DataType(Kind.VARCHAR),
    _T.ENUM: DataType(Kind.VARCHAR),
    _T.NULL: DataType(Kind.VARCHAR),
}


def from_engine(text: str) -> DataType:
    """Return the stored type for a type as the engine names it.

    Raises:
        ValueError: there is none, as for intervals and maps.

    >>> str(from_engine("STRUCT(a BIGINT, b DECIMAL(10,2)[])"))
    'STRUCT("a" BIGINT, "b" DECIMAL(10, 2)[])'
    >>> str(from_engine("HUGEINT"))
    'DECIMAL(38, 0)'
    """
    if text.startswith("ENUM("):
        return DataType(Kind.VARCHAR)
    if text == '"NULL"':
        return DataType(Kind.VARCHAR)
    return _from_tree(exp.DataType.build(text, dialect="duckdb"), text)


def _from_tree(tree: exp.DataType, text: str) -> DataType:
    kind = tree.this
    if kind in (_T.DECIMAL, _T.BIGDECIMAL):
        precision, scale = (int(part.name) for part in tree.expressions)
        return DataType(Kind.DECIMAL, precision, scale)
    if kind in (_T.ARRAY, _T.LIST):
        return DataType(Kind.LIST, element=_from_tree(tree.expressions[0], text))
    if kind is _T.STRUCT:
        fields = tuple(
            Field(part.name, _from_tree(part.args["kind"], text)) for part in tree.expressions
        )
        return DataType(Kind.STRUCT, fields=fields)
    try:
        return _PLAIN[kind]
    except KeyError:
        raise ValueError(f"a column of type {text} cannot be stored") from None
