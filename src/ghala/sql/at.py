"""`FROM sales.orders AT (VERSION => 3)`: the clause becomes a view's name; all else stays as written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import Token, TokenType

from ghala.errors import QueryRefusedError
from ghala.sql import listing
from ghala.sql.place import STATEMENT, place_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ghala.errors import Place

_UNITS = frozenset({"TIMESTAMP", "VERSION"})
_TYPED = frozenset({"DATE", "TIMESTAMP", "TIMESTAMPTZ"})
# Words that follow a table and are no alias, though the tokenizer takes them for names.
_NO_ALIAS = frozenset({"ASOF", "POSITIONAL", "SAMPLE", "TABLESAMPLE", "USING"})
_MAX_DIGITS = 40
"""No release has a number that long; the interpreter refuses to read one of thousands of digits."""

_HINT = (
    "write `domain.dataset AT (VERSION => 3)` or `AT (TIMESTAMP => TIMESTAMP '2026-01-31 12:00')`"
)


@dataclass(frozen=True, slots=True)
class Pin:
    """Which release of a dataset is wanted: a number, or what was current then; now if neither."""

    version: int | None = None
    timestamp: datetime | None = None

    def __str__(self) -> str:
        """Return what stands after `@` in the name of the view.

        >>> str(Pin(3)), str(Pin())
        ('3', '')
        """
        if self.version is not None:
            return str(self.version)
        return self.timestamp.isoformat(sep=" ") if self.timestamp else ""


CURRENT = Pin()


@dataclass(frozen=True, slots=True)
class Edit:
    """One replaced piece of a text: `text[start:end]` became `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """A text without AT clauses; `pins` maps the view names that stand for them to their meaning."""

    text: str
    pins: Mapping[str, Pin] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()

    def offset_as_written(self, offset: int) -> int:
        """Return where a character of `text` stands in the text that the user wrote."""
        shift = 0
        for edit in self.edits:
            start = edit.start + shift
            if offset < start:
                break
            if offset < start + len(edit.new):
                return edit.start
            shift += len(edit.new) - (edit.end - edit.start)
        return offset - shift

    def also(self, written: str, edits: Iterable[Edit]) -> Pinned:
        """Return the same of the `written` text with more pieces of `text` replaced, none of which is new itself."""
        more = [
            Edit(start, start + edit.end - edit.start, edit.new)
            for edit in edits
            for start in [self.offset_as_written(edit.start)]
        ]
        return _pinned(written, self.pins, [*self.edits, *more])


def resolve_at(text: str, tokens: Sequence[Token], origin: Place = STATEMENT) -> Pinned:
    """Replace each `AT (…)` of a table by a view such as `sales."orders@3"`, aliased `orders`.

    Raises:
        QueryRefusedError: the clause has no literal that can name a release, or does not follow `domain.dataset`.

    >>> from sqlglot import tokenize
    >>> text = "FROM sales.orders AT (VERSION => 3) -- AT (VERSION => 1)"
    >>> resolve_at(text, tokenize(text, read="duckdb")).text
    'FROM sales."orders@3" AS orders -- AT (VERSION => 1)'
    """
    edits: list[Edit] = []
    pins: dict[str, Pin] = {}
    for index in range(len(tokens)):
        if not _opens(tokens, index):
            continue
        last = _closing(tokens, index + 1)
        if last is None:
            raise _refusal("`AT (` is not closed", text, tokens[index], origin)
        pin = _pin(text, tokens[index + 2 : last], origin)
        first, is_aliased = _name(tokens, index)
        if first is None:
            raise _refusal("`AT` must follow `domain.dataset`", text, tokens[index], origin)
        dataset = tokens[first + 2]
        view = f"{dataset.text.lower()}@{pin}"
        pins[view] = pin
        name = Edit(dataset.start, dataset.end + 1, f'"{view}"')
        is_aliased = is_aliased or _is_alias(tokens, last + 1)
        written = text[dataset.start : dataset.end + 1]
        clause_start = tokens[index - 1].end + 1
        rest = Edit(clause_start, tokens[last].end + 1, "" if is_aliased else f" AS {written}")
        edits += [name, rest]
    return _pinned(text, pins, edits)


def _is_in_catalog(tokens: Sequence[Token], index: int) -> bool:
    """Whether a schema stands behind the name of the engine's own catalog, and that name behind nothing."""
    if index < 2:  # noqa: PLR2004 - the catalog and a dot
        return False
    catalog, dot = tokens[index - 2 : index]
    is_named = catalog.token_type is not TokenType.STRING and dot.token_type is TokenType.DOT
    is_first = index == 2 or tokens[index - 3].token_type is not TokenType.DOT  # noqa: PLR2004 - likewise
    return is_first and is_named and catalog.text.lower() == listing.CATALOG


def _opens(tokens: Sequence[Token], index: int) -> bool:
    following = tokens[index + 1 : index + 4]
    return (
        len(following) == 3  # noqa: PLR2004 - `(`, the unit, `=>`
        and tokens[index].text.upper() == "AT"
        and tokens[index].token_type is not TokenType.IDENTIFIER
        and tokens[index].token_type is not TokenType.STRING
        and following[0].token_type is TokenType.L_PAREN
        and following[1].text.upper() in _UNITS
        and following[2].token_type is TokenType.FARROW
    )


def _closing(tokens: Sequence[Token], opening: int) -> int | None:
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].token_type is TokenType.L_PAREN:
            depth += 1
        elif tokens[index].token_type is TokenType.R_PAREN:
            depth -= 1
            if depth == 0:
                return index
    return None


def _pin(text: str, inside: Sequence[Token], origin: Place) -> Pin:
    unit, value = inside[0].text.upper(), inside[2:]
    is_number = len(value) == 1 and value[0].token_type is TokenType.NUMBER
    if unit == "VERSION" and is_number and value[0].text.isdecimal():
        if len(value[0].text) > _MAX_DIGITS:
            raise _refusal("no release has a number that long", text, value[0], origin)
        return Pin(version=int(value[0].text))
    if unit == "TIMESTAMP" and value and value[-1].token_type is TokenType.STRING:
        words = [token.text.upper() for token in value[:-1]]
        if not words or (len(words) == 1 and words[0] in _TYPED):
            try:
                return Pin(timestamp=_in_utc(value[-1].text))
            except ValueError:
                raise _refusal("this is not a time", text, value[-1], origin) from None
            except OverflowError:
                message = "this time is before year 1 or after year 9999 in UTC"
                raise _refusal(message, text, value[-1], origin) from None
    raise _refusal("`AT` takes a literal", text, inside[0], origin)


def _in_utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _name(tokens: Sequence[Token], at: int) -> tuple[int | None, bool]:
    """Return where `domain.dataset` before token `at` begins, and whether an alias stands between."""
    end, is_aliased = at - 1, False
    if not _is_dotted(tokens, end):
        is_aliased = True
        end -= 2 if end >= 1 and tokens[end - 1].token_type is TokenType.ALIAS else 1
    first = end - 2
    if first < 0 or not _is_dotted(tokens, end):
        return None, is_aliased
    is_own = first == 0 or tokens[first - 1].token_type is not TokenType.DOT
    if not is_own and not _is_in_catalog(tokens, first):
        return None, is_aliased
    return first, is_aliased


def _is_dotted(tokens: Sequence[Token], end: int) -> bool:
    return end >= 1 and tokens[end - 1].token_type is TokenType.DOT


def _is_alias(tokens: Sequence[Token], index: int) -> bool:
    if index >= len(tokens):
        return False
    token = tokens[index]
    if token.token_type is TokenType.VAR:
        return token.text.upper() not in _NO_ALIAS
    return token.token_type in {TokenType.ALIAS, TokenType.IDENTIFIER}


def _pinned(text: str, pins: Mapping[str, Pin], edits: Iterable[Edit]) -> Pinned:
    ordered = tuple(sorted(edits, key=attrgetter("start")))
    return Pinned(_apply(text, ordered), pins, ordered) if ordered else Pinned(text)


def _apply(text: str, edits: Sequence[Edit]) -> str:
    pieces, position = [], 0
    for edit in edits:
        pieces += [text[position : edit.start], edit.new]
        position = edit.end
    return "".join([*pieces, text[position:]])


def _refusal(message: str, text: str, token: Token, origin: Place) -> QueryRefusedError:
    return QueryRefusedError(message, hint=_HINT, place=place_at(text, token.start, origin))
