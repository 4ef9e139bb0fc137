"""Rows that were kept out, as they exist for a principal.

Their values are raw data: they are shown to those who are responsible for the product and read all of the dataset in
clear, and that is recorded. Whoever else may discover the dataset sees how many there are, and why.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.audit import entry
from ghala.governance.authorize import Asked
from ghala.governance.responsible import is_responsible
from ghala.model.audit import AuditTag
from ghala.model.policy import Action, Clearance
from ghala.model.quarantine import KeptOutState
from ghala.model.release import PROD
from ghala.model.run import RunState
from ghala.query import kept_batches, kept_facts
from ghala.query.kept_row import Found, is_appended, why_not
from ghala.registry import audit, environments, repairs, rollbacks, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from ghala.model.contract import Dataset
    from ghala.model.outcome import Quarantined
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.model.quarantine import Repair
    from ghala.query.discover import Discovery, Facts
    from ghala.query.kept_row import KeptRow

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which rows of a dataset are asked for; None for all. `run` looks at one run, also at what no longer counts."""

    run: str | None = None
    reason: str | None = None
    file: str | None = None
    state: str | None = None
    after: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class _Runs:
    """Of the runs that kept rows out: whose rows no other makes again, and what of whom is in the data."""

    once: Collection[str]
    standing: Collection[str]


