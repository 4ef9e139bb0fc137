"""What columns carry on: tags and classifications travel along lineage until an owner declares that they do not.

A column has the terms of its own contract, and those of every column that its values come from, also of those that
only decide which value it is. What decides which rows there are carries nothing on.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ghala.model.classification import Classification, classification_of, strictest
from ghala.model.lineage import SOURCE, ColumnTerms, Origin
from ghala.model.names import DatasetName
from ghala.registry import declarations, lineage
from ghala.registry.registry import read_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from ghala.governance.authorize import Asked
    from ghala.model.contract import Column
    from ghala.model.declaration import Declaration
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

_Place = tuple[str, str, str | None]
"""A dataset, a column in lower case, and the lineage that its release has: None if there is none on record."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One column's terms: each tag with the columns of whose contracts it is, and likewise the classification.

    `via` has, for each tag that is not the column's own, the columns right above that brought it; `strict_via` those
    that brought the classification. `above` are all of them.
    """

    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    classification: Classification = Classification.INTERNAL
    strict_from: frozenset[str] = frozenset()
    via: Mapping[str, frozenset[str]] = field(default_factory=dict)
    strict_via: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()


_PLAIN = Carried(classification=Classification.PUBLIC)


@dataclass(slots=True)
class Inheritance:
    """Finds what columns carry on, and keeps it until the epoch or the definitions move. Safe between threads."""

    registry: Registry
    definitions: Callable[[], Definitions]
    _world: _World | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def added(self, asked: Asked, at: datetime | None = None) -> Asked:
        """Return what is asked for with what its columns carry on, besides what is said of them already.

        At a time that has passed, what was declared then holds, and what the contracts of then said of the columns.
        """
        if not asked.columns:
            return asked
        with self.registry.read() as connection:
            world = self._now(connection) if at is None else self._then(connection, at)
            columns = tuple(
                _with(one, world.found(connection, asked.name, one.name, asked.lineage))
                for one in asked.columns
            )
        return replace(asked, columns=columns)

    def carried(self, name: DatasetName, column: str, sha256: str | None = None) -> Carried:
        """Return what a column carries in the release with that lineage, or in the current ones of all environments."""
        with self.registry.read() as connection:
            return self._now(connection).found(connection, name, column, sha256)

    def _then(self, connection: Transaction, at: datetime) -> _World:
        return _World.of(connection, read_epoch(connection), self.definitions(), at)

    def _now(self, connection: Transaction) -> _World:
        epoch, known = read_epoch(connection), self.definitions()
        with self._lock:
            world = self._world
            if world is None or world.epoch != epoch or world.definitions is not known:
                world = self._world = _World.of(connection, epoch, known)
            return world


@dataclass(slots=True)
class _World:
    """Everything at one epoch, by one reading of the definitions; `is_past` where another time's is looked for."""

    epoch: int
    definitions: Definitions
    current: Mapping[str, frozenset[str]]
    declared: Mapping[tuple[str, str], tuple[Declaration, ...]]
    is_past: bool = False
    _carried: dict[_Place, Carried] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        connection: Transaction,
        epoch: int,
        definitions: Definitions,
        at: datetime | None = None,
    ) -> _World:
        declared: dict[tuple[str, str], tuple[Declaration, ...]] = {}
        for one in declarations.all_of(connection):
            found = definitions.datasets.get(one.dataset)
            # A dataset that took over a name does not take over what was declared about the other one.
            is_in_force = one.is_in_force if at is None else one.was_in_force(at)
            if is_in_force and found is not None and found[2].id == one.dataset_id:
                place = (str(one.dataset), one.column.lower())
                declared[place] = (*declared.get(place, ()), one)
        current = lineage.current_by_dataset(connection)
        return cls(epoch, definitions, current, declared, is_past=at is not None)

    def found(
        self, connection: Transaction, name: DatasetName, column: str, sha256: str | None
    ) -> Carried:
        table, lowered = str(name), column.lower()
        hashes = self.current.get(table, frozenset()) if sha256 is None else frozenset({sha256})
        places: list[_Place] = [(table, lowered, one) for one in sorted(hashes)]
        places = places or [(table, lowered, None)]
        return _joined([self._follow(connection, place) for place in places])

    def _follow(self, connection: Transaction, root: _Place) -> Carried:
        """Return what a place carries: those above come first, on a stack of our own, since the way may be long."""
        stack, opened = [root], set[_Place]()
        while stack:
            place = stack[-1]
            if place in self._carried:
                stack.pop()
                continue
            above = dict(self._above(connection, place))
            missing = [
                one
                for places in above.values()
                for one in places
                if one not in self._carried and one not in opened
            ]
            opened.add(place)
            if missing:
                stack += missing
                continue
            self._carried[place] = self._combined(connection, place, above)
            stack.pop()
        return self._carried[root]

    def _above(
        self, connection: Transaction, place: _Place
    ) -> Iterator[tuple[Origin, tuple[_Place, ...]]]:
        """Yield the columns right above one, each as the releases have it that were read."""
        table, column, sha256 = place
        kept = None if sha256 is None else lineage.read(connection, sha256)
        made = kept.datasets.get(table) if kept else None
        influence = made.column(column) if made else None
        if kept is None or influence is None:
            return
        for origin in influence.origins:
            if origin.table.startswith(SOURCE):
                continue
            hashes: tuple[str | None, ...] = kept.inputs.get(origin.table) or (None,)
            columns = [origin.column.lower()]
            if not origin.column:
                columns = sorted(self._all_columns(connection, origin.table, hashes))
            yield (
                origin,
                tuple((origin.table, one, sha256) for one in columns for sha256 in hashes),
            )

    def _all_columns(
        self, connection: Transaction, table: str, hashes: tuple[str | None, ...]
    ) -> set[str]:
        found = self.definitions.datasets.get(DatasetName.parse(table))
        names = {one.name.lower() for one in found[2].columns} if found else set()
        for sha256 in hashes:
            made = lineage.read(connection, sha256).datasets.get(table) if sha256 else None
            names |= {name.lower() for name, _ in made.columns} if made else set()
        return names

    def _combined(
        self, connection: Transaction, place: _Place, above: Mapping[Origin, tuple[_Place, ...]]
    ) -> Carried:
        table, column, _ = place
        itself = f"{table}.{column}"
        own = self._own_terms(connection, place)
        tags = {tag.lower(): {itself} for tag in own.tags}
        word, strict_from = classification_of(own.classification), {itself}
        via: dict[str, set[str]] = {}
        strict_via: set[str] = set()
        declared = self.declared.get((table, column), ())
        for origin, places in above.items():
            covering = [one for one in declared if str(origin) in one.origins]
            dropped = {one.tag for one in covering if one.tag is not None}
            carried = _joined([self._carried.get(one, _PLAIN) for one in places])
            for tag, sources in carried.tags.items():
                if tag not in dropped:
                    tags.setdefault(tag, set()).update(sources)
                    via.setdefault(tag, set()).add(str(origin))
            said = [one.classification for one in covering if one.classification is not None]
            brought = classification_of(said[-1]) if said else carried.classification
            if brought is not word and strictest((brought, word)) is brought:
                word, strict_from, strict_via = brought, set(carried.strict_from), {str(origin)}
            elif brought is word and strict_via:
                strict_from |= carried.strict_from
                strict_via.add(str(origin))
        return Carried(
            {tag: frozenset(sources) for tag, sources in tags.items()},
            word,
            frozenset(strict_from),
            {tag: frozenset(origins) for tag, origins in via.items()},
            frozenset(strict_via),
            frozenset(map(str, above)),
        )

    def _own_terms(self, connection: Transaction, place: _Place) -> ColumnTerms:
        """Return what the contract says of a column now, or what it said when it still had the column."""
        table, name, sha256 = place
        found = self.definitions.datasets.get(DatasetName.parse(table))
        column = found[2].column(name) if found else None
        now = None if column is None else ColumnTerms(column.classification, column.tags)
        if now is not None and not self.is_past:
            return now
        kept = None if sha256 is None else lineage.read(connection, sha256)
        then = kept.terms.get(table, {}).get(name) if kept else None
        return then or now or ColumnTerms()


def _joined(every: list[Carried]) -> Carried:
    if len(every) == 1:
        return every[0]
    word = strictest(one.classification for one in every) if every else Classification.PUBLIC
    strict = [one for one in every if one.classification is word]
    return Carried(
        _merged([one.tags for one in every]),
        word,
        frozenset().union(*(one.strict_from for one in strict)),
        _merged([one.via for one in every]),
        frozenset().union(*(one.strict_via for one in strict)),
        frozenset().union(*(one.above for one in every)),
    )


def _merged(every: list[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one in every:
        for key, names in one.items():
            found[key] = found.get(key, frozenset()) | names
    return found


def _with(column: Column, carried: Carried) -> Column:
    """Return a column with what it carries on; what is said of it already stays."""
    said = {tag.lower() for tag in column.tags}
    more = tuple(sorted(tag for tag in carried.tags if tag in carried.via and tag not in said))
    word = classification_of(column.classification)
    is_stricter = bool(carried.strict_via) and strictest((carried.classification, word)) is not word
    if not more and not is_stricter:
        return column
    return replace(
        column,
        tags=(*column.tags, *more),
        classification=carried.classification.value if is_stricter else column.classification,
    )
