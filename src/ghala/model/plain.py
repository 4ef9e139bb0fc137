"""Values of the model as plain dicts, lists and scalars, exactly as `--json` prints them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any

from ghala.errors import GhalaError, Place

_BEYOND_JSON = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def plain(value: object) -> Any:  # noqa: C901, PLR0911 - one case a kind of value
    """Return a value that `json.dumps` prints without losing anything.

    Names become their text, decimals and times strings, bytes hexadecimal; NaN and the infinities, which JSON cannot
    say, become strings too.

    >>> plain({"amount": Decimal("1.10"), "on": date(2024, 2, 29)})
    {'amount': '1.10', 'on': '2024-02-29'}
    """
    match value:
        case None | bool() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case int():
            return value
        case float():
            return value if isfinite(value) else _BEYOND_JSON[str(value)]
        case datetime() | date() | time():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case GhalaError():
            return _error(value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() if not hasattr(value, "_fields"):
            return [plain(item) for item in value]
        case AbstractSet():
            return sorted(plain(item) for item in value)
        case _:
            return _other(value)


def _other(value: object) -> Any:
    if isinstance(value, Place) or (is_dataclass(value) and "__str__" in type(value).__dict__):
        return str(value)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, timedelta):
        return duration(0, value.days, value.seconds * 10**9 + value.microseconds * 10**3)
    if isinstance(value, tuple) and hasattr(value, "nanoseconds"):  # Arrow's MonthDayNano
        return duration(*value)
    return [plain(item) for item in value] if isinstance(value, tuple) else str(value)


def _error(error: GhalaError) -> dict[str, Any]:
    evidence = {key: plain(item) for key, item in error.evidence.items()}
    place = str(error.place) if error.place else None
    return {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "place": place,
        **evidence,
    }


def duration(months: int, days: int, nanoseconds: int) -> str:
    """Return an interval in the words of ISO 8601.

    >>> duration(14, 3, 1_500_000_000)
    'P14M3DT1.5S'
    """
    seconds = Decimal(nanoseconds).scaleb(-9).normalize()
    return f"P{months}M{days}DT{seconds:f}S"
