"""Literals: whether a value that stands in a file fits a column's type, and how it is written exactly."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ghala.model.types import Kind

if TYPE_CHECKING:
    from ghala.model.types import DataType
    from ghala.spec.node import ScalarNode

ORDERED = frozenset(
    {
        Kind.BIGINT, Kind.DATE, Kind.DECIMAL, Kind.DOUBLE, Kind.INTEGER, Kind.REAL, Kind.TIME,
        Kind.TIMESTAMP, Kind.TIMESTAMPTZ,
    }
)  # fmt: skip
"""Types whose values can have a minimum and a maximum."""

NUMERIC = frozenset({Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE, Kind.INTEGER, Kind.REAL})
TEMPORAL = ORDERED - NUMERIC

_BITS = {Kind.BIGINT: 63, Kind.INTEGER: 31}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
_DECIMAL = re.compile(r"[-+]?\d{1,60}(\.\d{1,60})?")


def text_of(node: ScalarNode) -> str:
    """Return a value as exact text: numbers as they are written, `true` and `false` in lower case.

    >>> from ghala.errors import Place
    >>> from ghala.spec.node import ScalarNode
    >>> [text_of(ScalarNode(v, t, Place("a"))) for v, t in ((1.5, "1.50"), (True, "TRUE"), (31, "0x1F"))]
    ['1.50', 'true', '31']
    """
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(node.value) if isinstance(node.value, int) else node.text


def literal_fault(node: ScalarNode, data_type: DataType) -> str | None:
    """Return why a value cannot be one of a column of this type; None if it can.

    >>> from ghala.errors import Place
    >>> from ghala.model.types import parse_type
    >>> from ghala.spec.node import ScalarNode
    >>> literal_fault(ScalarNode(0.005, "0.005", Place("a")), parse_type("decimal(12,2)"))
    'has more than 2 decimal places'
    >>> literal_fault(ScalarNode(7, "007", Place("a")), parse_type("varchar"))
    'is a number; put quotes around it: "007"'
    """
    kind = data_type.kind
    if kind is Kind.VARCHAR:
        return _text_fault(node)
    if kind is Kind.BOOLEAN:
        return None if isinstance(node.value, bool) else "is not `true` or `false`"
    if isinstance(node.value, bool):
        return "is not a number" if kind in NUMERIC else "is not a text"
    if kind in NUMERIC:
        return _number_fault(text_of(node), data_type)
    return _parsed_fault(text_of(node), kind)


def order_key(text: str, kind: Kind) -> Any:
    """Return a bound that `literal_fault` accepts as something that can be compared.

    >>> order_key("10", Kind.BIGINT) > order_key("9.5", Kind.DOUBLE)
    True
    """
    if kind in NUMERIC:
        return Decimal(text)
    if kind is Kind.DATE:
        return date.fromisoformat(text)
    return time.fromisoformat(text) if kind is Kind.TIME else datetime.fromisoformat(text)


def _text_fault(node: ScalarNode) -> str | None:
    if isinstance(node.value, str):
        return None
    what = "`true` or `false`" if isinstance(node.value, bool) else "a number"
    return f'is {what}; put quotes around it: "{node.text}"'


def _number_fault(text: str, data_type: DataType) -> str | None:
    kind = data_type.kind
    if kind in {Kind.DOUBLE, Kind.REAL}:
        try:
            return None if math.isfinite(float(text)) else "is not a finite number"
        except ValueError:
            return "is not a number"
    if not _DECIMAL.fullmatch(text):
        return "is not a number written in digits"
    if kind in _BITS:
        number, limit = Decimal(text), 1 << _BITS[kind]
        if number != number.to_integral_value():
            return "is not a whole number"
        return None if -limit <= number < limit else f"does not fit {_BITS[kind] + 1} bits"
    return _decimal_fault(text, data_type)


def _decimal_fault(text: str, data_type: DataType) -> str | None:
    whole, _, places = text.lstrip("+-").partition(".")
    if len(places.rstrip("0")) > data_type.scale:
        return f"has more than {data_type.scale} decimal places"
    room = data_type.precision - data_type.scale
    return f"has more than {room} digits" if len(whole.lstrip("0")) > room else None


def _parsed_fault(text: str, kind: Kind) -> str | None:
    try:
        match kind:
            case Kind.DATE if _DATE.fullmatch(text):
                date.fromisoformat(text)
            case Kind.TIMESTAMP | Kind.TIMESTAMPTZ if _DATE.fullmatch(text) or _DATE_TIME.fullmatch(
                text
            ):
                return _zone_fault(datetime.fromisoformat(text), kind)
            case Kind.TIME if _TIME.fullmatch(text):
                time.fromisoformat(text)
            case Kind.UUID if str(UUID(text)) == text.lower():
                pass
            case _:
                return f"is not a {kind}"
    except ValueError:
        return f"is not a {kind}"
    return None


def _zone_fault(moment: datetime, kind: Kind) -> str | None:
    if kind is Kind.TIMESTAMP and moment.tzinfo is not None:
        return "has a time zone and its column has none"
    if kind is Kind.TIMESTAMPTZ and moment.tzinfo is None:
        # Without one, the bound would move with the clock settings of whoever runs the check.
        return "has no time zone: add `Z` or an offset"
    return None
