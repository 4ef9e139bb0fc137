"""Runs and what their checks found, as they exist for a principal.

What a run says is mostly about data: counts are for whoever reads all rows, columns for whoever sees them, and files,
errors and what was kept out for those who own the data. Values are for nobody here: they leave through `answer` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError
from ghala.governance.authorize import Asked
from ghala.governance.responsible import is_responsible
from ghala.model.contract import RuleKind
from ghala.model.plain import plain
from ghala.model.policy import Action, Clearance
from ghala.model.release import PROD
from ghala.quality.report import from_dict
from ghala.registry import environments, progress, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ghala.model.contract import Dataset, Rule
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.model.report import Finding, Report
    from ghala.model.run import Run
    from ghala.query.discover import Discovery, Facts

MOST_RUNS = 500
_LOOKED_BACK = 20
"""In how many runs of a product the last report of a dataset is looked for."""


@dataclass(frozen=True, slots=True)
class RunHistory:
    """What ran, and how good the data is, over what a principal may discover."""

    discovery: Discovery

    def runs(
        self,
        principal: Principal,
        product: str | None = None,
        environment: str = PROD,
        limit: int = 50,
    ) -> list[Facts]:
        """Return the last runs of all products of which the principal may discover a dataset, or of one.

        Raises:
            NotFoundError: there is no such product or environment, as far as the principal may know.
        """
        visible = self.discovery.visible(principal)
        wanted = list(visible)
        if product is not None:
            wanted = [name for name in visible if str(name) == product.lower()]
            if not wanted:
                raise NotFoundError(f"there is no product `{product[:200]}`")
        with environments.read(self.discovery.registry, environment) as connection:
            found = runs.recent(connection, environment, wanted, min(limit, MOST_RUNS))
        return [self._summary(run, principal) for run, _ in found]

    def run(self, run_id: str, principal: Principal) -> Facts:
        """Return one run with its steps and reports.

        Raises:
            NotFoundError: there is none of that id, as far as the principal may know.
        """
        visible = self.discovery.visible(principal)
        with self.discovery.registry.read() as connection:
            run = runs.find(connection, run_id)
            if run is None or run.product not in visible:
                raise NotFoundError(f"there is no run `{run_id[:80]}`")
            reports = runs.reports_of(connection, run_id)
            kept_out = runs.quarantined(connection, run.environment, run.product, run_id)
            graph = progress.steps_of(connection, run_id)
        is_own = self._owns(principal, run.product)
        return self._summary(run, principal) | {
            "steps": [plain(step) for step in run.steps] if is_own else None,
            "graph": [plain(step) for step in graph] if is_own else None,
            "quarantined": [
                {"step": one.step, "kind": one.kind, "rows": one.rows} for one in kept_out
            ]
            if is_own
            else None,
            "reports": list(self._reports(reports, visible[run.product], principal)),
        }

    def log(self, run_id: str, principal: Principal, after: int = 0, limit: int = 500) -> Facts:
        """Return what a run said after its line of some number, with the number to go on from.

        Raises:
            NotFoundError: there is no such run, as far as the principal may know.
            DeniedError: the principal is not responsible for its product.
        """
        visible = self.discovery.visible(principal)
        with self.discovery.registry.read() as connection:
            run = runs.find(connection, run_id)
            if run is None or run.product not in visible:
                raise NotFoundError(f"there is no run `{run_id[:80]}`")
            lines = progress.lines_of(connection, run_id, after, min(limit, MOST_RUNS))
        if not self._owns(principal, run.product):
            raise DeniedError(
                f"{principal.id} may not read the log of {run.product}",
                reasons=["that is for the team that owns it, and for stewards"],
            )
        return {
            "state": run.state.value,
            "lines": [plain(line) for line in lines],
            "next": lines[-1].number if lines else after,
        }

    def quality(self, principal: Principal, environment: str = PROD) -> list[Facts]:
        """Return the last report of each dataset that the principal may discover and that was ever checked."""
        found: list[Facts] = []
        for product, names in self.discovery.visible(principal).items():
            found += self._last(product, names, principal, environment)
        return found

    def quality_of(self, dataset: str, principal: Principal, environment: str = PROD) -> Facts:
        """Return the last report of one dataset.

        Raises:
            NotFoundError: there is no such dataset, as far as the principal may know, or it was never checked.
        """
        for product, names in self.discovery.visible(principal).items():
            for name in names:
                if str(name) == dataset.lower():
                    for found in self._last(product, [name], principal, environment):
                        return found
        raise NotFoundError(f"there is no report about `{dataset[:200]}`")

    def _summary(self, run: Run, principal: Principal) -> Facts:
        is_own = self._owns(principal, run.product)
        return {
            "id": run.id,
            "product": str(run.product),
            "environment": run.environment,
            "state": run.state.value,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "release": run.release,
            "error": run.error if is_own else None,
            "hint": run.hint if is_own else None,
            "started_by": run.started_by if is_own else None,
        }

    def _last(
        self,
        product: ProductName,
        names: Sequence[DatasetName],
        principal: Principal,
        environment: str,
    ) -> Iterator[Facts]:
        with environments.read(self.discovery.registry, environment) as connection:
            found = runs.recent(connection, environment, [product], _LOOKED_BACK)
        left = set(names)
        for run, reports in found:
            for facts in self._reports(reports, [one for one in names if one in left], principal):
                left -= {one for one in names if str(one) == facts["dataset"]}
                yield facts | {"run": run.id, "checked_at": run.finished_at, "release": run.release}

    def _reports(
        self,
        stored: Sequence[Mapping[str, object]],
        names: Sequence[DatasetName],
        principal: Principal,
    ) -> Iterator[Facts]:
        known = self.discovery.definitions().datasets
        for plain_report in stored:
            report = from_dict(plain_report)
            if report.dataset in names:
                columns = known[report.dataset][2].columns
                asked = Asked(report.dataset, columns)
                decider = self.discovery.decider
                (decision,) = decider.decide(principal, Action.DATASET_READ, [asked])
                yield report_facts(report, decision, [column.name for column in columns])

    def _owns(self, principal: Principal, product: ProductName) -> bool:
        """Return whether a principal is responsible for a product, with a session or a token that reads."""
        known = self.discovery.definitions()
        is_in_scope = principal.scopes is None or Action.DATASET_READ in principal.scopes
        return is_in_scope and is_responsible(principal, known, known.products[product])


def report_facts(report: Report, decision: Decision, columns: Sequence[str]) -> Facts:
    """Return what a principal may know of a report, by the decision about reading these columns."""
    reads_all = decision.is_allowed and any(one.rows is None for one in decision.admissions)
    seen = {name: decision.clearance(name) for name in columns}
    return {
        "dataset": str(report.dataset),
        "is_broken": report.is_broken,
        "rows_staged": report.rows_staged if reads_all else None,
        "rows_quarantined": report.rows_quarantined if reads_all else None,
        "rows_released": report.rows_released if reads_all else None,
        "findings": [
            _finding(finding, reads_all=reads_all, seen=seen)
            for finding in report.findings
            if _is_shown(finding, seen)
        ],
    }


def counted_rules(dataset: Dataset, decision: Decision) -> frozenset[str]:
    """Return the rules of which somebody may know how many rows break them, by the decision about all columns."""
    reads_all = decision.is_allowed and any(one.rows is None for one in decision.admissions)
    seen = {column.name: decision.clearance(column.name) for column in dataset.columns}
    return frozenset(
        rule.id for rule in dataset.rules if reads_all and _is_counted(_named(rule, seen), seen)
    )


def _named(rule: Finding | Rule, seen: Mapping[str, Clearance]) -> Collection[str]:
    """Return the columns that a rule names; one in SQL may name any."""
    return list(seen) if rule.kind is RuleKind.SQL else rule.columns


def _is_counted(names: Collection[str], seen: Mapping[str, Clearance]) -> bool:
    return all(seen.get(name, Clearance.HIDDEN) is Clearance.CLEAR for name in names)


def _is_shown(finding: Finding, seen: Mapping[str, Clearance]) -> bool:
    """Return whether a rule may be known: it names no column that is hidden."""
    of = _named(finding, seen)
    return all(seen.get(name, Clearance.HIDDEN) is not Clearance.HIDDEN for name in of)


def _finding(finding: Finding, *, reads_all: bool, seen: Mapping[str, Clearance]) -> Facts:
    is_counted = reads_all and _is_counted(_named(finding, seen), seen)
    return {
        "rule": finding.rule_id,
        "kind": finding.kind.value,
        "columns": list(finding.columns),
        "severity": finding.severity.value,
        "description": finding.description,
        "passed": finding.passed,
        "measured": finding.measured if is_counted else None,
        "failed_rows": finding.failed_rows if is_counted else None,
        "quarantined_rows": finding.quarantined_rows if is_counted else None,
    }