@dataclass(frozen=True, slots=True)
class KeptOut:
    """What was kept out of datasets, over what a principal may discover. `folder` has the batches."""

    discovery: Discovery
    folder: Path

    def page(
        self, name: str, principal: Principal, asked: Narrowed, environment: str = PROD
    ) -> Facts:
        """Return how many rows of a dataset are kept out, and why, and some of them to those who may see them.

        Raises:
            NotFoundError: there is no such dataset or environment, as far as the principal may know.
            UsageError: the state is none.
        """
        if asked.state is not None and asked.state not in set(KeptOutState):
            known = ", ".join(KeptOutState)
            raise UsageError(f"`{asked.state[:50]}` is no state of a row", hint=f"one of {known}")
        product, dataset = self.known(name, principal)
        batches, decided = self._on_record(product, dataset, environment, asked.run)
        runs_of = self._runs(product, dataset, environment, batches)
        may_see = self._may_see(principal, product, dataset)
        states, reasons, files = Counter[str](), Counter[str](), Counter[str]()
        found: list[Found] = []
        matching = 0
        for row in self._rows(batches, environment, runs_of, decided):
            is_published = row.batch.run_id in runs_of.standing
            one = Found(product, dataset, row, decided.get(row.id), is_published)
            states[one.state] += 1
            if one.state in {KeptOutState.OPEN, KeptOutState.FIXED}:
                reasons.update(self._reasons(one))
                files.update([row.file] if row.file else [])
            if _matches(one, asked):
                matching += 1
                if asked.after < matching <= asked.after + min(asked.limit, MOST_ROWS):
                    found.append(one)
        if may_see and found:
            self._record(principal, product, dataset, environment, len(found))
        end = asked.after + len(found)
        return {
            "dataset": str(dataset.name),
            "product": str(product.name),
            "environment": environment,
            "run": asked.run,
            "quarantined": sum(states.values()),
            **{state.value: states[state] for state in KeptOutState},
            "reasons": [{"reason": one, "rows": count} for one, count in reasons.most_common()],
            "files": [{"file": one, "rows": count} for one, count in sorted(files.items())]
            if may_see
            else None,
            "may_repair": may_see,
            "matching": matching if may_see else None,
            "rows": [kept_facts.facts(one, why_not(one)) for one in found] if may_see else None,
            "next": end if may_see and end < matching else None,
        }

    def find(
        self, name: str, wanted: Sequence[str], principal: Principal, environment: str = PROD
    ) -> list[Found]:
        """Return some rows of a dataset to those who may repair them, in the order in which they are asked for.

        Raises:
            DeniedError: the principal may not repair them.
            NotFoundError: there is no such dataset or row, as far as the principal may know.
        """
        found = {one.row.id: one for one in self.find_any(name, wanted, principal, environment)}
        for row in wanted:
            if row not in found:
                raise NotFoundError(
                    f"no row `{row[:40]}` is kept out of {name[:200]}",
                    hint=f"ghala quarantine rows {name[:200]}",
                )
        return [found[row] for row in wanted]

    def find_any(
        self, name: str, wanted: Sequence[str], principal: Principal, environment: str = PROD
    ) -> list[Found]:
        """Return those of some rows that are kept out of a dataset, to those who may repair them.

        Raises:
            DeniedError: the principal may not repair them.
            NotFoundError: there is no such dataset, as far as the principal may know.
        """
        product, dataset = self.known(name, principal)
        action = Action.PRODUCT_RUN
        if principal.scopes is not None and action not in principal.scopes:
            raise DeniedError(
                f"{principal.id} may not repair rows of {dataset.name} with this token",
                reasons=[f"it does not have the scope {action}"],
            )
        if not self._may_see(principal, product, dataset):
            raise DeniedError(
                f"{principal.id} may not repair rows of {dataset.name}",
                reasons=[
                    "that is for those who are responsible for it and read all of it in clear"
                ],
                hint=f"ask its owner, the team `{product.owner}`",
            )
        batches, decided = self._on_record(product, dataset, environment, None)
        batches += self._others(product, dataset, environment, batches)
        runs_of = self._runs(product, dataset, environment, batches)
        left, found = set(wanted), list[Found]()
        for row in self._rows(batches, environment, runs_of, decided):
            if not left:
                break
            if row.id in left:
                left.remove(row.id)
                is_published = row.batch.run_id in runs_of.standing
                found.append(Found(product, dataset, row, decided.get(row.id), is_published))
        return found

    def known(self, name: str, principal: Principal) -> tuple[Product, Dataset]:
        """Return a dataset and its product.

        Raises:
            NotFoundError: there is none of that name, as far as the principal may know.
        """
        known = self.discovery.definitions()
        for names in self.discovery.visible(principal).values():
            for one in names:
                if str(one) == name.lower():
                    product, _, dataset = known.datasets[one]
                    return product, dataset
        raise NotFoundError(f"there is no dataset `{name[:200]}`")

    def _on_record(
        self, product: Product, dataset: Dataset, environment: str, run_id: str | None
    ) -> tuple[list[Quarantined], Mapping[str, Repair]]:
        with environments.read(self.discovery.registry, environment) as connection:
            if run_id is None:
                batches = kept_batches.live(connection, product, dataset, environment)
            else:
                run = runs.find(connection, run_id)
                if run is None or run.product != product.name:
                    raise NotFoundError(f"{product.name} has no run `{run_id[:80]}`")
                batches = kept_batches.of_dataset(connection, product, dataset, environment, run_id)
            return batches, repairs.of_product(connection, environment, product.name)

    def _runs(
        self,
        product: Product,
        dataset: Dataset,
        environment: str,
        batches: Sequence[Quarantined],
    ) -> _Runs:
        run_ids = {batch.run_id for batch in batches}
        with self.discovery.registry.read() as connection:
            states = runs.states_of(connection, run_ids)
            standing = rollbacks.standing(
                connection, environment, product.name, run_ids, dataset.name
            )
        published = {run for run, state in states.items() if state is RunState.PUBLISHED}
        return _Runs(published if is_appended(product, dataset) else set(), standing)

    def _others(
        self, product: Product, dataset: Dataset, environment: str, but: Sequence[Quarantined]
    ) -> list[Quarantined]:
        with self.discovery.registry.read() as connection:
            found = kept_batches.of_dataset(connection, product, dataset, environment)
        return [batch for batch in found if batch not in but]

    def _rows(
        self,
        batches: Sequence[Quarantined],
        environment: str,
        runs_of: _Runs,
        decided: Container[str],
    ) -> Iterator[KeptRow]:
        """Yield the rows of some batches, each once."""
        seen: set[str] = set()
        for batch in batches:
            is_once = batch.run_id in runs_of.once
            for row in kept_batches.rows(
                self.folder, batch, environment, is_once=is_once, decided=decided
            ):
                if row.id not in seen:
                    seen.add(row.id)
                    yield row

    def _reasons(self, one: Found) -> tuple[str, ...]:
        fault = None if one.repair is None else one.repair.fault
        return one.row.reasons if fault is None else (fault.reason,)

    def _may_see(self, principal: Principal, product: Product, dataset: Dataset) -> bool:
        known = self.discovery.definitions()
        in_scope = principal.scopes is None or Action.DATASET_READ in principal.scopes
        if not in_scope or not is_responsible(principal, known, product):
            return False
        asked = [Asked(dataset.name, dataset.columns)]
        (decision,) = self.discovery.decider.decide(principal, Action.DATASET_READ, asked)
        is_whole = any(one.rows is None for one in decision.admissions)
        return (
            decision.is_allowed
            and is_whole
            and all(
                decision.clearance(column.name) is Clearance.CLEAR for column in dataset.columns
            )
        )

    def _record(
        self, by: Principal, product: Product, dataset: Dataset, environment: str, count: int
    ) -> None:
        detail = {"environment": environment, "rows": count}
        objects = (str(product.name), str(dataset.name))
        with self.discovery.registry.write() as connection:
            audit.append(connection, entry(AuditTag.QUARANTINE_READ, by, objects, detail))


def _matches(one: Found, asked: Narrowed) -> bool:
    fault = None if one.repair is None else one.repair.fault
    reasons = one.row.reasons if fault is None else (fault.reason,)
    return (
        asked.state in {None, one.state.value}
        and asked.file in {None, one.row.file}
        and (asked.reason is None or asked.reason in reasons)
    )
