"""An earlier release that becomes current again: what of it can, by the contract of today, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from ghala.errors import ContractBrokenError, StepError
from ghala.governance.audit import entry
from ghala.lake.stage import Sealed
from ghala.model.audit import AuditTag
from ghala.model.contract import OnFail
from ghala.publish.incident import resolve_of_runs
from ghala.publish.tell import tell_rolled_back
from ghala.quality.check import check
from ghala.registry import audit, cursors, lineage, profiles, releases, repairs, rollbacks
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlglot import exp

    from ghala.engines.duckdb import Session
    from ghala.model.contract import Dataset, Rule
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.model.release import Release, ReleasedDataset, Rollback
    from ghala.model.report import Report
    from ghala.model.scan import PhysicalScan
    from ghala.registry.claims import Claim
    from ghala.registry.identity import Transaction


@dataclass(frozen=True, slots=True)
class Restorable:
    """One dataset of an earlier release: as it is promised today, its rows, and the state that takes its place."""

    dataset: Dataset
    scan: PhysicalScan
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Restored:
    """The earlier release, and what goes with it: `names` are those that its datasets have today, by those then."""

    release: Release
    rollback: Rollback
    names: Mapping[DatasetName, DatasetName]
    principal: Principal

    def record(self, connection: Transaction, release: Release) -> None:
        """Give the new release what the earlier one was made from and looks like, and its sources back."""
        number = self.release.number
        rollbacks.record(connection, release, self.rollback)
        releases.repeat_inputs(connection, release, number)
        lineage.repeat(connection, release, number)
        profiles.repeat(connection, release, number, self.names)
        cursors.rewind(connection, release, number)
        repairs.rewind(connection, release, number)

    def tell(
        self, connection: Transaction, claim: Claim, product: Product, release: Release
    ) -> None:
        """Record who brought it back, and tell those who read it."""
        restored = self.rollback.restored
        by = self.principal.id
        resolve_of_runs(
            connection, product, environment=claim.environment, run_id=claim.run_id,
            release=release.number, now_us=now_us(),
        )  # fmt: skip
        tell_rolled_back(connection, claim, product, release=release.number, to=restored, by=by)
        objects = (str(product.name), *(str(one.name) for one in release.datasets))
        detail = {
            "run": claim.run_id,
            "environment": claim.environment,
            "definition": release.definition_sha256,
            "release": release.number,
            "to": restored,
            "replaced": self.rollback.replaced,
            "reason": self.rollback.reason,
            "rows": {str(one.name): one.row_count for one in release.datasets},
        }
        audit.append(
            connection, entry(AuditTag.RELEASE_ROLLED_BACK, self.principal, objects, detail)
        )


def restorable(
    dataset: Dataset,
    earlier: ReleasedDataset,
    now: ReleasedDataset | None,
    scan: PhysicalScan,
    product: ProductName,
) -> Restorable:
    """Return a dataset as it can come back.

    Args:
        dataset: what is promised today.
        earlier: the state that comes back; the id says that it is the same dataset.
        now: the state that is current, if there is one.
        scan: how the rows of `earlier` are read.
        product: whose it is.

    Raises:
        ContractBrokenError: a column that is promised today is missing, or has another type.
    """
    types = {name.lower(): kind for name, kind in scan.columns}
    wrong = [one.name for one in dataset.columns if types.get(one.name.lower()) != one.type]
    if wrong:
        listed = ", ".join(f"`{name}`" for name in wrong)
        _refuse(product, f"{dataset.name}: {listed} is not there as it is promised today")
    named = replace(earlier, name=dataset.name, dataset_id=dataset.id)
    base = None if now is None else now.metadata_location
    return Restorable(dataset, scan, Sealed(named, base, {}))


def recheck(
    session: Session, state: Restorable, run_rule: Callable[[Rule, PhysicalScan], float]
) -> Report:
    """Check rows that are released already against the contract of today. None can be moved out: each rule blocks."""
    rules = tuple(replace(rule, on_fail=OnFail.BLOCK) for rule in state.dataset.rules)
    dataset = replace(state.dataset, rules=rules)
    report, _ = check(
        session, dataset, state.scan, None, on_fail=None, separate=_separate, run_rule=run_rule
    )
    return report


def refuse_broken(product: ProductName, reports: Sequence[Report]) -> None:
    """Stop where a rule of today fails on the rows of the earlier release.

    Raises:
        ContractBrokenError: names the datasets and rules.
    """
    broken = [report for report in reports if report.is_broken]
    if broken:
        names = ", ".join(str(report.dataset) for report in broken)
        rules = ", ".join(one.rule_id for report in broken for one in report.findings if one.blocks)
        _refuse(product, f"{names}: {rules} failed", tuple(reports))


def _refuse(product: ProductName, what: str, reports: tuple[Report, ...] = ()) -> NoReturn:
    raise ContractBrokenError(
        f"{what}; nothing was rolled back",
        hint=f"the contract has changed since; bring its definition back as well: ghala releases {product}",
        reports=reports,
    )


def _separate(_kept: exp.Query, _quarantined: exp.Query) -> PhysicalScan:
    raise StepError("released rows are never separated")
