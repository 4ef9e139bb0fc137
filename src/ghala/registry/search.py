"""What can be found: assets, their words in the database's index, and the words' trigrams for typing errors."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, tuple_

from ghala.model.asset import Asset, AssetKind
from ghala.model.typing_errors import errors_between, least_shared, trigrams
from ghala.model.wording import words_of
from ghala.registry import tables
from ghala.registry.search_postgresql import VECTORS
from ghala.registry.search_sqlite import FTS5
from ghala.registry.search_words import Entry, Field, facet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from ghala.registry.search_words import Candidate, Wanted, WordIndex

KINDS = (
    AssetKind.PRODUCT,
    AssetKind.DATASET,
    AssetKind.TERM,
    AssetKind.OWNER,
    AssetKind.COLUMN,
)
"""In the order in which they are shown where nothing else tells two assets apart."""
_KIND_BITS, _WORD_BITS, _LENGTH_BITS, _HASH_BITS = 3, 6, 8, 42
_SHORTEST_CORRECTED = 3
_FORM = "2"
"""Changes with what the index has of an asset, so that all is written again."""
_INDEXES: Mapping[str, WordIndex] = {"sqlite": FTS5, "postgresql": VECTORS}
_MOST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Kept:
    """An asset as the index has it: its number, and the hash of its content."""

    number: int
    sha256: str


def content_sha256(asset: Asset) -> str:
    """Return the hash of all that can be found of an asset, in the form in which the index has it."""
    return hashlib.sha256(f"{_FORM}{_content(asset)}".encode()).hexdigest()


def kept_sources(connection: Connection) -> dict[str, str]:
    """Return which state of each source is in the index whole."""
    query = select(tables.search_sources.c.source, tables.search_sources.c.sha256)
    return {row.source: row.sha256 for row in connection.execute(query)}


def kept_assets(connection: Connection, source: str) -> dict[tuple[str, str], Kept]:
    """Return the assets of a source by kind and name."""
    known = tables.search_assets.c
    query = select(known.kind, known.name, known.id, known.sha256).where(known.source == source)
    return {
        (kind, name): Kept(number, sha256)
        for kind, name, number, sha256 in connection.execute(query)
    }


def set_source(connection: Connection, source: str, sha256: str | None) -> None:
    """Say that a state of a source is in the index whole; None that nothing of it is."""
    connection.execute(delete(tables.search_sources).filter_by(source=source))
    if sha256 is not None:
        connection.execute(insert(tables.search_sources).values(source=source, sha256=sha256))


def remove_assets(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove assets; their words stay known, and lead nowhere."""
    if numbers:
        _index(connection).remove(connection, numbers)
        known = tables.search_assets
        connection.execute(delete(known).where(known.c.id.in_(numbers)))


def put_assets(connection: Connection, source: str, given: Sequence[Asset]) -> None:
    """Put assets in the place of those of their kinds and names."""
    known = tables.search_assets.c
    names = {(asset.kind.value, asset.name) for asset in given}
    before = select(known.id).where(tuple_(known.kind, known.name).in_(sorted(names)))
    remove_assets(connection, list(connection.execute(before).scalars()))
    numbers = _free_numbers(connection, given)
    rows, entries, words = [], [], set[str]()
    for number, asset in zip(numbers, given, strict=True):
        rows.append(
            {
                "id": number,
                "kind": asset.kind.value,
                "name": asset.name,
                "source": source,
                "sha256": content_sha256(asset),
                "content": asdict(asset),
            }
        )
        found = asset_words(asset)
        entries.append(Entry(number, found, tuple(_facets(asset))))
        words.update(word for texts in found.values() for word in texts)
    if rows:
        connection.execute(insert(tables.search_assets), rows)
        _index(connection).add(connection, entries)
    _learn(connection, words)


def find(
    connection: Connection,
    wanted: Wanted,
    *,
    kind: AssetKind | None = None,
    after: int = -1,
    limit: int = 64,
) -> list[Candidate]:
    """Return assets that fit, the lowest number first; those `after` a number only."""
    low, high = _range(kind)
    after = max(after, low - 1)
    return _index(connection).find(connection, wanted, after=after, before=high, limit=limit)


def assets(connection: Connection, numbers: Sequence[int]) -> dict[int, Asset]:
    """Return assets by their numbers."""
    known = tables.search_assets.c
    query = select(known.id, known.content).where(known.id.in_(numbers))
    return {number: _asset(content) for number, content in connection.execute(query)}


