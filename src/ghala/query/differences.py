"""What is different between two releases of a dataset, as far as a principal may know each of them.

What was promised is for whoever may discover the dataset, without the columns that are hidden; what the checks found
and what profiles say, as those say it by themselves. Rows are compared by a statement through the read door, in the
name of whoever asks: the counts are of the rows that they see, and of the values as they see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ghala.errors import (
    CorruptError,
    DeniedError,
    LimitError,
    QueryError,
    UsageError,
)
from ghala.governance.authorize import Asked
from ghala.governance.masks import default_mask
from ghala.model.difference import ADDED, CHANGED, REMOVED, bump_of, needed_bump, suffices
from ghala.model.policy import Clearance
from ghala.model.release import PROD
from ghala.quality.report import from_dict
from ghala.query.history import report_facts
from ghala.query.shifts import shifts
from ghala.registry import definitions, releases, runs
from ghala.spec.diff import changes
from ghala.spec.product import understand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.model.contract import Contract, Dataset
    from ghala.model.difference import Change
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.model.release import Release
    from ghala.query.decided import DecidedRelease, DecidedReleases
    from ghala.query.discover import Facts
    from ghala.query.profiles import Profiles

SAMPLES = 20
"""So many keys of each kind of difference are shown."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two releases: what it promised, and which columns of it may be known."""

    seen: DecidedRelease
    release: Release
    contract: Contract
    dataset: Dataset
    known: frozenset[str]

    @property
    def number(self) -> int:
        return self.seen.pin.number

    def knows(self, change: Change) -> bool:
        """Return whether a change may be told: it is about no column of this release that may not be known."""
        wanted = (
            [one.name for one in self.dataset.columns] if change.concerns_all else change.columns
        )
        own = (name.lower() for name in wanted if self.dataset.column(name) is not None)
        return self.known.issuperset(own)


@dataclass(frozen=True, slots=True)
class Differences:
    """Compares releases.

    `described` gives what is known of a dataset's columns, for whoever may not read it. `ask` answers a statement
    through the read door, in the name of a principal and in an environment.
    """

    decided: DecidedReleases
    profiles: Profiles
    described: Callable[[Asked], Asked]
    ask: Callable[[str, Principal, str], Sequence[Sequence[Any]]]

    def between(
        self,
        name: str,
        principal: Principal,
        *,
        start: int | None = None,
        end: int | None = None,
        rows: bool = True,
        environment: str = PROD,
    ) -> Facts:
        """Return what is different in release `end` (the current one unless given) from release `start`.

        Args:
            name: the dataset, `domain.dataset`.
            principal: who asks.
            start: the release before `end` unless given.
            end: a release that has the dataset.
            rows: whether to compare rows, too.
            environment: where the releases are.

        Raises:
            NotFoundError: there is no such dataset or release, as far as the principal may know.
            UsageError: there is no release before that.
        """
        dataset = self.decided.named(name, principal, environment)
        last = self.decided.known(dataset, principal, environment, end)
        first = self.decided.known(
            dataset, principal, environment, self._before(last) if start is None else start
        )
        before, after = self._side(first), self._side(last)
        found = changes(before.dataset, after.dataset)
        told = tuple(one for one in found if before.knows(one) and after.knows(one))
        return {
            "dataset": str(dataset),
            "environment": after.seen.pin.environment,
            "before": _release(before),
            "after": _release(after),
            "contract": _verdict(before.contract, after.contract, told),
            "changes": [_change(one) for one in told],
            "checks": self._checks(before, after),
            "columns": self._shifts(before, after, dataset, principal, environment),
            "rows": self._rows(before, after, dataset, principal, environment) if rows else None,
        }

    def _before(self, last: DecidedRelease) -> int:
        with self.decided.registry.read() as connection:
            history = releases.history(connection, last.pin.environment, last.pin.product)
        for release in history:
            ids = {one.dataset_id for one in release.datasets}
            if release.number < last.pin.number and last.pin.dataset.dataset_id in ids:
                return release.number
        raise UsageError(
            f"there is no release of {last.pin.dataset.name} before release {last.pin.number}",
            hint="nothing is different from the first one",
        )

    def _side(self, seen: DecidedRelease) -> _Side:
        pin = seen.pin
        with self.decided.registry.read() as connection:
            release = releases.find(connection, pin.environment, pin.product, pin.number)
            files = None
            if release is not None:
                files = definitions.files_of(connection, release.definition_sha256)
        if release is None or files is None:
            raise CorruptError(
                f"the definition of release {pin.number} of {pin.product} is not in the registry",
                hint="somebody changed the registry outside Ghala: restore it from a backup",
            )
        folder = f"domains/{pin.product.domain}/{pin.product.product}"
        understood = understand(tuple(files.items()), folder, pin.product.domain)
        for contract in understood.contracts:
            for dataset in contract.datasets:
                if dataset.id == pin.dataset.dataset_id:
                    return _Side(seen, release, contract, dataset, self._known(seen))
        raise CorruptError(
            f"release {pin.number} of {pin.product} has no contract of {pin.dataset.name}"
        )

    def _known(self, seen: DecidedRelease) -> frozenset[str]:
        if seen.decision.is_allowed:
            return frozenset(name.lower() for name in seen.columns)
        one = seen.resolved
        asked = Asked(one.name, one.columns, one.own_terms, one.lineage)
        columns = self.described(asked).columns
        return frozenset(
            column.name.lower() for column in columns if default_mask(column) is not None
        )

    def _checks(self, before: _Side, after: _Side) -> list[Facts]:
        """Return the rules that held in one release and did not in the other, or that only one of them had."""
        old, new = self._findings(before), self._findings(after)
        return [
            {"rule": rule, "before": old.get(rule), "after": new.get(rule)}
            for rule in sorted(old.keys() | new.keys())
            if old.get(rule) != new.get(rule)
        ]

    def _findings(self, side: _Side) -> dict[str, Facts]:
        with self.decided.registry.read() as connection:
            reports = runs.reports_of(connection, side.release.run_id)
        name = side.seen.pin.dataset.name
        columns = [one.name for one in side.dataset.columns]
        for report in map(from_dict, reports):
            if report.dataset == name:
                found: Any = report_facts(report, side.seen.decision, columns)["findings"]
                return {one["rule"]: _outcome(one) for one in found}
        return {}

    def _shifts(
        self,
        before: _Side,
        after: _Side,
        dataset: DatasetName,
        principal: Principal,
        environment: str,
    ) -> list[Facts]:
        if not (before.seen.decision.is_allowed and after.seen.decision.is_allowed):
            return []
        old, new = (
            self.profiles.profile(
                str(dataset), principal, release=one.number, environment=environment
            )
            for one in (before, after)
        )
        return shifts(old, new)

    def _rows(
        self,
        before: _Side,
        after: _Side,
        dataset: DatasetName,
        principal: Principal,
        environment: str,
    ) -> Facts:
        from ghala.sql.compare import comparison  # noqa: PLC0415 - an idle server does without the parser

        key = after.dataset.primary_key
        if why := _why_not(before, after):
            return _uncounted(key if _sees(after, key) else (), why)
        versions = (before.number, after.number)
        text = comparison(dataset, versions, key, _compared(before, after), SAMPLES)
        try:
            answer = self.ask(text, principal, environment)
        except (DeniedError, LimitError, QueryError) as error:
            return _uncounted(key, f"the rows could not be compared: {error.message}")
        found = {str(kind): (int(count), keys) for kind, count, keys in answer}
        return _uncounted(key, None) | {
            "is_counted": True,
            **{kind: found.get(kind, (0, ()))[0] for kind in (ADDED, REMOVED, CHANGED)},
            "samples": {
                kind: [list(one) for one in found.get(kind, (0, ()))[1]]
                for kind in (ADDED, REMOVED, CHANGED)
            },
        }


