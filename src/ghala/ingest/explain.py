"""Words for why one text was refused by a type; only refused texts come here, so it may be slow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ghala.ingest.cast import PATTERNS, separated_pattern
from ghala.ingest.reason import Reason
from ghala.model.types import Kind

if TYPE_CHECKING:
    from ghala.model.product import SourceColumn

_NUMBERS = frozenset({Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE, Kind.INTEGER, Kind.REAL})
_LEADING_ZERO = re.compile(r"[+-]?0[0-9]+([.,][0-9]*)?")


def explain(text: object, column: SourceColumn) -> tuple[Reason, str]:  # noqa: PLR0911 - one a cause
    """Return why a text is no value of a column, without showing it.

    >>> from ghala.model.product import SourceColumn
    >>> from ghala.model.types import parse_type
    >>> explain("007", SourceColumn("id", "id", parse_type("bigint")))[1]
    'has leading zeros, which bigint would lose: declare it varchar'
    >>> explain("1.5", SourceColumn("id", "id", parse_type("bigint")))[0].value
    'places'
    """
    shown = str(column.type).lower().replace(", ", ",")
    kind = column.type.kind
    if not isinstance(text, str):
        return Reason.TYPE, "has a value inside that is not of its type"
    if text != text.strip():
        return Reason.BLANKS, f"has blanks around a {shown}: `trim: true` removes them"
    if kind in _NUMBERS:
        return _number(text, column, shown)
    if column.formats:
        return Reason.TYPE, f"is not a {shown} in any of the {len(column.formats)} declared formats"
    if kind is Kind.DATE and re.fullmatch(PATTERNS["timestamp"], text):
        is_late = re.fullmatch(PATTERNS["date"], text) is None
        message = "has a time of day, which date would lose" if is_late else "is not a day"
        return (Reason.PLACES if is_late else Reason.OUT_OF_RANGE), message
    if kind is Kind.TIMESTAMP and re.fullmatch(PATTERNS["timestamptz"], text):
        return Reason.PLACES, "has an offset, which timestamp would lose: declare it timestamptz"
    if kind is Kind.TIMESTAMPTZ and re.fullmatch(PATTERNS["timestamp"], text):
        return Reason.TYPE, "has no offset from UTC, so its moment is not known"
    if (pattern := PATTERNS.get(kind.value)) and re.fullmatch(pattern, text):
        return Reason.OUT_OF_RANGE, f"is no {shown} that exists"
    return Reason.TYPE, f"is not a {shown}"


def _number(text: str, column: SourceColumn, shown: str) -> tuple[Reason, str]:
    if _LEADING_ZERO.fullmatch(text):
        return (
            Reason.LEADING_ZERO,
            f"has leading zeros, which {shown} would lose: declare it varchar",
        )
    if not re.fullmatch(separated_pattern(column), text):
        return Reason.TYPE, f"is not a {shown}"
    if column.type.kind in {Kind.DOUBLE, Kind.REAL}:
        return Reason.OUT_OF_RANGE, f"is too large or too small for {shown}"
    places = text.partition(column.decimal)[2].rstrip("0")
    if len(places) > column.type.scale and column.rounding is None:
        return (
            Reason.PLACES,
            f"has more decimal places than {shown} keeps: name a `rounding`, or a larger scale",
        )
    return Reason.OUT_OF_RANGE, f"is too large for {shown}"
