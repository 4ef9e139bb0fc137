"""What can be asked for: columns that are there, rows that can be told apart, a purpose of the list, a limited time."""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from ghala.errors import Place, UsageError
from ghala.model.page import ListPlace
from ghala.model.predicate import (
    AllOf,
    AnyOf,
    Comparison,
    IsNull,
    Not,
    OneOf,
    columns_of,
    from_json,
    to_json,
)
from ghala.model.types import Kind
from ghala.spec.literal import literal_fault
from ghala.spec.node import ScalarNode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from ghala.model.contract import Dataset
    from ghala.model.predicate import Predicate
    from ghala.model.types import DataType

State = TypeVar("State", bound=StrEnum)
LONGEST_DAYS = 366
"""An agreement lasts a year at most, then somebody looks at it again."""
LONGEST_TEXT = 2_000
ALL = "*"
"""What stands for all columns: whoever wants all has to say so."""
_TRUTHS = {"true": True, "false": False}
_INCOMPARABLE = frozenset({Kind.BLOB, Kind.LIST, Kind.STRUCT})


def read_columns(dataset: Dataset, names: Collection[str]) -> frozenset[str]:
    """Return the columns of those names as the contract writes them; `*` alone is all of the dataset's.

    Raises:
        UsageError: there is no such column.
    """
    if list(names) == [ALL]:
        return frozenset(one.name for one in dataset.columns)
    return frozenset(_column(dataset, name) for name in names)


def read_rows(dataset: Dataset, data: object) -> Predicate | None:
    """Return the predicate that JSON describes, with the columns as the contract writes them; None for all rows.

    Raises:
        UsageError: it describes none, a column is not there, or a value cannot be one of its column.
    """
    if data is None:
        return None
    try:
        predicate = from_json(data)
    except ValueError as error:
        raise UsageError(
            str(error), hint='such as {"column": "region", "is": "=", "value": "KE"}'
        ) from error
    return _checked(dataset, predicate)


def read_until(until: datetime, now: datetime) -> datetime:
    """Return until when something may last.

    Raises:
        UsageError: it has no time zone, has passed, or is too far away.
    """
    if until.tzinfo is None:
        raise UsageError("the time has no time zone", hint="add `Z` or an offset")
    if until <= now:
        raise UsageError("the time has passed already", hint="choose one that is to come")
    if (until - now).days > LONGEST_DAYS:
        raise UsageError(
            f"an agreement lasts {LONGEST_DAYS} days at most", hint="it can be renewed in time"
        )
    return until


def read_text(text: str, what: str, *, name: str = "reason") -> str:
    """Return what somebody has to say about it; `name` is what it is called where it is said.

    Raises:
        UsageError: nothing is said, or too much.
    """
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise UsageError(
            f"nobody {what} without saying why",
            hint=f"say it in `{name}`, in at most {LONGEST_TEXT:,} characters",
        )
    return said


def find_state(text: str, states: type[State]) -> State:
    """Return the state of that name.

    Raises:
        UsageError: there is none.
    """
    if text not in set(states):
        raise UsageError(f"`{text[:80]}` is no such state", hint=f"use {', '.join(states)}")
    return states(text)


def read_place(after: str | None) -> ListPlace | None:
    """Return where a page begins; None is the beginning of the list.

    Raises:
        UsageError: no page ended there.
    """
    try:
        return None if after is None else ListPlace.parse(after)
    except ValueError as error:
        raise UsageError(str(error), hint="ask again from the first page") from error


def narrower(rows: Predicate | None, also: Predicate | None) -> Predicate | None:
    """Return the rows that both predicates have.

    Raises:
        UsageError: together they are more than anybody can check.

    >>> narrower(IsNull("paid"), None)
    IsNull(column='paid')
    """
    if rows is None or also is None or rows == also:
        return rows if also is None else also
    both = AllOf((rows, also))
    try:
        return from_json(to_json(both))
    except ValueError as error:
        raise UsageError(str(error), hint="make a new request with simpler rows") from error


def _column(dataset: Dataset, name: str) -> str:
    found = dataset.column(name)
    if found is None:
        close = get_close_matches(name.lower()[:100], [one.name for one in dataset.columns], 1)
        raise UsageError(
            f"{dataset.name} has no column `{name[:100]}`",
            hint=f"did you mean `{close[0]}`?" if close else f"`ghala show {dataset.name}` has all",
        )
    return found.name


def _checked(dataset: Dataset, predicate: Predicate) -> Predicate:
    for name in columns_of(predicate):
        _column(dataset, name)
    for name, values in _compared(predicate):
        data_type = _type_of(dataset, name)
        if data_type.kind in _INCOMPARABLE:
            raise UsageError(
                f"the column `{name}` compares with nothing", hint="choose another column"
            )
        for value in values:
            if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
                raise UsageError(
                    f"a value of `{name}` holds what is no character", hint="leave it out"
                )
            fault = literal_fault(_node(value, data_type), data_type)
            if fault is not None:
                raise UsageError(
                    f"a value of `{name}` {fault}", hint=f"the column is of type {data_type}"
                )
    return _renamed(dataset, predicate)


def _compared(predicate: Predicate) -> Iterator[tuple[str, tuple[str, ...]]]:
    match predicate:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _compared(part)
        case Not(part):
            yield from _compared(part)
        case OneOf(column, values):
            yield column, values
        case Comparison(column, _, value):
            yield column, (value,)
        case IsNull():
            pass


def _renamed(dataset: Dataset, predicate: Predicate) -> Predicate:
    match predicate:
        case AllOf(parts):
            return AllOf(tuple(_renamed(dataset, part) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_renamed(dataset, part) for part in parts))
        case Not(part):
            return Not(_renamed(dataset, part))
        case IsNull(column):
            return IsNull(_column(dataset, column))
        case OneOf(column, values):
            return OneOf(_column(dataset, column), values)
        case Comparison(column, operator, value):
            return Comparison(_column(dataset, column), operator, value)


def _type_of(dataset: Dataset, name: str) -> DataType:
    return next(one.type for one in dataset.columns if one.name.lower() == name.lower())


def _node(value: str, data_type: DataType) -> ScalarNode:
    is_truth = data_type.kind is Kind.BOOLEAN
    return ScalarNode(_TRUTHS.get(value, value) if is_truth else value, value, Place("rows"))
