"""Rows that are made up: what a decision would show of them, with every mask at work and no stored value in them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, date, datetime, time
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from ghala.model.mask import MaskKind
from ghala.model.plain import plain
from ghala.model.policy import Clearance
from ghala.model.types import DataType, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.model.contract import Column
    from ghala.model.mask import Mask
    from ghala.model.policy import Decision

ROWS = 3
_KEY = b"made up"
"""Nobody's key: the hash of a made-up value tells how one looks, not what any real one is."""
_SHOWN_INSTEAD = "***"
_TAGGED = {
    "pii.account": "user:person{n}",
    "pii.address": "{n} Example Street",
    "pii.email": "person{n}@example.org",
    "pii.name": "Person {n}",
    "pii.national_id": "X{n:08d}",
    "pii.phone": "+255 700 000 00{n}",
}


def made_up_rows(
    columns: Sequence[Column], decision: Decision, rows: int = ROWS
) -> tuple[Mapping[str, object], ...]:
    """Return rows as a decision would show them, ready for JSON; a hidden column is absent.

    A column that is clear in some rows only is shown masked.
    """
    return tuple(
        {
            column.name: plain(_shown(column, decision, number))
            for column in columns
            if decision.clearance(column.name) is not Clearance.HIDDEN
        }
        for number in range(1, rows + 1)
    )


def made_up(column: Column, number: int) -> object:
    """Return a value that looks like one of a column.

    >>> from ghala.model.contract import Column
    >>> from ghala.model.types import parse_type
    >>> made_up(Column("email", parse_type("varchar"), tags=("pii.email",)), 1)
    'person1@example.org'
    >>> made_up(Column("amount", parse_type("decimal(5,2)")), 2)
    Decimal('21.00')
    """
    if column.type.kind is Kind.VARCHAR:
        pattern = next((_TAGGED[tag] for tag in column.tags if tag in _TAGGED), None)
        return pattern.format(n=number) if pattern else f"{column.name} {number}"
    return _of_type(column.type, number)


def seen_through(value: object, mask: Mask, data_type: DataType) -> object:
    """Return what a mask makes of a made-up value; what a real one becomes is for `sql.mask` alone to say.

    >>> from ghala.model.mask import Mask
    >>> from ghala.model.types import parse_type
    >>> seen_through("+255 700", Mask(MaskKind.SHOW_LAST, count=2), parse_type("varchar"))
    '***00'
    >>> seen_through(date(2024, 5, 17), Mask(MaskKind.TRUNCATE_TO_MONTH), parse_type("date"))
    datetime.date(2024, 5, 1)
    """
    return _MASKS[mask.kind](value, mask, data_type)


def _shown(column: Column, decision: Decision, number: int) -> object:
    value = made_up(column, number)
    if decision.clearance(column.name) is Clearance.CLEAR:
        return value
    mask = decision.masks.get(column.name)
    return None if mask is None else seen_through(value, mask, column.type)


def _of_type(data_type: DataType, number: int) -> object:
    match data_type.kind:
        case Kind.DECIMAL:
            whole = min(10 ** max(data_type.precision - data_type.scale, 0) - 1, 10 * number + 1)
            return Decimal(whole).quantize(Decimal(1).scaleb(-data_type.scale))
        case Kind.LIST:
            return [_of_type(data_type.element or DataType(Kind.VARCHAR), number)]
        case Kind.STRUCT:
            return {one.name: _of_type(one.type, number) for one in data_type.fields}
        case kind:
            return _MADE_UP[kind](number)


_MADE_UP: dict[Kind, Callable[[int], object]] = {
    Kind.BIGINT: lambda number: 1000 + 7 * number,
    Kind.BLOB: lambda number: bytes([number]),
    Kind.BOOLEAN: lambda number: number % 2 == 1,
    Kind.DATE: lambda number: date(2024, number % 12 + 1, 17),
    Kind.DOUBLE: lambda number: 10.5 * number,
    Kind.INTEGER: lambda number: 1000 + 7 * number,
    Kind.REAL: lambda number: 10.5 * number,
    Kind.TIME: lambda number: time(8 + number % 12, 30),
    Kind.TIMESTAMP: lambda number: datetime(2024, number % 12 + 1, 17, 8, 30),  # noqa: DTZ001 - the type has no zone
    Kind.TIMESTAMPTZ: lambda number: datetime(2024, number % 12 + 1, 17, 8, 30, tzinfo=UTC),
    Kind.UUID: lambda number: str(UUID(int=number)),
    Kind.VARCHAR: lambda number: f"text {number}",
}


def _bucket(value: object, mask: Mask, data_type: DataType) -> object:
    number = Decimal(str(value))
    lower = (number / mask.size).to_integral_value(ROUND_FLOOR) * mask.size
    if data_type.kind in {Kind.BIGINT, Kind.INTEGER}:
        return int(lower)
    if data_type.kind is Kind.DECIMAL:
        return lower.quantize(Decimal(1).scaleb(-data_type.scale))
    return float(lower)


def _hashed(value: object, _: Mask, data_type: DataType) -> object:
    digest = hmac.new(_KEY, str(value).encode(), hashlib.sha256).hexdigest()
    if data_type.kind is Kind.BIGINT:
        return int(digest[:15], 16)
    return str(UUID(digest[:32])) if data_type.kind is Kind.UUID else digest


def _generalised(value: object, mask: Mask, _: DataType) -> object:
    return dict(mask.lookup).get(str(value), mask.otherwise)


def _first(value: object, mask: Mask, _: DataType) -> object:
    text = str(value)
    shown = f"{text[: mask.count]}{_SHOWN_INSTEAD}"
    return shown if len(text) > mask.count else _SHOWN_INSTEAD


def _last(value: object, mask: Mask, _: DataType) -> object:
    text = str(value)
    shown = f"{_SHOWN_INSTEAD}{text[-mask.count :]}"
    return shown if len(text) > mask.count else _SHOWN_INSTEAD


def _month(value: object, _: Mask, __: DataType) -> object:
    return _beginning(value, month=None)


def _year(value: object, _: Mask, __: DataType) -> object:
    return _beginning(value, month=1)


def _beginning(value: object, *, month: int | None) -> object:
    if isinstance(value, datetime):
        first = value.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return first if month is None else first.replace(month=month)
    if isinstance(value, date):
        return value.replace(day=1) if month is None else value.replace(day=1, month=month)
    return None


_MASKS: dict[MaskKind, Callable[[object, Mask, DataType], object]] = {
    MaskKind.BUCKET: _bucket,
    MaskKind.GENERALISE: _generalised,
    MaskKind.KEYED_HASH: _hashed,
    MaskKind.MASK_TO_FIXED_VALUE: lambda _, mask, __: mask.value,
    MaskKind.REPLACE_WITH_NULL: lambda _, __, ___: None,
    MaskKind.SHOW_FIRST: _first,
    MaskKind.SHOW_LAST: _last,
    MaskKind.TRUNCATE_TO_MONTH: _month,
    MaskKind.TRUNCATE_TO_YEAR: _year,
}
