"""Lineage: which columns the columns of a result come from, of a statement and of a release."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SOURCE = "source:"
"""What stands before the name of a product's source, where others stand as `domain.dataset`."""


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A column of a table that a statement reads. An empty column means any: it could not be told which."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column or '*'}"


@dataclass(frozen=True, slots=True)
class Influence:
    """Where a value comes from.

    `direct` columns are what it is computed from; `indirect` ones decide how, or which of several values it is (CASE,
    FILTER, windows). Untraced means that it cannot be told: these are then all that it might come from.
    """

    direct: frozenset[Origin] = frozenset()
    indirect: frozenset[Origin] = frozenset()
    is_traced: bool = True

    def __or__(self, other: Influence) -> Influence:
        return union((self, other))

    @property
    def origins(self) -> frozenset[Origin]:
        """All that the value comes from, in whatever way."""
        return self.direct | self.indirect

    def aside(self) -> Influence:
        """Return the same as what decides only."""
        return Influence(frozenset(), self.direct | self.indirect, self.is_traced)

    def untraced(self) -> Influence:
        """Return the same as what might be."""
        return Influence(self.direct, self.indirect, is_traced=False)


NOTHING = Influence()


def union(influences: Iterable[Influence]) -> Influence:
    """Return all of them together.

    >>> union([Influence(frozenset({Origin("t", "a")})), NOTHING]).direct
    frozenset({Origin(table='t', column='a')})
    """
    # Columns are often traced to the very same sets: each is looked at once.
    found = {id(one): one for one in influences if one is not NOTHING}
    if len(found) <= 1:
        return next(iter(found.values()), NOTHING)
    return Influence(
        _together({id(one.direct): one.direct for one in found.values()}),
        _together({id(one.indirect): one.indirect for one in found.values()}),
        all(one.is_traced for one in found.values()),
    )


def _together(sets: Mapping[int, frozenset[Origin]]) -> frozenset[Origin]:
    filled = [one for one in sets.values() if one]
    return filled[0] if len(filled) == 1 else frozenset().union(*filled)


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a result comes from: each of its columns in order, and in `rows` what decides which rows there are."""

    columns: tuple[tuple[str, Influence], ...]
    rows: Influence
    _by_name: dict[str, Influence] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Remember the columns by their names: wide datasets are asked for each of theirs."""
        object.__setattr__(self, "_by_name", {name.lower(): one for name, one in self.columns})

    def column(self, name: str) -> Influence | None:
        """Return the column of that name, whatever its case; None if there is none."""
        return self._by_name.get(name.lower())


@dataclass(frozen=True, slots=True)
class ColumnTerms:
    """What a contract says that a column is about."""

    classification: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepLineage:
    """One step of a run by what it reads itself: sources, earlier steps by their names, and datasets."""

    name: str
    dataset: str | None
    lineage: Lineage


@dataclass(frozen=True, slots=True)
class ReleaseLineage:
    """What the datasets of one release come from: datasets of other products, and columns of sources.

    `inputs` has, for each dataset that was read, the lineages that its releases had, by their sha256: with those the
    way goes on. It is empty for a release that has none on record. `sources` says what each source is. `terms` are
    what the contracts said of columns, where they said anything: they count when nobody promises a column any more.
    """

    datasets: Mapping[str, Lineage]
    terms: Mapping[str, Mapping[str, ColumnTerms]] = field(default_factory=dict)
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    steps: tuple[StepLineage, ...] = ()