def _why_not(before: _Side, after: _Side) -> str | None:
    """Return why rows cannot be compared in the name of whoever asks; None if they can."""
    key = after.dataset.primary_key
    if not (before.seen.decision.is_allowed and after.seen.decision.is_allowed):
        return "you may not read both releases"
    if not key:
        return "the contract names no primary key"
    if before.dataset.primary_key != key:
        return "the primary key is not the same in both releases"
    if not (_sees(before, key) and _sees(after, key)):
        return "you do not see the primary key as it is"
    if any(_types(before)[name] != _types(after)[name] for name in key):
        return "the primary key has another type than before"
    return None


def _sees(side: _Side, key: Sequence[str]) -> bool:
    clear = (side.seen.decision.clearance(name) is Clearance.CLEAR for name in key)
    return all(name in _types(side) for name in key) and all(clear)


def _types(side: _Side) -> Mapping[str, object]:
    return {column.name: column.type for column in side.seen.resolved.columns}


def _compared(before: _Side, after: _Side) -> list[str]:
    """Return the columns of both releases that are seen in both and have one type: others are told as changes."""
    old = {name: _types(before)[name] for name in before.seen.columns}
    new = {name: _types(after)[name] for name in after.seen.columns}
    key = after.dataset.primary_key
    return [name for name, kind in new.items() if old.get(name) == kind and name not in key]


def _uncounted(key: Sequence[str], why: str | None) -> Facts:
    return {
        "is_counted": False,
        "why_not": why,
        "key": list(key),
        ADDED: None,
        REMOVED: None,
        CHANGED: None,
        "samples": {ADDED: [], REMOVED: [], CHANGED: []},
    }


def _release(side: _Side) -> Facts:
    return {
        "release": side.number,
        "created_at": side.release.created_at.isoformat(timespec="seconds"),
        "contract": f"{side.contract.name} {side.contract.version}",
        "rows": side.seen.pin.dataset.row_count,
        "bytes": side.seen.pin.dataset.byte_count,
    }


def _verdict(before: Contract, after: Contract, told: tuple[Change, ...]) -> Facts:
    made, needed = bump_of(before.version, after.version), needed_bump(told)
    return {
        "before": before.version,
        "after": after.version,
        "bump": made.value,
        "needed": needed.value,
        "is_breaking": any(change.is_breaking for change in told),
        "suffices": suffices(made, needed),
    }


def _change(change: Change) -> Facts:
    return {
        "kind": change.kind.value,
        "columns": list(change.columns),
        "rule": change.rule,
        "before": change.before,
        "after": change.after,
        "is_breaking": change.is_breaking,
    }


def _outcome(finding: Mapping[str, Any]) -> Facts:
    return {name: finding[name] for name in ("passed", "severity", "failed_rows")}
