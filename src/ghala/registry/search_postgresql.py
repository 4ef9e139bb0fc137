"""The index of words in PostgreSQL: vectors of words that its own parser of texts never sees, and no ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from ghala.registry.search_words import Candidate, Field, encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from ghala.registry.search_words import Entry, Pattern, Wanted

_WEIGHTS = {Field.NAME: "A", Field.CONTEXT: "B", Field.TAGS: "C", Field.DESCRIPTION: "D"}
"""What PostgreSQL calls a weight is where a word stands."""
_ADD = text("INSERT INTO search_words (id, words) VALUES (:number, CAST(:words AS tsvector))")
_REMOVE = text("DELETE FROM search_words WHERE id IN :numbers").bindparams(
    bindparam("numbers", expanding=True)
)
_FIND = text(
    "SELECT search_assets.id, kind, name FROM search_words"
    " JOIN search_assets ON search_assets.id = search_words.id"
    " WHERE words @@ CAST(:match AS tsquery) AND search_words.id > :after"
    " AND search_words.id < :before ORDER BY search_words.id LIMIT :limit"
)


class Vectors:
    """The table `search_words`, of which the migration alone knows the type."""

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Add the words of assets."""
        rows = [{"number": entry.number, "words": _vector(entry)} for entry in entries]
        connection.execute(_ADD, rows)

    def remove(self, connection: Connection, numbers: Sequence[int]) -> None:
        """Remove assets."""
        connection.execute(_REMOVE, {"numbers": list(numbers)})

    def find(
        self, connection: Connection, wanted: Wanted, *, after: int, before: int, limit: int
    ) -> list[Candidate]:
        """Return the assets that fit, the lowest first."""
        given = {"match": _match(wanted), "after": after, "before": before, "limit": limit}
        return [Candidate(*row) for row in connection.execute(_FIND, given).all()]


def _vector(entry: Entry) -> str:
    # A place in the text is needed for a weight to be kept; which one does not matter.
    placed = [
        f"'{encoded(word)}':1{_WEIGHTS[field]}"
        for field, given in entry.words.items()
        for word in given
    ]
    return " ".join([*placed, *(f"'{one}'" for one in entry.facets)])


def _match(wanted: Wanted) -> str:
    """Return the question in PostgreSQL's language; all of its words are encoded."""
    weights = "".join(_WEIGHTS[field] for field in wanted.fields)
    groups = [
        f"({' | '.join(_pattern(pattern, weights) for pattern in group)})"
        for group in wanted.groups
    ]
    return " & ".join([*(f"'{one}'" for one in wanted.facets), *groups])


def _pattern(pattern: Pattern, weights: str) -> str:
    return f"'{encoded(pattern.word)}':{'*' if pattern.is_prefix else ''}{weights}"
