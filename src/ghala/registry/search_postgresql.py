"""The index of words in PostgreSQL: vectors of words that its own parser of texts never sees, and no ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from ghala.registry.search_words import Field, WordIndex, encoded

if TYPE_CHECKING:
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


def _row(entry: Entry) -> dict[str, object]:
    return {"number": entry.number, "words": _vector(entry)}


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
    if wanted.within:
        one_of = " | ".join(f"'{one}'" for one in wanted.within)
        groups.append(f"({one_of})")
    return " & ".join([*(f"'{one}'" for one in wanted.facets), *groups])


def _pattern(pattern: Pattern, weights: str) -> str:
    return f"'{encoded(pattern.word)}':{'*' if pattern.is_prefix else ''}{weights}"


VECTORS = WordIndex(_ADD, _REMOVE, _FIND, _row, _match)
"""The table `search_words`, of which the migration alone knows the type."""
