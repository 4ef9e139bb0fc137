"""Service levels as they stand: what is promised, whether it holds now, and how much of the error budget is spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError, UsageError
from ghala.model.release import PROD
from ghala.model.run import RunState
from ghala.model.service_level import DAY_S, WINDOW_DAYS, LevelKind, Span, budget
from ghala.model.system import is_system
from ghala.registry import environments, levels, runs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.model.contract import Dataset
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.principal import Principal
    from ghala.model.service_level import PromisedLevel
    from ghala.query.discover import Discovery, Facts
    from ghala.registry.identity import Transaction
    from ghala.registry.levels import LastRelease
    from ghala.registry.runs import LastRun

MOST_DAYS = 365
_US = 1_000_000
_UNWELL = frozenset({RunState.FAILED, RunState.REFUSED})


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is on record about the levels of some datasets."""

    now_s: int
    window_s: int
    last: Mapping[str, LastRelease]
    starts: Mapping[tuple[str, LevelKind], int]
    misses: Mapping[tuple[str, LevelKind], Sequence[Span]]
    gone_s: Mapping[str, int | None]
    newest_s: Mapping[str, int | None]

    def due_s(self, dataset: Dataset, level: PromisedLevel) -> int:
        """Return the second at which a level of a dataset that was released is missed."""
        return level.due_s(self.last[dataset.id].at_s, self.newest_s.get(dataset.id))

    def is_measured(self, dataset: Dataset, level: PromisedLevel) -> bool:
        """Return whether anything says whether a level is met."""
        if dataset.id not in self.last:
            return False
        return level.kind is not LevelKind.LATENCY or self.newest_s.get(dataset.id) is not None


@dataclass(frozen=True, slots=True)
class Levels:
    """What was promised and what became of it, over what a principal may discover."""

    discovery: Discovery
    now_us: Callable[[], int]

    def of(
        self,
        dataset: str,
        principal: Principal,
        environment: str = PROD,
        days: int = WINDOW_DAYS,
    ) -> Facts:
        """Return the service levels of one dataset, each with its error budget over the last days.

        Raises:
            NotFoundError: there is no such dataset, as far as the principal may know.
            UsageError: the window is not allowed.
        """
        if not 1 <= days <= MOST_DAYS:
            raise UsageError(f"a window has 1 to {MOST_DAYS} days")
        found = self._datasets(principal).get(dataset.lower())
        if found is None:
            raise NotFoundError(f"there is no dataset `{dataset[:200]}`")
        with environments.read(self.discovery.registry, environment) as connection:
            kept = self._kept(connection, environment, [found], days)
        return {
            "dataset": str(found.name),
            "environment": environment,
            "window_days": days,
            "at": _time(kept.now_s),
            **_released(found, kept),
            "levels": [_level(found, level, kept, with_spans=True) for level in found.levels],
        }

    def status(self, principal: Principal, environment: str = PROD) -> list[Facts]:
        """Return how each dataset that the principal may discover stands: the worst first."""
        return self.standing(self.discovery.visible(principal), environment)

    def standing(
        self, products: Mapping[ProductName, Sequence[DatasetName]], environment: str = PROD
    ) -> list[Facts]:
        """Return how some datasets of products stand, the worst first; whoever asks may discover all of them."""
        known = self.discovery.definitions().datasets
        datasets = [known[name][2] for names in products.values() for name in names]
        with environments.read(self.discovery.registry, environment) as connection:
            kept = self._kept(connection, environment, datasets, WINDOW_DAYS)
            last_runs = {
                product: runs.last_of(connection, environment, product) for product in products
            }
        found = [
            _status(known[name][2], product, last_runs[product], kept)
            for product, names in products.items()
            for name in names
            # What Ghala brings along is listed once somebody asked for it.
            if known[name][2].id in kept.last or not is_system(str(product))
        ]
        order = {state: index for index, state in enumerate(STATES)}
        return sorted(found, key=lambda one: (order[str(one["state"])], str(one["dataset"])))

    def missed(self, environment: str) -> list[tuple[DatasetName, PromisedLevel, Span]]:
        """Return the levels that are missed now, of all datasets, each since when."""
        found = [one for _, _, one in self.discovery.definitions().datasets.values() if one.levels]
        with self.discovery.registry.read() as connection:
            kept = self._kept(connection, environment, found, WINDOW_DAYS)
        missed = []
        for dataset in found:
            last = kept.last.get(dataset.id)
            for level in dataset.levels:
                if last is not None and not _is_met(dataset, level, kept):
                    since_s = kept.due_s(dataset, level) if level.has_budget else kept.now_s
                    missed.append((dataset.name, level, Span(since_s, kept.now_s)))
        return missed

    def _datasets(self, principal: Principal) -> dict[str, Dataset]:
        known = self.discovery.definitions().datasets
        visible = self.discovery.visible(principal).values()
        return {str(name): known[name][2] for names in visible for name in names}

    def _kept(
        self, connection: Transaction, environment: str, datasets: Sequence[Dataset], days: int
    ) -> _Kept:
        now_s, window_s = self.now_us() // _US, days * DAY_S
        ids = {dataset.id for dataset in datasets}
        last = levels.last_releases(connection, environment, ids)
        gone_s = {
            dataset.id: levels.oldest_release_s(connection, environment, last[dataset.id].product)
            for dataset in datasets
            if dataset.id in last and any(not level.has_budget for level in dataset.levels)
        }
        newest_s = {
            dataset.id: levels.newest_s(
                connection, environment, last[dataset.id], dataset.name, level.column
            )
            for dataset in datasets
            for level in dataset.levels
            if level.kind is LevelKind.LATENCY and dataset.id in last
        }
        return _Kept(
            now_s=now_s,
            window_s=window_s,
            last=last,
            starts=levels.starts(connection, environment, ids),
            misses=levels.misses(connection, environment, ids, now_s - window_s),
            gone_s=gone_s,
            newest_s=newest_s,
        )