def close_words(connection: Connection, word: str, errors: int) -> list[tuple[int, int, str]]:
    """Return the known words near one: errors to the whole word, errors to its nearest beginning, and the word."""
    known = tables.search_trigrams.c
    query = (
        select(known.word)
        .where(
            known.trigram.in_(sorted(trigrams(word))),
            func.length(known.word) >= len(word) - errors,
        )
        .group_by(known.word)
        .having(func.count() >= least_shared(word, errors))
    )
    found, letters = [], frozenset(word)
    for other in connection.execute(query).scalars().all():
        # Most of them share trigrams only by chance.
        if len(letters.difference(other)) > errors:
            continue
        whole, beginning = errors_between(word, other, errors)
        if min(whole, beginning) <= errors:
            found.append((whole, beginning, other))
    return sorted(found)


def _learn(connection: Connection, words: set[str]) -> None:
    known = tables.search_trigrams.c
    long = sorted(word for word in words if len(word) >= _SHORTEST_CORRECTED)
    there: set[str] = set()
    for at in range(0, len(long), 200):
        # A word that is known has the trigram of its end.
        some = long[at : at + 200]
        query = select(known.word).where(
            known.word.in_(some), known.trigram.in_({_end(w) for w in some})
        )
        there.update(connection.execute(query).scalars())
    rows = [
        {"trigram": trigram, "word": word}
        for word in long
        if word not in there
        for trigram in sorted(trigrams(word))
    ]
    if rows:
        connection.execute(insert(tables.search_trigrams), rows)


def _end(word: str) -> str:
    return f"{word[-2:]}$"


def asset_words(asset: Asset) -> dict[Field, list[str]]:
    """Return the words of an asset by the field that they stand in, each once."""
    texts = {
        Field.NAME: asset.label,
        Field.CONTEXT: f"{asset.title} {asset.context}",
        Field.TAGS: " ".join(asset.tags),
        Field.DESCRIPTION: asset.description,
    }
    return {
        field: list(dict.fromkeys(words_of(text)))[:_MOST_WORDS] for field, text in texts.items()
    }


def _facets(asset: Asset) -> list[str]:
    # `pii` finds `pii.email` too.
    tags = {
        ".".join(tag.split(".")[:depth])
        for tag in asset.tags
        for depth in range(1, tag.count(".") + 2)
    }
    named = [("owner", asset.owner), *(("tag", tag) for tag in sorted(tags))]
    # What belongs to no domain says so: it is found by those who may know few of them.
    return [
        facet("domain", asset.domain),
        *(facet(kind, value) for kind, value in named if value),
    ]


def _free_numbers(connection: Connection, given: Sequence[Asset]) -> list[int]:
    """Return a number for each asset; one that is taken, by chance, makes place for the next."""
    numbers = [order_number(asset) for asset in given]
    known = tables.search_assets.c.id
    taken = set(connection.execute(select(known).where(known.in_(numbers))).scalars())
    found = []
    for number in numbers:
        free = number
        while free in taken:
            free += 1
            if connection.execute(select(known).where(known == free)).scalar() is not None:
                taken.add(free)
        taken.add(free)
        found.append(free)
    return found


def order_number(asset: Asset) -> int:
    """Return a number that orders assets: by kind, then fewer words, then a shorter name, then always the same."""
    hashed = int.from_bytes(hashlib.sha256(f"{asset.kind}:{asset.name}".encode()).digest()[:8])
    number = KINDS.index(asset.kind)
    for value, bits in (
        (len(words_of(asset.label)), _WORD_BITS),
        (len(asset.label), _LENGTH_BITS),
        (hashed % (1 << _HASH_BITS), _HASH_BITS),
    ):
        number = (number << bits) + min(value, (1 << bits) - 1)
    return number


def _range(kind: AssetKind | None) -> tuple[int, int]:
    bits = _WORD_BITS + _LENGTH_BITS + _HASH_BITS
    if kind is None:
        return 0, 1 << (bits + _KIND_BITS)
    return KINDS.index(kind) << bits, (KINDS.index(kind) + 1) << bits


def _content(asset: Asset) -> str:
    return json.dumps(asdict(asset), sort_keys=True)


def _asset(content: Mapping[str, object]) -> Asset:
    fields = {
        **content,
        "kind": AssetKind(str(content["kind"])),
        "tags": tuple(_list(content["tags"])),
    }
    return Asset(**fields)  # type: ignore[arg-type]  # as `asdict` wrote it


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _index(connection: Connection) -> WordIndex:
    return _INDEXES[connection.dialect.name]
