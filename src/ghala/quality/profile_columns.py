"""What a profile looks at in a column, by its type, and the bins of its histogram. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.model.profile import Measure
from ghala.model.types import Kind
from ghala.quality.literal import FLOATING, NESTED

if TYPE_CHECKING:
    from ghala.model.types import DataType

BINS = 20
MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
_NUMBERS = FLOATING | {Kind.BIGINT, Kind.DECIMAL, Kind.INTEGER}
_ORDERED = _NUMBERS | MOMENTS | {Kind.TIME, Kind.VARCHAR}
_COUNTED = frozenset(Kind) - NESTED - {Kind.BLOB}


@dataclass(frozen=True, slots=True)
class Profiled:
    """A column that is looked at; `place` is its number in the sample."""

    name: str
    type: DataType
    place: int

    @property
    def has_distinct(self) -> bool:
        """Whether its different values are counted, and the most frequent ones listed."""
        return self.type.kind in _COUNTED

    @property
    def has_order(self) -> bool:
        """Whether it has a least and a greatest value."""
        return self.type.kind in _ORDERED

    @property
    def has_quantiles(self) -> bool:
        """Whether its values lie on a scale."""
        return self.type.kind in _NUMBERS or self.type.kind in MOMENTS

    @property
    def is_floating(self) -> bool:
        """Whether it may have values that are no numbers."""
        return self.type.kind in FLOATING

    @property
    def is_number(self) -> bool:
        """Whether it has a mean."""
        return self.type.kind in _NUMBERS

    @property
    def is_truth(self) -> bool:
        """Whether it is true or false."""
        return self.type.kind is Kind.BOOLEAN

    @property
    def of(self) -> Measure | None:
        """What its histogram divides; None if it has none."""
        if self.type.kind is Kind.VARCHAR:
            return Measure.LENGTH
        if self.type.kind in MOMENTS:
            return Measure.TIME
        return Measure.VALUE if self.is_number else None

    @property
    def is_whole(self) -> bool:
        """Whether what its histogram divides are whole numbers."""
        return self.of is not None and self.type.kind not in FLOATING | {Kind.DECIMAL}


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of equal width: `count` of them from `low` on, each `step` wide."""

    low: float
    step: float
    count: int

    @property
    def edges(self) -> tuple[float, ...]:
        """Return the edges, one more than there are bins."""
        return tuple(self.low + number * self.step for number in range(self.count + 1))


def bins_of(low: float | None, high: float | None, *, is_whole: bool) -> Bins | None:
    """Return the bins from a least to a greatest value; None if there are none, or too far apart.

    >>> bins_of(1, 100, is_whole=True)
    Bins(low=1, step=5, count=20)
    >>> bins_of(3, 5, is_whole=True).edges
    (3, 4, 5, 6)
    >>> bins_of(0.5, 0.5, is_whole=False).edges
    (0.5, 0.5)
    """
    if low is None or high is None:
        return None
    if is_whole:
        span = int(high) - int(low) + 1
        step = -(-span // min(BINS, span))
        return Bins(int(low), step, -(-span // step))
    width = (high - low) / BINS
    if not math.isfinite(width):
        return None
    return Bins(low, width, BINS) if low + width > low else Bins(low, high - low, 1)


def end_names(column: Profiled) -> list[str]:
    """Return what `ends_query` says of a column, in its order."""
    if not column.has_order or column.is_floating:
        return []
    is_scaled = column.has_quantiles
    return ["minimum", "maximum", "low", "high"] if is_scaled else ["minimum", "maximum"]


def fact_names(column: Profiled) -> list[str]:
    """Return what `facts_query` says of a column, in its order."""
    names = ["present"]
    names += ["distinct"] if column.has_distinct else []
    names += ["minimum", "maximum"] if column.is_floating else []
    names += ["low", "high"] if column.is_floating or column.of is Measure.LENGTH else []
    names += ["mean"] if column.is_number else []
    return [*names, "true_rows"] if column.is_truth else names
