"""Strict casts, as SQL trees: a text is taken when casting it and casting back loses nothing.

What each type accepts, and nothing else. Blanks around a value are refused everywhere but in varchar: `trim: true`
removes them first (CSV). NULL stays NULL.

varchar          anything, as it is
bigint, integer  optional sign, digits without leading zeros, within 64 (32) bits; a fraction of zeros (`5.00`);
                 with `rounding` any fraction. `-0` is 0
decimal(p,s)     optional sign, digits without leading zeros, at most s places that are not trailing zeros
                 (`3399.9900` into scale 2); `.5`; with `rounding` any places. No exponent
double, real     as decimal with any places, and an exponent; finite, and not so small that it would become 0
boolean          `true false yes no t f y n 1 0`, in any case
date             `YYYY-MM-DD`, years 0001 to 9999; a midnight may follow (`1996-07-04 00:00:00.000`)
time             `HH:MM`, `HH:MM:SS`, up to 6 places of seconds; 24:00 is refused
timestamp        a date, or a date, a blank or `T`, and a time; no offset
timestamptz      the same with a time and `Z`, `+HH`, `+HHMM` or `+HH:MM`: without an offset the moment is not known
uuid             8-4-4-4-12 hexadecimal digits in any case
blob             pairs of hexadecimal digits, after an optional `0x`
struct, list     each leaf by these rules; one leaf that fails refuses the record

Numbers with `decimal` or `grouping` separators: groups of three, all or none of them separated (`1.234.567,89`).
Dates and times with `formats`: the first that strptime takes and strftime gives back the same, letters in any case; so
`%d.%m.%Y` refuses `1.2.2024` (write `%-d.%-m.%Y`) and 31.02. With `%z` the offset itself is not compared.

Most values pass by a cheap test (cast, cast back, same text); only the others meet the exact but slower one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.contract import Rounding
from ghala.model.types import DataType, Kind
from ghala.sql.scan import as_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.product import SourceColumn

_WHOLE = "(?:0|[1-9][0-9]*)"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6}0*)?)?"
_MIDNIGHT = "00:00(?::00(?:[.]0+)?)?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
PATTERNS = {
    "integer": f"[+-]?{_WHOLE}(?:[.]0+)?",
    "number": f"[+-]?(?:{_WHOLE}(?:[.][0-9]+)?|[.][0-9]+)",
    "float": f"[+-]?(?:{_WHOLE}(?:[.][0-9]+)?|[.][0-9]+)(?:[eE][+-]?[0-9]+)?",
    "zero": "[+-]?0*[.]?0*(?:[eE].*)?",
    "date": f"{_DAY}(?:[ T]{_MIDNIGHT})?",
    "time": _CLOCK,
    "timestamp": f"{_DAY}(?:[ T]{_CLOCK})?",
    "timestamptz": f"{_DAY}[ T]{_CLOCK}(?:Z|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)",
    "uuid": "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "blob": "(?:0[xX])?(?:[0-9a-fA-F]{2})*",
}
"""The accepted texts as regular expressions that must match the whole; RE2 and Python read them alike."""
_BOUNDS = {
    Kind.DATE: ("0001-01-01", "9999-12-31"),
    Kind.TIME: ("00:00:00", "23:59:59.999999"),
    Kind.TIMESTAMP: ("0001-01-01 00:00:00", "9999-12-31 23:59:59.999999"),
    Kind.TIMESTAMPTZ: ("0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00"),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """A column's text as its type: `value` is NULL where the text is refused, `failed` says where that is so."""

    value: exp.Expr
    failed: exp.Expr


def strict_cast(text: exp.Expr, column: SourceColumn) -> Cast:
    """Return the strict cast of a column's text; a column of strings never fails.

    >>> from ghala.model.product import SourceColumn
    >>> from ghala.model.types import parse_type
    >>> cast = strict_cast(exp.column("c0"), SourceColumn("paid", "paid", parse_type("boolean")))
    >>> print(cast.failed.sql(dialect="duckdb")[:30])
    NOT c0 IS NULL AND TRY_CAST(c0
    """
    return _cast(text, column, column.type, 0)


