"""What a catalog shows of a product: its datasets, how good and how fresh they are, who uses them, and what one may."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ghala.governance.approval import team_id
from ghala.governance.authorize import Asked
from ghala.model.browsing import Facet
from ghala.model.contract import RuleKind
from ghala.model.moment import of_microseconds
from ghala.model.run import RunState
from ghala.quality.report import from_dict
from ghala.query.cache import Recent
from ghala.query.discover import may_be_hidden
from ghala.registry import browsing
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.governance.decider import EndpointDecider
    from ghala.model.contract import Dataset
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.model.report import Report
    from ghala.query.discover import Facts
    from ghala.query.shelf import Entry, Shelf
    from ghala.registry.browsing import LastRun
    from ghala.registry.registry import Registry


class _Beside(NamedTuple):
    """What the registry knows of the products of one page."""

    runs: Mapping[str, LastRun]
    checked: Mapping[str, LastRun]
    reports: Mapping[str, Mapping[DatasetName, Report]]
    grantees: Mapping[str, frozenset[str]]
    stars: Mapping[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """Tells them of the products of one page."""

    registry: Registry
    decider: EndpointDecider
    # A run that has ended stays as it is.
    _reports: Recent[str, Mapping[DatasetName, Report]] = field(
        default_factory=lambda: Recent(2_000), repr=False, compare=False
    )

    def of(self, entries: Sequence[Entry], shelf: Shelf, principal: Principal) -> list[Facts]:
        """Return the facts of some products, in order."""
        beside = self._beside(entries)
        return [self._product(entry, shelf, beside, principal) for entry in entries]

    def _beside(self, entries: Sequence[Entry]) -> _Beside:
        names = [entry.name for entry in entries]
        ids = [one.id for entry in entries for one in entry.datasets]
        with self.registry.read() as connection:
            checked = browsing.last_runs(connection, names, checked=True)
            kept = {run.id: self._reports.find(run.id) for run in checked.values()}
            unread = [run for run, reports in kept.items() if reports is None]
            read = browsing.reports_of(connection, unread)
            beside = (
                browsing.last_runs(connection, names),
                browsing.grantees(connection, now_us(), ids),
                browsing.stars(connection),
            )
        for run, stored in read.items():
            parsed = {report.dataset: report for report in map(from_dict, stored)}
            self._reports.keep(run, parsed)
            kept[run] = parsed
        runs, grantees, stars = beside
        reports = {run: found or {} for run, found in kept.items()}
        return _Beside(runs, checked, reports, grantees, stars)

    def _product(self, entry: Entry, shelf: Shelf, beside: _Beside, principal: Principal) -> Facts:
        product = entry.product
        last, checked = beside.runs.get(entry.name), beside.checked.get(entry.name)
        reports = beside.reports.get(checked.id, {}) if checked else {}
        users = frozenset[str]().union(*(beside.grantees.get(one.id, ()) for one in entry.datasets))
        stars = beside.stars.get(entry.name)
        tallies = [self._quality(one, reports.get(one.name)) for one in entry.datasets]
        owners = shelf.definitions.owners.get(product.name.domain, "")
        return {
            "name": entry.name,
            "title": product.title,
            "purpose": product.purpose,
            "domain": product.name.domain,
            "owner": {
                "team": product.owner,
                "people": [
                    {"username": one.username, "name": one.name, "role": one.role}
                    for one in product.people
                ],
            },
            "is_mine": team_id(owners) in principal.teams,
            "version": product.version,
            "status": product.status,
            "tags": sorted({*product.tags, *(tag for one in entry.datasets for tag in one.tags)}),
            "is_personal": entry.is_personal,
            "release": entry.release.number if entry.release else None,
            "released_at": of_microseconds(entry.release.at_us) if entry.release else None,
            "freshness": next(iter(entry.values[Facet.RELEASED])),
            "trust": next(iter(entry.values[Facet.TRUST])),
            "run_state": last.state.value if last else None,
            "quality": _quality(tallies, last, checked),
            "consumers": len(users),
            "access": entry.opening.value,
            "rating": None if stars is None else {"count": stars[0], "stars": stars[1]},
            "datasets": [
                _dataset(one, entry, shelf, tally)
                for one, tally in zip(entry.datasets, tallies, strict=True)
            ],
        }

    def _quality(self, dataset: Dataset, report: Report | None) -> _Tally | None:
        """Return how many rules passed, of those about columns of which all know for whom the dataset exists."""
        if report is None:
            return None
        columns = self.decider.described(Asked(dataset.name, dataset.columns)).columns
        hidden = {one.name for one in columns if may_be_hidden(one)}
        # A rule in SQL may be about any column.
        told = [
            finding
            for finding in report.findings
            if not (hidden if finding.kind is RuleKind.SQL else hidden & {*finding.columns})
        ]
        return _Tally(sum(one.passed for one in told), len(told), report.is_broken)


class _Tally(NamedTuple):
    passed: int
    rules: int
    is_broken: bool


def _quality(
    tallies: Sequence[_Tally | None], last: LastRun | None, checked: LastRun | None
) -> Facts | None:
    known = [tally for tally in tallies if tally is not None]
    if not known or checked is None:
        return None
    is_refused = last is not None and last.state is RunState.REFUSED
    return {
        "passed": sum(tally.passed for tally in known),
        "rules": sum(tally.rules for tally in known),
        "is_broken": is_refused or any(tally.is_broken for tally in known),
        "checked_at": None if checked.finished_us is None else of_microseconds(checked.finished_us),
    }


def _dataset(dataset: Dataset, entry: Entry, shelf: Shelf, tally: _Tally | None) -> Facts:
    pin = shelf.released.pins.get(dataset.name)
    return {
        "name": str(dataset.name),
        "description": dataset.description,
        "access": entry.openings[dataset.name].value,
        "release": pin.number if pin else None,
        "rows": pin.dataset.row_count if pin else None,
        "bytes": pin.dataset.byte_count if pin else None,
        "quality": None
        if tally is None
        else {"passed": tally.passed, "rules": tally.rules, "is_broken": tally.is_broken},
    }
