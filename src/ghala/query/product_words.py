"""All words of the catalog in memory, as sets of bits: which assets of which products a text stands in.

The database's index finds the first few assets that fit. A catalog with facets has to know every product that does,
with each key that somebody types.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ghala.model.asset import AssetKind
from ghala.model.names import DatasetName
from ghala.query.assets import GLOSSARY, OWNERS, assets_of
from ghala.query.cache import Recent
from ghala.registry.search import asset_words, order_number
from ghala.registry.search_words import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ghala.model.asset import Asset
    from ghala.model.term import Term
    from ghala.query.passes import Group
    from ghala.registry.search_words import Pattern
    from ghala.spec.kept import Definitions

_DENSE = 512
"""A word that stands in more assets than this is kept as bits, others as places: that takes less in both cases."""
_KEPT_PATTERNS = 512


class Placed(NamedTuple):
    """An asset at its place. `number` is where it comes among those that fit equally well."""

    number: int
    kind: AssetKind
    name: str


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes in which the places of one product's assets are.

    Of their bits, one is `itself`, those of `datasets` are each with all of its columns, and `columns` are each alone.
    """

    begin: int
    end: int
    itself: int = 0
    datasets: Mapping[DatasetName, int] = field(default_factory=dict)
    columns: Mapping[DatasetName, Mapping[str, int]] = field(default_factory=dict)

    def of(self, bits: bytes) -> int:
        """Return its part of a set of bits."""
        return int.from_bytes(bits[self.begin : self.end], "little")

    def place(self, bit: int) -> int:
        """Return the place in the whole of a bit of its own, such as the lowest of some."""
        return self.begin * 8 + bit.bit_length() - 1


class _FieldWords:
    """The words of one field, and where each stands."""

    def __init__(self, places: Mapping[str, array[int]], size: int) -> None:
        self._words = sorted(places)
        self._places = [_packed(places[word], size) for word in self._words]

    def add(self, pattern: Pattern, found: bytearray) -> int:
        """Put the rare places of a pattern into a set of bits, and return the others as bits."""
        begin = bisect_left(self._words, pattern.word)
        bits = 0
        for at in range(begin, len(self._words)):
            word = self._words[at]
            if not (word.startswith(pattern.word) if pattern.is_prefix else word == pattern.word):
                break
            places = self._places[at]
            if isinstance(places, int):
                bits |= places
            else:
                for place in places:
                    found[place >> 3] |= 1 << (place & 7)
        return bits


class ProductWords:
    """The words of one state of the definitions and the glossary. Nothing of it changes."""

    def __init__(self, definitions: Definitions, terms: Sequence[Term]) -> None:
        self.definitions, self.terms = definitions, terms
        self._placed: list[Placed | None] = []
        places: dict[int, dict[str, array[int]]] = {
            depth: defaultdict(lambda: array("L")) for depth in range(len(FIELDS))
        }
        self.spans = {
            str(name): self._put(assets_of(str(name), definitions, terms), places)
            for name in definitions.products
        }
        loose = (assets_of(source, definitions, terms) for source in (OWNERS, GLOSSARY))
        self.loose = self._put(chain.from_iterable(loose), places)
        self.size = self.loose.end
        self._fields = [_FieldWords(places[depth], self.size) for depth in range(len(FIELDS))]
        self._bits: Recent[tuple[Pattern, int], int] = Recent(_KEPT_PATTERNS)

    def placed(self, place: int) -> Placed:
        """Return the asset at a place.

        Raises:
            KeyError: there is none.
        """
        found = self._placed[place]
        if found is None:
            raise KeyError(place)
        return found

    def fitting(self, groups: Sequence[Group], depth: int) -> int:
        """Return the assets in which one pattern of each group stands, in the first so many of the `FIELDS`."""
        fitting = -1
        for group in groups:
            bits = 0
            for pattern in group:
                for place in range(depth):
                    bits |= self._of(pattern, place)
            fitting &= bits
        return fitting

    def bytes(self, bits: int) -> bytes:
        """Return a set of bits as the spans divide it."""
        return bits.to_bytes(self.size, "little")

    def _of(self, pattern: Pattern, depth: int) -> int:
        def found() -> int:
            rare = bytearray(self.size)
            dense = self._fields[depth].add(pattern, rare)
            return dense | int.from_bytes(rare, "little")

        return self._bits.get((pattern, depth), found)

    def _put(self, assets: Iterator[Asset], places: Mapping[int, dict[str, array[int]]]) -> Span:
        numbered = sorted(
            ((order_number(asset), asset) for asset in assets), key=lambda one: one[0]
        )
        begin = len(self._placed)
        itself, datasets = 0, dict[DatasetName, int]()
        columns: dict[DatasetName, dict[str, int]] = defaultdict(dict)
        for at, (number, asset) in enumerate(numbered):
            self._placed.append(Placed(number, asset.kind, asset.name))
            words = asset_words(asset)
            for depth, one in enumerate(FIELDS):
                for word in words[one]:
                    places[depth][word].append(begin + at)
            if asset.kind is AssetKind.PRODUCT:
                itself |= 1 << at
            elif asset.kind in {AssetKind.DATASET, AssetKind.COLUMN}:
                domain, dataset, *column = asset.name.split(".", 2)
                name = DatasetName(domain, dataset)
                datasets[name] = datasets.get(name, 0) | 1 << at
                for label in column:
                    columns[name][label.lower()] = 1 << at
        # The next one begins with a byte of its own.
        self._placed += [None] * (-len(self._placed) % 8)
        return Span(begin // 8, len(self._placed) // 8, itself, datasets, columns)


@dataclass(slots=True)
class KeptProductWords:
    """The words of what is defined now. While they are gathered anew, those of before are looked into."""

    definitions: Callable[[], Definitions]
    terms: Callable[[], Sequence[Term]]
    _made: ProductWords | None = field(default=None, repr=False)
    _making: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def now(self) -> ProductWords:
        """Return the words; who is the first to ask waits for them."""
        if self._made is None:
            with self._making:
                return self._made or self._make()
        self.follow()
        return self._made

    def follow(self) -> None:
        """Begin to gather the words, if what is defined changed since; returns at once."""
        if not self._is_of_now() and self._making.acquire(blocking=False):
            threading.Thread(target=self._work, name="ghala-product-words", daemon=True).start()

    def _is_of_now(self) -> bool:
        made = self._made
        return (
            made is not None
            and made.definitions is self.definitions()
            and made.terms == self.terms()
        )

    def _work(self) -> None:
        try:
            self._make()
        finally:
            self._making.release()

    def _make(self) -> ProductWords:
        self._made = made = ProductWords(self.definitions(), self.terms())
        return made


def _packed(places: array[int], size: int) -> array[int] | int:
    if len(places) <= _DENSE:
        return places
    bits = bytearray(size)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")
