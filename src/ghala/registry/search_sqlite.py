"""The index of words in SQLite: FTS5, asked for one row after the other, never ranked by how rare a word is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from ghala.registry.search_words import Candidate, encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from ghala.registry.search_words import Entry, Pattern, Wanted

_ADD = text(
    "INSERT INTO search_words (rowid, name, context, tags, description, facets)"
    " VALUES (:number, :name, :context, :tags, :description, :facets)"
)
_REMOVE = text("DELETE FROM search_words WHERE rowid IN :numbers").bindparams(
    bindparam("numbers", expanding=True)
)
_FIND = text(
    "SELECT search_assets.id, kind, search_assets.name FROM search_words"
    " JOIN search_assets ON search_assets.id = search_words.rowid"
    " WHERE search_words MATCH :match AND search_words.rowid > :after"
    " AND search_words.rowid < :before ORDER BY search_words.rowid LIMIT :limit"
)


class Fts5:
    """The virtual table `search_words`."""

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Add the words of assets."""
        rows = []
        for entry in entries:
            texts = {
                field.value: " ".join(map(encoded, given)) for field, given in entry.words.items()
            }
            rows.append({"number": entry.number, **texts, "facets": " ".join(entry.facets)})
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


def _match(wanted: Wanted) -> str:
    """Return the question in FTS5's language; all of its words are encoded."""
    groups = " AND ".join(f"({' OR '.join(map(_pattern, group))})" for group in wanted.groups)
    facets = [f'{{facets}} : "{one}"' for one in wanted.facets]
    return " AND ".join([*facets, f"{{{' '.join(wanted.fields)}}} : ({groups})"])


def _pattern(pattern: Pattern) -> str:
    return f'"{encoded(pattern.word)}"' + (" *" if pattern.is_prefix else "")
