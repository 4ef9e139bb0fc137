"""Which products a text finds for somebody: all of them, the best first, as the catalog shows and counts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.query.cache import Recent
from ghala.query.passes import asked_words, near_words, passes
from ghala.registry.registry import read_epoch
from ghala.registry.search_words import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ghala.model.principal import Principal
    from ghala.query.indexing import SearchIndex
    from ghala.query.passes import Group
    from ghala.query.product_words import KeptProductWords, ProductWords, Span
    from ghala.query.shelf import Shelf
    from ghala.query.visible import Sight, Visibility
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class View:
    """What of the words belongs to what exists for one principal.

    `certain` is known to everybody for whom its dataset exists, so that no decision is needed; `doubtful` are columns
    that policies hide from some of them.
    """

    shelf: Shelf
    words: ProductWords
    certain: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class ProductSearch:
    """Finds products. `missed` is told what was looked for in vain."""

    registry: Registry
    index: SearchIndex
    visibility: Visibility
    words: KeptProductWords
    missed: Callable[[str, str], None]
    _views: Recent[int, View] = field(default_factory=lambda: Recent(64), repr=False, compare=False)

    def products(
        self, text: str, principal: Principal, shelf: Shelf, *, is_typing: bool = False
    ) -> tuple[str, ...]:
        """Return the products on a principal's shelf in which a text stands, or in their datasets or columns.

        An owner stands for what is theirs, a term for the data that it speaks of. `is_typing` says that the text is not
        at its end: nobody missed anything yet. Only what exists for the principal is counted: what does not neither
        moves a product to another place nor decides whether typing errors are looked for.

        Raises:
            DeniedError: the token that proved who asks does not allow to discover anything.
            UsageError: the text is too long.
        """
        asked = asked_words(text, principal)
        self.index.follow()
        if not asked:
            return ()
        words = self.words.now()
        with self.registry.read() as connection:
            sight = self.visibility.of(principal, read_epoch(connection))
            found = _found(connection, asked, self._view(words, shelf), sight)
        if not found and not is_typing:
            self.missed(text, "")
        return found

    def _view(self, words: ProductWords, shelf: Shelf) -> View:
        kept = self._views.find(id(shelf))
        if kept is None or kept.shelf is not shelf or kept.words is not words:
            kept = _view(words, shelf)
            self._views.keep(id(shelf), kept)
        return kept


def _view(words: ProductWords, shelf: Shelf) -> View:
    certain, doubtful = bytearray(words.size), bytearray(words.size)
    for name, entry in shelf.entries.items():
        span = words.spans.get(name)
        if span is None:
            continue  # it was defined a moment ago
        known, unknown = span.itself, 0
        for dataset in entry.datasets:
            hidden = 0
            columns = span.columns.get(dataset.name, {})
            for column in columns.keys() - entry.columns[dataset.name].open_names:
                hidden |= columns[column]
            known |= span.datasets.get(dataset.name, 0) & ~hidden
            unknown |= hidden
        length = span.end - span.begin
        certain[span.begin : span.end] = known.to_bytes(length, "little")
        doubtful[span.begin : span.end] = unknown.to_bytes(length, "little")
    return View(shelf, words, int.from_bytes(certain, "little"), int.from_bytes(doubtful, "little"))


def _found(
    connection: Transaction, asked: Sequence[str], view: View, sight: Sight
) -> tuple[str, ...]:
    words = view.words
    found: dict[str, None] = {}
    rest = [(name, span) for name, span in words.spans.items() if name in view.shelf.entries]
    for groups, depth in passes(_Look(connection, words), asked, found):
        fitting = words.fitting(groups, depth)
        certain = words.bytes(fitting & view.certain)
        doubtful = words.bytes(fitting & view.doubtful)
        # What is found in an open text anyway is not asked about once more for a column that may be hidden.
        open_anyway = words.bytes(words.fitting(groups, len(FIELDS)) & view.certain)
        best: list[tuple[int, str]] = []
        for name, span in rest:
            bits = span.of(certain)
            if not bits and not span.of(open_anyway):
                bits = _seen(span, span.of(doubtful), words, sight)
            if bits:
                best.append((words.placed(span.place(bits & -bits)).number, name))
        best += _loose(words.bytes(fitting), view, sight)
        found |= dict.fromkeys(name for _, name in sorted(best))
        rest = [(name, span) for name, span in rest if name not in found]
    return tuple(found)


def _seen(span: Span, bits: int, words: ProductWords, sight: Sight) -> int:
    """Return the first of some assets that exists for the principal, as a bit; 0 if none does."""
    for bit in _each(bits):
        placed = words.placed(span.place(bit))
        if sight.sees(placed.kind, placed.name):
            return bit
    return 0


def _loose(fitting: bytes, view: View, sight: Sight) -> Iterator[tuple[int, str]]:
    """Yield the products that an owner or a term stands for."""
    words = view.words
    terms = {term.name: term for term in words.terms}
    for bit in _each(words.loose.of(fitting)):
        placed = words.placed(words.loose.place(bit))
        if sight.sees(placed.kind, placed.name):
            for name in sight.products_of(placed.kind, placed.name, terms):
                if name in view.shelf.entries:
                    yield placed.number, name


def _each(bits: int) -> Iterator[int]:
    """Yield the single bits of some, the lowest first.

    >>> list(_each(0b1010))
    [2, 8]
    """
    while bits:
        lowest = bits & -bits
        yield lowest
        bits ^= lowest


@dataclass(frozen=True, slots=True)
class _Look:
    connection: Transaction
    words: ProductWords

    def finds(self, groups: Sequence[Group]) -> bool:
        """Return whether anything fits at all."""
        return self.words.fitting(groups, len(FIELDS)) != 0

    def near(self, word: str, errors: int) -> Group:
        """Return a word, its longer forms, and the known words that it may have been meant for."""
        return near_words(self.connection, word, errors)