STATES = ("broken", "missed", "failed", "fine", "not_released")
"""How a dataset stands, the worst first: `broken` and `failed` say how the last run of its product ended."""


def _status(dataset: Dataset, product: ProductName, run: LastRun | None, kept: _Kept) -> Facts:
    state = run.state if run else None
    is_met = all(_is_met(dataset, level, kept) for level in dataset.levels)
    if dataset.id not in kept.last:
        word = (
            "broken"
            if state is RunState.REFUSED
            else "failed"
            if state in _UNWELL
            else "not_released"
        )
    elif state is RunState.REFUSED:
        word = "broken"
    elif not is_met:
        word = "missed"
    else:
        word = "failed" if state in _UNWELL else "fine"
    return {
        "dataset": str(dataset.name),
        "product": str(product),
        "state": word,
        **_released(dataset, kept),
        "last_run": run.id if run else None,
        "last_run_state": state.value if state else None,
        "levels": [_level(dataset, level, kept, with_spans=False) for level in dataset.levels],
    }


def _released(dataset: Dataset, kept: _Kept) -> Facts:
    last = kept.last.get(dataset.id)
    return {
        "release": last.number if last else None,
        "released_at": _time(last.at_s) if last else None,
    }


def _is_met(dataset: Dataset, level: PromisedLevel, kept: _Kept) -> bool:
    """Return whether a level holds at this second; before the first release nothing was promised yet."""
    last = kept.last.get(dataset.id)
    if last is None:
        return True
    if level.has_budget:
        return kept.now_s < kept.due_s(dataset, level)
    gone_s = kept.gone_s.get(dataset.id)
    # What was released before the oldest one that is kept is gone: it must have been old enough.
    return gone_s is None or level.due_s(gone_s) <= kept.now_s


def _level(dataset: Dataset, level: PromisedLevel, kept: _Kept, *, with_spans: bool) -> Facts:
    last = kept.last.get(dataset.id)
    # For `latency` no release is due: the last one came in time, or it did not.
    is_by_time = last is not None and level.has_budget and level.kind is not LevelKind.LATENCY
    facts: Facts = {
        "level": level.kind.value,
        "objective": level.words,
        "target_percent": level.target_percent if level.has_budget else None,
        "is_met": _is_met(dataset, level, kept) if kept.is_measured(dataset, level) else None,
        "age_s": kept.now_s - last.at_s if last and is_by_time else None,
        "due_at": _time(kept.due_s(dataset, level)) if is_by_time else None,
        "budget": None,
    }
    spans: list[Span] = []
    if last is not None and level.has_budget:
        key = dataset.id, level.kind
        # What no release was made under yet is not measured yet.
        since_s = kept.starts.get(key, kept.now_s)
        spans = list(kept.misses.get(key, ()))
        found = budget(
            level,
            since_s=since_s,
            released_s=last.at_s,
            missed=spans,
            now_s=kept.now_s,
            newest_s=kept.newest_s.get(dataset.id),
            window_s=kept.window_s,
        )
        facts["budget"] = {
            "window_s": found.window_s,
            "measured_s": found.measured_s,
            "allowed_s": found.allowed_s,
            "spent_s": found.spent_s,
            "remaining_s": found.remaining_s,
            "burn": None if found.burn is None else round(found.burn, 3),
        }
        if (due_s := kept.due_s(dataset, level)) < kept.now_s:
            spans.append(Span(due_s, kept.now_s))
    if with_spans:
        facts["missed"] = [
            {"since": _time(span.since_s), "until": _time(span.until_s)} for span in spans
        ]
    return facts


def _time(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
