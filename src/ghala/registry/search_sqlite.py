"""The index of words in SQLite: FTS5, asked for one row after the other, never ranked by how rare a word is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from ghala.registry.search_words import WordIndex, encoded

if TYPE_CHECKING:
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


def _row(entry: Entry) -> dict[str, object]:
    texts = {field.value: " ".join(map(encoded, given)) for field, given in entry.words.items()}
    return {"number": entry.number, **texts, "facets": " ".join(entry.facets)}


def _match(wanted: Wanted) -> str:
    """Return the question in FTS5's language; all of its words are encoded."""
    groups = " AND ".join(f"({' OR '.join(map(_pattern, group))})" for group in wanted.groups)
    facets = [f'{{facets}} : "{one}"' for one in wanted.facets]
    if wanted.within:
        one_of = " OR ".join(f'"{one}"' for one in wanted.within)
        facets.append(f"{{facets}} : ({one_of})")
    return " AND ".join([*facets, f"{{{' '.join(wanted.fields)}}} : ({groups})"])


def _pattern(pattern: Pattern) -> str:
    return f'"{encoded(pattern.word)}"' + (" *" if pattern.is_prefix else "")


FTS5 = WordIndex(_ADD, _REMOVE, _FIND, _row, _match)
"""The virtual table `search_words`."""
