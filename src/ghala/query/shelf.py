"""The products that exist for one principal, ready to be narrowed and counted; kept while nothing moves."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from ghala.governance.authorize import Asked
from ghala.model.browsing import Facet, FacetValue, Freshness, Trust
from ghala.model.opening import Opening
from ghala.model.release import PROD
from ghala.query.cache import Recent
from ghala.query.discover import may_be_hidden
from ghala.registry import browsing, releases
from ghala.registry.registry import read_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from ghala.governance.decider import EndpointDecider
    from ghala.model.contract import Dataset
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.registry.browsing import CurrentRelease
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin
    from ghala.spec.kept import Definitions

_KEPT_S = 60.0
"""How long a shelf is kept while nothing moves: what is a day old is so by the time alone."""
_DAY_US = 24 * 3600 * 1_000_000
_AGES = ((1, Freshness.DAY), (7, Freshness.WEEK), (30, Freshness.MONTH))
_TRUST = {None: Trust.UNCHECKED, False: Trust.BROKEN, True: Trust.KEPT}
_WIDEST = (Opening.AGREED, Opening.OPEN, Opening.ON_REQUEST, Opening.CLOSED)
_MOST_VALUES = 60
"""So many values of a facet are told, those of most products first, and all that are chosen."""
YES, NO = "yes", "no"


class Released(NamedTuple):
    """What consumers read now, at one epoch."""

    pins: Mapping[DatasetName, Pin]
    newest: Mapping[str, CurrentRelease]


class Columns(NamedTuple):
    """What is said of a dataset's columns to everybody for whom it exists.

    `open_names` are those, in lower case, that no policy hides from any of them.
    """

    has_personal: bool
    open_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One product as it exists for a principal: the datasets that they may discover, and what it is found by."""

    product: Product
    datasets: tuple[Dataset, ...]
    openings: Mapping[DatasetName, Opening]
    release: CurrentRelease | None
    columns: Mapping[DatasetName, Columns]
    values: Mapping[Facet, frozenset[str]]

    @property
    def is_personal(self) -> bool:
        """Whether one of the datasets has a personal column."""
        return any(one.has_personal for one in self.columns.values())

    @property
    def name(self) -> str:
        """The product's name."""
        return str(self.product.name)

    @property
    def opening(self) -> Opening:
        """The widest way to one of its datasets."""
        there = set(self.openings.values())
        return next(one for one in _WIDEST if one in there)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All products that exist for a principal, by name. It holds until a moment, if nothing moves before."""

    definitions: Definitions
    entries: Mapping[str, Entry]
    released: Released
    until_s: float
    until: datetime | None

    def holds(self, definitions: Definitions) -> bool:
        """Return whether it is still right."""
        return (
            self.definitions is definitions
            and time.monotonic() < self.until_s
            and (self.until is None or datetime.now(UTC) < self.until)
        )


@dataclass(frozen=True, slots=True)
class Shelves:
    """Makes shelves, and keeps those of the principals who looked last."""

    registry: Registry
    definitions: Callable[[], Definitions]
    decider: EndpointDecider
    _shelves: Recent[tuple[Principal, int], Shelf] = field(
        default_factory=lambda: Recent(64), repr=False, compare=False
    )
    _released: Recent[int, Released] = field(
        default_factory=lambda: Recent(2), repr=False, compare=False
    )
    _columns: Recent[tuple[int, int], dict[DatasetName, Columns]] = field(
        default_factory=lambda: Recent(2), repr=False, compare=False
    )

    def of(self, principal: Principal) -> Shelf:
        """Return what exists for a principal now."""
        definitions = self.definitions()
        with self.registry.read() as connection:
            epoch = read_epoch(connection)
        kept = self._shelves.find((principal, epoch))
        if kept is None or not kept.holds(definitions):
            kept = self._made(principal, epoch, definitions)
            self._shelves.keep((principal, epoch), kept)
        return kept

    def _made(self, principal: Principal, epoch: int, definitions: Definitions) -> Shelf:
        exists, opens = self.decider.discoverer(principal), self.decider.opener(principal)
        released = self._released.get(epoch, self._read)
        told = self._columns.get((epoch, id(definitions)), dict)
        began, now_us = time.monotonic(), time.time_ns() // 1000
        # A run that is refused moves no epoch: this is as old as the shelf may be.
        with self.registry.read() as connection:
            kept = browsing.kept_contracts(connection)
        found: dict[str, Entry] = {}
        until: datetime | None = None
        for product in definitions.products.values():
            datasets = tuple(one for one in product.datasets if exists(one.name))
            if not datasets:
                continue
            openings: dict[DatasetName, Opening] = {}
            for one in datasets:
                openings[one.name], ends = opens(one.name)
                until = min(filter(None, (until, ends)), default=None)
                if one.name not in told:
                    told[one.name] = self._told(one)
            release = released.newest.get(str(product.name))
            columns = {one.name: told[one.name] for one in datasets}
            is_personal = any(one.has_personal for one in columns.values())
            values = {
                Facet.ACCESS: frozenset(one.value for one in openings.values()),
                Facet.DOMAIN: frozenset({product.name.domain}),
                Facet.OWNER: frozenset({product.owner}),
                Facet.PERSONAL: frozenset({YES if is_personal else NO}),
                Facet.RELEASED: frozenset({age_of(release, now_us).value}),
                Facet.STATUS: frozenset({product.status}),
                Facet.TAG: frozenset(
                    {*product.tags, *(tag for one in datasets for tag in one.tags)}
                ),
                Facet.TRUST: frozenset({_TRUST[kept.get(str(product.name))].value}),
            }
            found[str(product.name)] = Entry(product, datasets, openings, release, columns, values)
        return Shelf(definitions, found, released, began + _KEPT_S, until)

    def _read(self) -> Released:
        with self.registry.read() as connection:
            return Released(
                releases.current(connection, PROD), browsing.current_releases(connection)
            )

    def _told(self, dataset: Dataset) -> Columns:
        columns = self.decider.described(Asked(dataset.name, dataset.columns)).columns
        opened = [one for one in columns if not may_be_hidden(one)]
        return Columns(
            any(is_personal_tag(tag) for column in opened for tag in column.tags),
            frozenset(column.name.lower() for column in opened),
        )


def is_personal_tag(tag: str) -> bool:
    """Return whether a tag says that a column is about persons.

    >>> is_personal_tag("pii.email"), is_personal_tag("PII"), is_personal_tag("pipeline")
    (True, True, False)
    """
    lowered = tag.lower()
    return lowered == "pii" or lowered.startswith("pii.")


def age_of(release: CurrentRelease | None, now_us: int) -> Freshness:
    """Return how long ago a release was.

    >>> from ghala.registry.browsing import CurrentRelease
    >>> age_of(CurrentRelease(3, 0), 8 * 24 * 3600 * 1_000_000), age_of(None, 0)
    (<Freshness.MONTH: 'month'>, <Freshness.NEVER: 'never'>)
    """
    if release is None:
        return Freshness.NEVER
    days = (now_us - release.at_us) / _DAY_US
    return next((age for limit, age in _AGES if days < limit), Freshness.OLDER)


def narrowed(
    entries: Iterable[Entry], chosen: Mapping[Facet, frozenset[str]]
) -> tuple[list[Entry], dict[Facet, list[FacetValue]]]:
    """Return the entries that fit every facet, and the values of each facet with what would be left.

    A value is counted among the entries that fit all *other* facets: choosing it as well widens its own facet.
    """
    wanted = {facet: values for facet, values in chosen.items() if values}
    fitting: list[Entry] = []
    counts: dict[Facet, Counter[str]] = {facet: Counter() for facet in Facet}
    for entry in entries:
        missed = [facet for facet, values in wanted.items() if not values & entry.values[facet]]
        if not missed:
            fitting.append(entry)
            for facet in Facet:
                counts[facet].update(entry.values[facet])
        elif len(missed) == 1:
            counts[missed[0]].update(entry.values[missed[0]])
    return fitting, {facet: _values(counts[facet], wanted.get(facet, ())) for facet in Facet}


def _values(counts: Counter[str], chosen: Collection[str]) -> list[FacetValue]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = dict(ordered[:_MOST_VALUES])
    shown |= {value: counts[value] for value in sorted(chosen) if value not in shown}
    return [FacetValue(value, count, value in chosen) for value, count in shown.items() if value]
