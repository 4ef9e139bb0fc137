"""Predicates over the columns of one dataset, as a tree: what rows somebody may see. No SQL text is ever one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_NODES = 200
"""More comparisons and connections than this are no rule that anybody can check."""


class Operator(StrEnum):
    """How a column compares with a value; keep sorted by name."""

    EQUAL = "="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    NOT_EQUAL = "!="


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column against a value, written as in a contract; a NULL in the column does not hold."""

    column: str
    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A column whose value is one of these; a NULL in the column does not hold."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """A column that has no value."""

    column: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite, as in SQL: what does not hold for a NULL does not hold negated either."""

    predicate: Predicate


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these; there is at least one."""

    predicates: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these at least; there is at least one."""

    predicates: tuple[Predicate, ...]


Predicate: TypeAlias = AllOf | AnyOf | Comparison | IsNull | Not | OneOf


def columns_of(predicate: Predicate) -> Iterator[str]:
    """Yield the columns that a predicate looks at, as often as it does.

    >>> list(columns_of(AllOf((IsNull("a"), Not(Comparison("b", Operator.EQUAL, "x"))))))
    ['a', 'b']
    """
    match predicate:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from columns_of(part)
        case Not(part):
            yield from columns_of(part)
        case Comparison() | IsNull() | OneOf():
            yield predicate.column


def to_json(predicate: Predicate) -> dict[str, object]:
    """Return a predicate as JSON has it.

    >>> to_json(Not(OneOf("region", ("KE", "TZ"))))
    {'not': {'column': 'region', 'in': ['KE', 'TZ']}}
    """
    match predicate:
        case AllOf(parts):
            return {"all": [to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
        case IsNull(column):
            return {"column": column, "is": "null"}
        case OneOf(column, values):
            return {"column": column, "in": list(values)}
        case Comparison(column, operator, value):
            return {"column": column, "is": operator.value, "value": value}


def from_json(data: object) -> Predicate:
    """Return the predicate that JSON describes; values may be texts or whole numbers.

    Raises:
        ValueError: it describes none; the message says what is wrong, and shows no value.

    >>> from_json({"column": "region", "is": "=", "value": "KE"})
    Comparison(column='region', operator=<Operator.EQUAL: '='>, value='KE')
    """
    budget = [MOST_NODES]
    try:
        return _from_json(data, budget)
    except RecursionError:
        raise ValueError("the predicate is nested too deeply") from None


def _from_json(data: object, budget: list[int]) -> Predicate:
    budget[0] -= 1
    if budget[0] < 0:
        raise ValueError(f"the predicate has more than {MOST_NODES} parts")
    if not isinstance(data, dict):
        raise ValueError("a predicate is an object")  # noqa: TRY004 - what was written is wrong, not a type
    match data:
        case {"all": [_, *_] as parts, **rest} if not rest:
            return AllOf(tuple(_from_json(part, budget) for part in parts))
        case {"any": [_, *_] as parts, **rest} if not rest:
            return AnyOf(tuple(_from_json(part, budget) for part in parts))
        case {"not": part, **rest} if not rest:
            return Not(_from_json(part, budget))
        case {"column": str(column), "is": "null", **rest} if not rest:
            return IsNull(column)
        case {"column": str(column), "in": [_, *_] as values, **rest} if not rest:
            return OneOf(column, tuple(map(_text, values)))
        case {"column": str(column), "is": str(sign), "value": value, **rest} if not rest:
            if sign not in set(Operator):
                raise ValueError(f"`is` must be one of {', '.join(Operator)}, null")
            return Comparison(column, Operator(sign), _text(value))
    raise ValueError(
        "a predicate is `all` or `any` with a list that is not empty, `not`, or a `column` with `is` or `in`"
    )


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("a value is a text or a whole number; write others as text")
