"""Checks what a source says about its columns: formats, separators, rounding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ghala.model.fault import OptionFault
from ghala.model.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ghala.model.product import SourceColumn

NUMBERS = frozenset({Kind.BIGINT, Kind.INTEGER, Kind.DECIMAL, Kind.DOUBLE, Kind.REAL})
TIMES = frozenset({Kind.DATE, Kind.TIME, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
DIRECTIVE = re.compile(r"%(-?.|$)")
DIRECTIVES = frozenset(
    [
        "d",
        "-d",
        "m",
        "-m",
        "y",
        "Y",
        "b",
        "B",
        "a",
        "A",
        "H",
        "-H",
        "I",
        "-I",
        "M",
        "-M",
        "S",
        "-S",
        "p",
        "f",
        "z",
        "%",
    ]
)
"""strptime directives that a format may have; those that name a zone are too ambiguous."""
_NEEDED = {
    Kind.DATE: ("date", (("d", "-d"), ("m", "-m", "b", "B"), ("Y", "y"))),
    Kind.TIME: ("time", (("H", "-H", "I", "-I"), ("M", "-M"))),
}


def check_columns(columns: Sequence[SourceColumn]) -> list[OptionFault]:
    """Return what is wrong with columns whatever the source type is."""
    faults: list[OptionFault] = []
    names: set[str] = set()
    for column in columns:
        option = f"columns.{column.name}"
        if column.name.lower() in names:
            faults.append(OptionFault(option, f"two columns are called `{column.name}`"))
        names.add(column.name.lower())
        faults += [OptionFault(option, message, hint) for message, hint in _faults(column)]
    return faults


def format_fault(kind: Kind, text: str) -> str | None:
    """Return why a strptime format cannot be used for a type; None if it can.

    >>> format_fault(Kind.DATE, "%d.%m.%Y")
    >>> format_fault(Kind.DATE, "%d.%m")
    'the format does not say the whole date'
    >>> format_fault(Kind.DATE, "%Q")
    'the format has the directive `%Q`, which is not known'
    """
    found = DIRECTIVE.findall(text)
    for directive in found:
        if directive not in DIRECTIVES:
            return f"the format has the directive `%{directive}`, which is not known"
    wanted = [Kind.TIME] if kind is Kind.TIME else [Kind.DATE]
    for part in wanted:
        word, groups = _NEEDED[part]
        if not all(any(directive in group for directive in found) for group in groups):
            return f"the format does not say the whole {word}"
    if any(directive in {"I", "-I"} for directive in found) and "p" not in found:
        return "the format has a 12-hour clock (`%I`) without `%p`"
    if (kind is Kind.TIMESTAMPTZ) != ("z" in found):
        return "`%z` (the offset from UTC) belongs to a timestamptz column, and only there"
    return None


def _faults(column: SourceColumn) -> Iterator[tuple[str, str | None]]:
    kind = column.type.kind
    if column.formats and kind not in TIMES:
        yield "`formats` is for dates and times", None
    elif kind in TIMES:
        for text in column.formats:
            if message := format_fault(kind, text):
                yield message, "see strptime: %d day, %m month, %Y year, %H:%M:%S time"
    if (column.decimal != "." or column.grouping) and kind not in NUMBERS:
        yield "`decimal` and `grouping` are for numbers", None
    for word, mark in (("decimal", column.decimal), ("grouping", column.grouping)):
        if len(mark) > 1 or mark in set("0123456789+-eE") or (word == "decimal" and not mark):
            yield f"`{word}` must be one character that is no part of a number", None
    if column.decimal == column.grouping:
        yield "`decimal` and `grouping` must differ", None
    if column.rounding is not None and kind not in {Kind.BIGINT, Kind.INTEGER, Kind.DECIMAL}:
        yield "`rounding` is for decimals and integers", None
