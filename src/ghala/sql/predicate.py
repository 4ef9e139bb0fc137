"""Row predicates as SQL: a tree to a tree, every name quoted, every value a literal of its column's type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.predicate import AllOf, AnyOf, Comparison, IsNull, Not, OneOf, Operator
from ghala.model.types import Kind
from ghala.sql.scan import as_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.predicate import Predicate
    from ghala.model.types import DataType

_SIGNS: dict[Operator, type[exp.Binary]] = {
    Operator.EQUAL: exp.EQ,
    Operator.GREATER: exp.GT,
    Operator.GREATER_OR_EQUAL: exp.GTE,
    Operator.LESS: exp.LT,
    Operator.LESS_OR_EQUAL: exp.LTE,
    Operator.NOT_EQUAL: exp.NEQ,
}


def condition(predicate: Predicate, types: Mapping[str, DataType]) -> exp.Expr:
    r"""Return a predicate over columns of these types as a condition.

    A value that is none of its column's type compares as NULL does: the row does not hold.

    Raises:
        ValueError: it names a column that is not there, or one that compares with nothing.

    >>> from ghala.model.types import parse_type
    >>> rule = AllOf((OneOf("region", ("KE", "TZ")), Not(IsNull("paid"))))
    >>> types = {"region": parse_type("varchar"), "paid": parse_type("date")}
    >>> condition(rule, types).sql(dialect="duckdb")
    '"region" IN (TRY_CAST(\'KE\' AS TEXT), TRY_CAST(\'TZ\' AS TEXT)) AND NOT "paid" IS NULL'
    """
    match predicate:
        case AllOf(parts):
            return exp.and_(*(condition(part, types) for part in parts), copy=False)
        case AnyOf(parts):
            return exp.or_(*(condition(part, types) for part in parts), copy=False)
        case Not(part):
            return exp.not_(condition(part, types), copy=False)
        case IsNull(name):
            _typed(name, types)
            return exp.Is(this=exp.column(name, quoted=True), expression=exp.null())
        case OneOf(name, values):
            kind = _comparable(name, types)
            literals = [_literal(value, kind) for value in values]
            return exp.In(this=exp.column(name, quoted=True), expressions=literals)
        case Comparison(name, operator, value):
            kind = _comparable(name, types)
            column = exp.column(name, quoted=True)
            return _SIGNS[operator](this=column, expression=_literal(value, kind))


def _typed(name: str, types: Mapping[str, DataType]) -> DataType:
    if name not in types:
        raise ValueError("a row predicate names a column that is not there")
    return types[name]


def _comparable(name: str, types: Mapping[str, DataType]) -> DataType:
    found = _typed(name, types)
    if found.kind in {Kind.BLOB, Kind.LIST, Kind.STRUCT}:
        raise ValueError(f"a row predicate compares a column of type {found.kind}")
    return found


def _literal(value: str, data_type: DataType) -> exp.Expr:
    return exp.TryCast(this=exp.Literal.string(value), to=as_type(data_type))
