"""Profiles of releases as a principal may see them: no more than its own statements over the rows could tell.

The values of a column, and what is computed from them, are for whoever sees it clear in all rows. How many rows there
are is for whoever reads all of them; how many are NULL as well, where the column's mask leaves NULL as it is. A column
that is hidden is in no profile, and a dataset that may not be discovered has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError
from ghala.governance.authorize import Asked
from ghala.model.mask import MaskKind
from ghala.model.policy import Action, Clearance
from ghala.model.profile import QUANTILES, ColumnProfile
from ghala.model.release import PROD
from ghala.query.intent import basis_of
from ghala.query.record import recorded
from ghala.query.source import Wanted
from ghala.registry import environments, profiles, releases
from ghala.sql import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ghala.model.names import DatasetName
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.model.profile import DatasetProfile, Histogram
    from ghala.query.discover import Facts
    from ghala.query.parts import Decider, Recorder
    from ghala.query.source import Releases, ResolvedDataset
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin

SERIES_RELEASES = 30
"""How many of the last releases a column's series goes back."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One release of a dataset, decided for whoever asks."""

    pin: Pin
    resolved: ResolvedDataset
    decision: Decision
    profile: DatasetProfile | None

    @property
    def reads_all(self) -> bool:
        """Whether all rows are read, whatever of them is seen."""
        return any(one.rows is None for one in self.decision.admissions)

    def clearance(self, column: str) -> Clearance:
        """Return how a column is seen in all rows: `clear` only where one rule gives it without a condition."""
        found = self.decision.clearance(column)
        if found is not Clearance.CLEAR:
            return found
        given = (one for one in self.decision.admissions if column in one.columns)
        return found if any(one.rows is None for one in given) else Clearance.MASKED

    def shows_nulls(self, column: str) -> bool:
        """Return whether NULL is seen where NULL is, and nowhere else."""
        if not self.reads_all:
            return False
        if self.clearance(column) is Clearance.CLEAR:
            return True
        mask = self.decision.masks.get(column)
        if mask is None or mask.kind is MaskKind.REPLACE_WITH_NULL:
            return False
        return mask.kind is not MaskKind.GENERALISE or mask.otherwise is not None


@dataclass(frozen=True, slots=True)
class Profiles:
    """What releases look like.

    `releases_of` gives the releases that exist for a principal, `decider` and `audit` are those of the read door.
    """

    registry: Registry
    releases_of: Callable[[Principal], Releases]
    decider: Decider
    audit: Recorder

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
        dataset = self._named(name, principal, environment)
        seen = self._seen(dataset, principal, environment, release)
        columns = self._columns(seen)
        if column is not None:
            columns = [self._one(columns, column)]
        clear = [one for one in columns if seen.clearance(one) is Clearance.CLEAR]
        facts = {
            "dataset": str(seen.resolved.name),
            "release": seen.pin.number,
            "environment": seen.pin.environment,
            "is_recorded": seen.profile is not None,
            "fault": seen.profile.fault if seen.profile else None,
            "coverage": seen.profile.coverage.value if seen.profile else None,
            "rows": seen.profile.rows if seen.profile and seen.reads_all else None,
            "columns": list(_shown(seen, columns)),
        }
        if seen.profile is not None and clear:
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
        dataset = self._named(name, principal, environment)
        now = self._seen(dataset, principal, environment, None)
        wanted = self._one(self._columns(now), column)
        with environments.read(self.registry, environment) as connection:
            numbers = [
                one.number
                for one in releases.history(connection, now.pin.environment, now.pin.product)
            ][:SERIES_RELEASES]
        points: list[Facts] = []
        for number in reversed(numbers):
            seen = self._find(dataset, principal, environment, number)
            if seen is not None and seen.profile is not None and seen.decision.is_allowed:
                points += _points(seen, wanted)
        return {"dataset": str(dataset), "column": wanted, "points": points}

    def _named(self, name: str, principal: Principal, environment: str) -> DatasetName:
        known = {str(one): one for one in self.releases_of(principal).names(environment)}
        found = known.get(name.lower())
        if found is None:
            close = get_close_matches(name.lower(), list(known), 1)
            hint = f"did you mean `{close[0]}`?" if close else None
            raise NotFoundError(f"there is no dataset `{name[:200]}` with a release", hint=hint)
        return found

    def _seen(
        self, name: DatasetName, principal: Principal, environment: str, release: int | None
    ) -> _Seen:
        seen = self._find(name, principal, environment, release)
        if seen is None:
            raise NotFoundError(
                f"there is no {name} in release {release}", hint=f"see `ghala releases {name}`"
            )
        if not seen.decision.is_allowed:
            reasons = list(seen.decision.reasons)
            detail = {"reasons": reasons, **basis_of([seen.decision])}
            self.audit.denied(principal, [str(name)], detail)
            raise DeniedError(
                f"{principal.id} may not read {name}",
                reasons=reasons,
                hint=f"ask its owner: ghala access request {name}",
                datasets=(str(name),),
            )
        return seen

    def _find(
        self, name: DatasetName, principal: Principal, environment: str, release: int | None
    ) -> _Seen | None:
        """Return a release, decided as the read door decides about a statement that names it."""
        wanted = Wanted(name, release)
        resolved = self.releases_of(principal).resolve(environment, [wanted]).get(wanted)
        if resolved is None:
            return None
        with environments.read(self.registry, environment) as connection:
            pin = releases.at_version(connection, environment, resolved.name, resolved.release)
            profile = None if pin is None else profiles.find(connection, pin)
        if pin is None:
            return None
        asked = Asked(resolved.name, resolved.columns, resolved.own_terms, resolved.lineage)
        (decision,) = self.decider.decide(principal, Action.DATASET_READ, [asked])
        return _Seen(pin, resolved, decision, profile)

    def _columns(self, seen: _Seen) -> list[str]:
        return [one.name for one in guard.visible(seen.resolved.columns, seen.decision)]

    def _one(self, columns: Sequence[str], wanted: str) -> str:
        for name in columns:
            if name.lower() == wanted.lower():
                return name
        raise NotFoundError(f"there is no column `{wanted[:200]}`")

    def _record(
        self, principal: Principal, environment: str, seen: _Seen, columns: Sequence[str]
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
        with recorded(self.audit.started(principal, [name], detail)) as ending:
            ending.is_finished = True


def _shown(seen: _Seen, columns: Sequence[str]) -> Iterator[Facts]:
    if seen.profile is None:
        return
    for name in columns:
        found = seen.profile.column(name)
        if found is not None:
            yield _column(seen, seen.profile, found)


def _column(seen: _Seen, profile: DatasetProfile, column: ColumnProfile) -> Facts:
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


def _points(seen: _Seen, name: str) -> Iterator[Facts]:
    profile = seen.profile
    column = None if profile is None else profile.column(name)
    if profile is None or column is None or seen.clearance(name) is Clearance.HIDDEN:
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