def _cast(text: exp.Expr, column: SourceColumn, data_type: DataType, depth: int) -> Cast:
    match data_type.kind:
        case Kind.VARCHAR:
            return Cast(text, exp.false())
        case Kind.STRUCT:
            casts = {
                field.name: _cast(_member(text, field.name), column, field.type, depth)
                for field in data_type.fields
            }
            rebuilt = exp.Struct(
                expressions=[
                    exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=cast.value)
                    for name, cast in casts.items()
                ]
            )
            return Cast(
                _case((_is_null(text), exp.null()), default=rebuilt),
                _any_of([cast.failed for cast in casts.values()]),
            )
        case Kind.LIST if data_type.element is not None:
            item = f"item{depth}"
            cast = _cast(exp.column(item), column, data_type.element, depth + 1)
            failures = _call("list_filter", text.copy(), _lambda(item, cast.failed))
            return Cast(
                _call("list_transform", text.copy(), _lambda(item, cast.value)),
                exp.GT(
                    this=exp.func("coalesce", _call("len", failures), exp.Literal.number(0)),
                    expression=exp.Literal.number(0),
                ),
            )
        case _:
            value = scalar(text, replace(column, type=data_type))
            return Cast(value, exp.and_(exp.not_(_is_null(text)), _is_null(value)))


def scalar(text: exp.Expr, column: SourceColumn) -> exp.Expr:  # noqa: PLR0911 - one per kind
    """Return a scalar column's strict value, NULL where the text is refused."""
    kind = column.type.kind
    if column.formats:
        return _by_formats(text, column)
    if kind in {Kind.BIGINT, Kind.INTEGER, Kind.DECIMAL, Kind.DOUBLE, Kind.REAL}:
        if column.decimal == "." and not column.grouping:
            return _number(text, column)
        plain = text
        if column.grouping:
            plain = _call("replace", plain, _text(column.grouping), _text(""))
        if column.decimal != ".":
            plain = _call("replace", plain, _text(column.decimal), _text("."))
        return _case((_matches(text, separated_pattern(column)), _number(plain, column)))
    match kind:
        case Kind.BOOLEAN:
            return _try(text, column.type)
        case Kind.BLOB:
            digits = _call("regexp_replace", text, _text("^0[xX]"), _text(""))
            return _case((_matches(text, PATTERNS["blob"]), _call("unhex", digits)))
        case Kind.UUID:
            return _case(
                (_survives(text, column.type), _try(text, column.type)),
                (_matches(text, PATTERNS["uuid"]), _try(text, column.type)),
            )
        case Kind.TIMESTAMPTZ:
            value = _bounded(_try(text, column.type), column.type)
            return _case((_matches(text, PATTERNS["timestamptz"]), value))
        case _:
            value = _bounded(_try(text, column.type), column.type)
            short = _call("left", text, exp.Literal.number(10)) if kind is Kind.DATE else text
            slow = _bounded(_try(short, column.type), column.type)
            return _case(
                (_survives(text, column.type), value), (_matches(text, PATTERNS[kind.value]), slow)
            )


def separated_pattern(column: SourceColumn) -> str:
    """Return what a number with the column's separators looks like.

    >>> import re
    >>> from ghala.model.types import parse_type
    >>> from ghala.model.product import SourceColumn
    >>> column = SourceColumn("a", "a", parse_type("decimal(12,2)"), decimal=",", grouping=".")
    >>> [bool(re.fullmatch(separated_pattern(column), text)) for text in ("1.234,5", "1234", "1.23,4")]
    [True, True, False]
    """
    whole, exponent = _WHOLE, ""
    if column.grouping:
        whole = f"(?:[1-9][0-9]{{0,2}}(?:{_class(column.grouping)}[0-9]{{3}})+|{_WHOLE})"
    if column.type.kind in {Kind.DOUBLE, Kind.REAL}:
        exponent = "(?:[eE][+-]?[0-9]+)?"
    mark = _class(column.decimal)
    return f"[+-]?(?:{whole}(?:{mark}[0-9]+)?|{mark}[0-9]+){exponent}"


def _number(text: exp.Expr, column: SourceColumn) -> exp.Expr:
    data_type = column.type
    if data_type.kind in {Kind.DOUBLE, Kind.REAL}:
        value = _try(text, data_type)
        is_kept = exp.or_(
            exp.NEQ(this=value.copy(), expression=exp.Literal.number(0)),
            _matches(text, PATTERNS["zero"]),
        )
        is_finite = _call("isfinite", value)
        return _case(
            (exp.and_(_matches(text, PATTERNS["float"]), is_finite, is_kept), value.copy())
        )
    return _case(
        (_survives(text, data_type), _try(text, data_type)),
        (_matches(text, exact_pattern(column)), _exact(text, column)),
    )


