"""What the databases' indexes of words do each in their own way, and the one writing of words that both take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, TextClause


class Field(StrEnum):
    """Where a word of an asset stands; keep sorted. `FIELDS` has them by weight."""

    CONTEXT = "context"
    DESCRIPTION = "description"
    NAME = "name"
    TAGS = "tags"


FIELDS = (Field.NAME, Field.CONTEXT, Field.TAGS, Field.DESCRIPTION)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word that is looked for; with `is_prefix`, also as the beginning of a longer one."""

    word: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: of each group of patterns one, in one of the fields, and all of the facets.

    With `within`, also one of these.
    """

    groups: tuple[tuple[Pattern, ...], ...]
    fields: tuple[Field, ...] = FIELDS
    facets: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one asset, by where they stand, and what it is filtered by."""

    number: int
    words: Mapping[Field, Sequence[str]]
    facets: tuple[str, ...]


class Candidate(NamedTuple):
    """An asset that fits: its number, its kind and its name."""

    number: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Knows which words stand where. Its rows have the numbers of the assets, and come in their order.

    The statements are a database's own; `row` makes what `adding` takes, `match` a question in the database's language.
    All words are `encoded`: they hold nothing that a database's parser of texts or of questions could take for
    something else.
    """

    adding: TextClause
    removing: TextClause
    finding: TextClause
    row: Callable[[Entry], Mapping[str, object]]
    match: Callable[[Wanted], str]

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Add the words of assets."""
        connection.execute(self.adding, [dict(self.row(entry)) for entry in entries])

    def remove(self, connection: Connection, numbers: Sequence[int]) -> None:
        """Remove assets."""
        connection.execute(self.removing, {"numbers": list(numbers)})

    def find(
        self, connection: Connection, wanted: Wanted, *, after: int, before: int, limit: int
    ) -> list[Candidate]:
        """Return the assets that fit, between two numbers, the lowest first."""
        given = {"match": self.match(wanted), "after": after, "before": before, "limit": limit}
        return [Candidate(*row) for row in connection.execute(self.finding, given).all()]


def encoded(word: str) -> str:
    """Return a word in letters and digits of ASCII alone; words that begin alike still do.

    >>> encoded("orders"), encoded("売上"), encoded("it's")
    ('orders', '_58f2__4e0a_', 'it_27_s')
    """
    if word.isascii() and word.isalnum():
        return word.lower()
    return "".join(
        one if one.isascii() and one.isalnum() else f"_{ord(one):x}_" for one in word.lower()
    )


def facet(kind: str, value: str) -> str:
    """Return what an asset is filtered by, as a word that no text has.

    >>> facet("domain", "sales")
    '__domain_sales'
    """
    return f"__{kind}_{encoded(value)}"
