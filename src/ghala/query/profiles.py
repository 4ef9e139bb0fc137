"""Profiles of releases as a principal may see them: no more than its own statements over the rows could tell.

The values of a column, and what is computed from them, are for whoever sees it clear in all rows. How many rows there
are is for whoever reads all of them; how many are NULL as well, where the column's mask leaves NULL as it is. A column
that is hidden is in no profile, and a dataset that may not be discovered has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError
from ghala.model.policy import Clearance
from ghala.model.profile import QUANTILES, ColumnProfile
from ghala.model.release import PROD
from ghala.query.intent import basis_of
from ghala.query.record import recorded
from ghala.registry import environments, profiles, releases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ghala.model.principal import Principal
    from ghala.model.profile import DatasetProfile, Histogram
    from ghala.query.decided import DecidedRelease, DecidedReleases
    from ghala.query.discover import Facts

SERIES_RELEASES = 30
"""How many of the last releases a column's series goes back."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """What releases look like."""

    decided: DecidedReleases

    def profile(
        self,
        name: str,
        principal: Principal,
        *,
        release: int | None = None,
        column: str | None = None,
        environment: str = PROD,
    ) -> Facts:
        """Return the profile of a dataset in a release, the current one unless given, or of one of its columns.

        Raises:
            NotFoundError: there is no such dataset, release or column, as far as the principal may know.
            DeniedError: the principal may not read it.
        """
        dataset = self.decided.named(name, principal, environment)
        seen = self.decided.readable(dataset, principal, environment, release)
        profile = self._of(seen)
        columns = seen.columns if column is None else [_one(seen, column)]
        clear = [one for one in columns if seen.clearance(one) is Clearance.CLEAR]
        facts: Facts = {
            "dataset": str(seen.resolved.name),
            "release": seen.pin.number,
            "environment": seen.pin.environment,
            "is_recorded": profile is not None,
            "fault": profile.fault if profile else None,
            "coverage": profile.coverage.value if profile else None,
            "rows": profile.rows if profile and seen.reads_all else None,
            "columns": list(_shown(seen, profile, columns)) if profile else [],
        }
        if profile is not None and clear:
            # It holds values: whoever looks at it reads.
            self._record(principal, environment, seen, clear)
        return facts

    def series(
        self, name: str, column: str, principal: Principal, *, environment: str = PROD
    ) -> Facts:
        """Return how one column was in the last releases that have a profile, oldest first.

        Raises:
            NotFoundError: there is no such dataset or column, as far as the principal may know.
            DeniedError: the principal may not read it.
        """
        dataset = self.decided.named(name, principal, environment)
        now = self.decided.readable(dataset, principal, environment, None)
        wanted = _one(now, column)
        with environments.read(self.decided.registry, environment) as connection:
            numbers = [
                one.number
                for one in releases.history(connection, now.pin.environment, now.pin.product)
            ][:SERIES_RELEASES]
        points: list[Facts] = []
        for number in reversed(numbers):
            seen = self.decided.find(dataset, principal, environment, number)
            profile = None if seen is None else self._of(seen)
            if seen is not None and profile is not None and seen.decision.is_allowed:
                points += _points(seen, profile, wanted)
        return {"dataset": str(dataset), "column": wanted, "points": points}

    def _of(self, seen: DecidedRelease) -> DatasetProfile | None:
        with self.decided.registry.read() as connection:
            return profiles.find(connection, seen.pin)

    def _record(
        self, principal: Principal, environment: str, seen: DecidedRelease, columns: Sequence[str]
    ) -> None:
        name = str(seen.resolved.name)
        read = {
            "release": seen.pin.number,
            "columns": list(columns),
            "reasons": list(seen.decision.reasons),
        }
        detail = {
            "form": "profile",
            "environment": environment,
            "datasets": {name: read},
            **basis_of([seen.decision]),
        }
        with recorded(self.decided.audit.started(principal, [name], detail)) as ending:
            ending.is_finished = True


def _one(seen: DecidedRelease, wanted: str) -> str:
    for name in seen.columns:
        if name.lower() == wanted.lower():
            return name
    raise NotFoundError(f"there is no column `{wanted[:200]}`")


def _shown(
    seen: DecidedRelease, profile: DatasetProfile, columns: Sequence[str]
) -> Iterator[Facts]:
    for name in columns:
        found = profile.column(name)
        if found is not None:
            yield _column(seen, profile, found)


def _column(seen: DecidedRelease, profile: DatasetProfile, column: ColumnProfile) -> Facts:
    is_counted = seen.shows_nulls(column.name)
    facts: Facts = {
        "name": column.name,
        "type": column.type,
        "clearance": seen.clearance(column.name).value,
        "nulls": column.nulls if is_counted else None,
        "null_share": _share(column.nulls, profile.rows) if is_counted else None,
    }
    if seen.clearance(column.name) is not Clearance.CLEAR:
        column = _nothing(column)
    rows = profile.rows if column.sampled is None else column.sampled
    present = profile.rows - column.nulls
    return facts | {
        "approximate_distinct": column.distinct,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "mean": column.mean,
        "standard_deviation": column.stddev,
        "true_share": None if column.true_rows is None else _share(column.true_rows, present),
        "sampled_rows": column.sampled,
        "quantiles": [
            {"share": share, "value": value}
            for share, value in zip(QUANTILES, column.quantiles, strict=False)
        ],
        "histogram": _histogram(column.histogram) if column.histogram else None,
        "top": [
            {"value": one.value, "rows": one.rows, "share": _share(one.rows, rows)}
            for one in column.top
        ],
    }


def _nothing(column: ColumnProfile) -> ColumnProfile:
    """Return a profile that says nothing but which column it is of."""
    return ColumnProfile(column.name, column.type, 0)


def _histogram(histogram: Histogram) -> Facts:
    return {
        "of": histogram.of.value,
        "edges": list(histogram.edges),
        "counts": list(histogram.counts),
    }


def _points(seen: DecidedRelease, profile: DatasetProfile, name: str) -> Iterator[Facts]:
    column = profile.column(name)
    if column is None or seen.clearance(name) is Clearance.HIDDEN:
        return
    is_counted = seen.shows_nulls(name)
    is_clear = seen.clearance(name) is Clearance.CLEAR
    yield {
        "release": seen.pin.number,
        "coverage": profile.coverage.value,
        "rows": profile.rows if seen.reads_all else None,
        "null_share": _share(column.nulls, profile.rows) if is_counted else None,
        "approximate_distinct": column.distinct if is_clear else None,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