def accepted_pattern(column: SourceColumn) -> str | None:
    """Return what every text that the strict cast of a scalar takes looks like; None if no pattern says.

    >>> import re
    >>> from ghala.model.types import parse_type
    >>> from ghala.model.product import SourceColumn
    >>> pattern = accepted_pattern(SourceColumn("a", "a", parse_type("date")))
    >>> [bool(re.fullmatch(pattern, text)) for text in ("2024-02-30", "2024-02-29 00:00", "n/a")]
    [True, True, False]
    """
    kind = column.type.kind
    if column.formats or kind in {Kind.BOOLEAN, Kind.LIST, Kind.STRUCT, Kind.VARCHAR}:
        return None
    if column.decimal != "." or column.grouping:
        return separated_pattern(column)
    if kind in {Kind.DOUBLE, Kind.REAL}:
        return PATTERNS["float"]
    if kind in {Kind.BIGINT, Kind.INTEGER, Kind.DECIMAL}:
        return exact_pattern(column)
    return PATTERNS[kind.value]


def exact_pattern(column: SourceColumn) -> str:
    """Return what a decimal or integer looks like that fits the column's scale, or may be rounded to it."""
    if column.rounding is not None:
        return PATTERNS["number"]
    if column.type.kind is not Kind.DECIMAL or not column.type.scale:
        return PATTERNS["integer"]
    places = f"[.][0-9]{{1,{column.type.scale}}}0*"
    return f"[+-]?(?:{_WHOLE}(?:{places})?|{places})"


def _exact(text: exp.Expr, column: SourceColumn) -> exp.Expr:
    data_type, scale = column.type, column.type.scale
    if column.rounding is Rounding.TRUNCATE:
        kept = f"^[+-]?[0-9]*(?:[.][0-9]{{0,{scale}}})?" if scale else "^[+-]?[0-9]*"
        text = _call("regexp_extract", text, _text(kept))
        # Of `.5` nothing may be left; `-` alone neither.
        text = _case(
            (_matches(text, "[+-]?[.]?"), _text("0")),
            default=text,
        )
    if data_type.kind is Kind.DECIMAL:
        return _try(text, data_type)
    # Through a decimal: the cast to an integer would take more forms, and rounds in its own way.
    return _try(_try(text, DataType(Kind.DECIMAL, 38, 0)), data_type)


def _by_formats(text: exp.Expr, column: SourceColumn) -> exp.Expr:
    branches: list[tuple[exp.Expr, exp.Expr]] = []
    for pattern in column.formats:
        parsed = _call("try_strptime", text, _text(pattern))
        value = _bounded(_try(parsed, column.type), column.type)
        if column.type.kind is Kind.TIMESTAMPTZ:
            branches.append((exp.not_(_is_null(value)), value))
            continue
        back = _call("strftime", parsed, _text(pattern))
        is_same: exp.Expr = exp.EQ(
            this=exp.func("lower", back), expression=exp.func("lower", text.copy())
        )
        if column.type.kind is Kind.DATE:
            day = exp.cast(parsed.copy(), as_type(column.type))
            midnight = exp.cast(day, as_type(DataType(Kind.TIMESTAMP)))
            is_same = exp.and_(is_same, exp.EQ(this=parsed.copy(), expression=midnight))
        branches.append((is_same, value))
    return _case(*branches)


def _bounded(value: exp.Expr, data_type: DataType) -> exp.Expr:
    low, high = (exp.cast(_text(bound), as_type(data_type)) for bound in _BOUNDS[data_type.kind])
    return _case((exp.Between(this=value, low=low, high=high), value.copy()))


def _survives(text: exp.Expr, data_type: DataType) -> exp.Expr:
    """Return whether a text comes back the same: the cheap test that most values pass."""
    back = exp.cast(_try(text, data_type), as_type(DataType(Kind.VARCHAR)))
    return exp.EQ(this=back, expression=text.copy())


def _try(text: exp.Expr, data_type: DataType) -> exp.Expr:
    return exp.TryCast(this=text.copy(), to=as_type(data_type))


def _matches(text: exp.Expr, pattern: str) -> exp.Expr:
    return _call("regexp_full_match", text, _text(pattern))


def _case(*branches: tuple[exp.Expr, exp.Expr], default: exp.Expr | None = None) -> exp.Expr:
    return exp.Case(
        ifs=[exp.If(this=condition, true=value.copy()) for condition, value in branches],
        default=default,
    )


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def _lambda(name: str, body: exp.Expr) -> exp.Expr:
    return exp.Lambda(this=body.copy(), expressions=[exp.to_identifier(name)])


def _member(text: exp.Expr, name: str) -> exp.Expr:
    return _call("struct_extract", text, _text(name))


def _any_of(conditions: Sequence[exp.Expr]) -> exp.Expr:
    return exp.or_(*conditions) if conditions else exp.false()


def _is_null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value.copy(), expression=exp.null())


def _text(text: str) -> exp.Expr:
    return exp.Literal.string(text)


def _class(mark: str) -> str:
    return f"[{mark}]" if mark not in "\\]^" else f"\\{mark}"
