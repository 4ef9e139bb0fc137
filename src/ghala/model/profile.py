"""Profiles: what the rows of one release look like, column by column. They hold values, and are read like rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghala.model.names import DatasetName

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The shares of rows below the five values of a profile."""


class Coverage(StrEnum):
    """Which rows a profile is about; keep sorted.

    `added`    those that the release added: what stays beside them is too much to be looked at again each time
    `release`  all rows of the release
    """

    ADDED = "added"
    RELEASE = "release"


class Measure(StrEnum):
    """What the bins of a histogram divide; keep sorted."""

    LENGTH = "length"
    TIME = "time"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Histogram:
    """Rows by bins of equal width; NULL and what is not finite is in none.

    `edges` has one more than `counts`: a bin has its lower edge, and the last one both. Numbers, but moments in the
    words of ISO 8601 where `of` is `time`. `length` is the number of characters of a text.
    """

    of: Measure
    edges: tuple[float | str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopValue:
    """One of the values that come most often, as text of at most 100 characters."""

    value: str
    rows: int


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column of a release.

    `nulls`, `minimum`, `maximum`, `mean` and `true_rows` are of all rows that the profile is about; `distinct` as well,
    but estimated, within some percent. `stddev`, `quantiles`, `histogram` and `top` are of `sampled` of them; None
    where they are of all.

    Values are text, as SQL writes them, of at most 100 characters. None, or nothing, where a type has no such thing,
    or where there are no rows. A `top` value has more than one row, and at least one of a thousand.
    """

    name: str
    type: str
    nulls: int
    distinct: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    mean: float | None = None
    stddev: float | None = None
    true_rows: int | None = None
    sampled: int | None = None
    quantiles: tuple[str, ...] = ()
    histogram: Histogram | None = None
    top: tuple[TopValue, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetProfile:
    """One dataset of a release.

    `rows` is how many rows it is about. `fault` says why there are no columns, if the engine could not make it.
    """

    dataset: DatasetName
    coverage: Coverage
    rows: int
    columns: tuple[ColumnProfile, ...] = ()
    fault: str | None = None

    def column(self, name: str) -> ColumnProfile | None:
        """Return the profile of a column, whatever its case; None if it has none."""
        lowered = name.lower()
        return next((one for one in self.columns if one.name.lower() == lowered), None)


class Shift(StrEnum):
    """What of a column moved between two profiles; keep sorted.

    `distinct`  a fifth fewer different values, or a quarter more
    `mean`      by a quarter of the standard deviation or more
    `nulls`     the share of NULL, by one percent or more
    `range`     the least or the greatest value
    `values`    a tenth of the rows has other values, among those that come most often
    """

    DISTINCT = "distinct"
    MEAN = "mean"
    NULLS = "nulls"
    RANGE = "range"
    VALUES = "values"
