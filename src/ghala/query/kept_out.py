"""Rows that were kept out, as they exist for a principal.

Their values are raw data: they are shown to those who are responsible for the product and read all of the dataset in
clear, and that is recorded; a record of a source also has what its other datasets would have had. Whoever else may
discover the dataset sees how many there are, and why, as far as reports say so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.authorize import Asked
from ghala.governance.responsible import is_responsible
from ghala.ingest.reason import Reason
from ghala.model.policy import Action, Clearance
from ghala.model.principal import PrincipalKind
from ghala.model.quarantine import KeptOutState, place_of
from ghala.model.release import PROD
from ghala.model.run import RunState
from ghala.query import kept_batches, kept_facts
from ghala.query.history import counted_rules
from ghala.query.kept_row import Found, is_appended, why_not
from ghala.registry import audit, environments, repairs, rollbacks, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
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
class _Kept:
    """What is on record of a dataset: batches of rows, and what was decided about some."""

    product: Product
    dataset: Dataset
    environment: str
    batches: list[Quarantined]
    decided: Mapping[str, Repair]
    runs: _Runs

    def found(self, row: KeptRow) -> Found:
        """Return a row with what was decided about it."""
        is_published = row.batch.run_id in self.runs.standing
        return Found(self.product, self.dataset, row, self.decided.get(row.id), is_published)


@dataclass(slots=True)
class _Tally:
    """How many rows there are in each state, and how many wait for somebody, for which reason, in which file."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)

    def add(self, one: Found, *, with_file: bool) -> None:
        """Count one row."""
        self.states[one.state] += 1
        if one.state in {KeptOutState.OPEN, KeptOutState.FIXED}:
            self.reasons.update(_reasons(one))
            if with_file and one.row.file:
                self.files[one.row.file] += 1


@dataclass(slots=True)
class _Rows:
    """Some rows, and how many there are of their kind."""

    found: list[Found] = field(default_factory=list)
    matching: int = 0


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
        kept = self._on_record(product, dataset, environment, asked.run)
        lost = sum(one.rows for one in kept.batches if not kept_batches.is_kept(self.folder, one))
        tally, rows = _Tally(), None
        if self._may_see(principal, product, dataset):
            rows = self._look(kept, tally, asked, principal)
            if rows.found:
                self._record(principal, kept, rows.found)
        else:
            told = self._known_reasons(principal, dataset)
            self._count(kept, tally)
            for reason in set(tally.reasons) - told:
                del tally.reasons[reason]
        end = asked.after + (0 if rows is None else len(rows.found))
        reasons, files = tally.reasons.most_common(), sorted(tally.files.items())
        return {
            "dataset": str(dataset.name),
            "product": str(product.name),
            "environment": environment,
            "run": asked.run,
            "quarantined": sum(tally.states.values()),
            **{state.value: tally.states[state] for state in KeptOutState},
            "lost": lost,
            "reasons": [{"reason": one, "rows": count} for one, count in reasons],
            "files": None if rows is None else [{"file": one, "rows": n} for one, n in files],
            "may_repair": rows is not None,
            "matching": None if rows is None else rows.matching,
            "rows": None
            if rows is None
            else [kept_facts.facts(one, why_not(one)) for one in rows.found],
            "next": None if rows is None or end >= rows.matching else end,
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
        kept = self._on_record(product, dataset, environment, None)
        kept = self._with_others(kept)
        left, found = set(wanted), list[Found]()
        for row in self._rows(kept, self._shown(kept, principal)):
            if not left:
                break
            if row.id in left:
                left.remove(row.id)
                found.append(kept.found(row))
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
        raise NotFoundError(f"there is no dataset `{name[:200]}`", hint="see `ghala list`")

    def _on_record(
        self, product: Product, dataset: Dataset, environment: str, run_id: str | None
    ) -> _Kept:
        with environments.read(self.discovery.registry, environment) as connection:
            if run_id is None:
                batches = kept_batches.live(connection, product, dataset, environment)
            else:
                run = runs.find(connection, run_id)
                if run is None or run.product != product.name:
                    raise NotFoundError(f"{product.name} has no run `{run_id[:80]}`")
                batches = kept_batches.of_dataset(connection, product, dataset, environment, run_id)
            decided = repairs.of_product(connection, environment, product.name)
        runs_of = self._runs(product, dataset, environment, batches)
        return _Kept(product, dataset, environment, batches, decided, runs_of)

    def _look(self, kept: _Kept, tally: _Tally, asked: Narrowed, principal: Principal) -> _Rows:
        """Count all rows, and return some of those that the principal may see."""
        shown = set(self._shown(kept, principal))
        rows = _Rows()
        for row in self._rows(kept, kept.batches):
            one = kept.found(row)
            tally.add(one, with_file=row.batch in shown)
            if row.batch in shown and _matches(one, asked):
                rows.matching += 1
                if asked.after < rows.matching <= asked.after + min(asked.limit, MOST_ROWS):
                    rows.found.append(one)
        return rows

    def _count(self, kept: _Kept, tally: _Tally) -> None:
        """Count all rows without looking at their values, which takes long, where nobody decided about one of them.

        A row that two runs kept out alike counts twice then.
        """
        places = {one.place for one in kept.decided.values()}
        for batch in kept.batches:
            if not kept_batches.is_kept(self.folder, batch):
                continue
            if place_of(kept.environment, batch.product, batch.path) in places:
                for row in self._rows(kept, [batch]):
                    tally.add(kept.found(row), with_file=False)
            else:
                tally.states[KeptOutState.OPEN] += batch.rows
                tally.reasons.update(kept_batches.reasons(self.folder, batch))

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

    def _with_others(self, kept: _Kept) -> _Kept:
        """Return it with all batches of the dataset, also those that no longer count."""
        with self.discovery.registry.read() as connection:
            found = kept_batches.of_dataset(
                connection, kept.product, kept.dataset, kept.environment
            )
        batches = kept.batches + [batch for batch in found if batch not in kept.batches]
        runs_of = self._runs(kept.product, kept.dataset, kept.environment, batches)
        return replace(kept, batches=batches, runs=runs_of)

    def _rows(self, kept: _Kept, batches: Sequence[Quarantined]) -> Iterator[KeptRow]:
        """Yield the rows of some batches, each once; what is no longer there has none."""
        seen: set[str] = set()
        for batch in batches:
            if not kept_batches.is_kept(self.folder, batch):
                continue
            is_once = batch.run_id in kept.runs.once
            for row in kept_batches.rows(
                self.folder, batch, kept.environment, is_once=is_once, decided=kept.decided
            ):
                if row.id not in seen:
                    seen.add(row.id)
                    yield row

    def _may_see(self, principal: Principal, product: Product, dataset: Dataset) -> bool:
        known = self.discovery.definitions()
        in_scope = principal.scopes is None or Action.DATASET_READ in principal.scopes
        return (
            in_scope
            and is_responsible(principal, known, product)
            and self._reads_all(principal, dataset)
        )

    def _reads_all(self, principal: Principal, dataset: Dataset) -> bool:
        """Return whether a principal reads all rows and columns of a dataset in clear."""
        asked = [Asked(dataset.name, dataset.columns)]
        (decision,) = self.discovery.decider.decide(principal, Action.DATASET_READ, asked)
        return (
            decision.is_allowed
            and any(one.rows is None for one in decision.admissions)
            and all(
                decision.clearance(column.name) is Clearance.CLEAR for column in dataset.columns
            )
        )

    def _shown(self, kept: _Kept, principal: Principal) -> list[Quarantined]:
        """Return the batches of which a principal may see the rows, if it may see those of the dataset.

        A source may feed several datasets: its records have what any of them would have had.
        """
        fed = self._fed(kept)
        if principal.kind is PrincipalKind.OWNER:
            return kept.batches
        reads = {
            str(one.name)
            for one in kept.product.datasets
            if any(str(one.name) in names for names in fed.values())
            and self._reads_all(principal, one)
        }
        return [batch for batch in kept.batches if fed[batch] <= reads]

    def _fed(self, kept: _Kept) -> dict[Quarantined, frozenset[str]]:
        """Return which datasets would have had the rows of each batch: any, where that is not on record."""
        any_of_them = frozenset(str(one.name) for one in kept.product.datasets)
        with self.discovery.registry.read() as connection:
            found = kept_batches.of_datasets(connection, kept.batches)
        return {one: any_of_them if names is None else names for one, names in found.items()}

    def _known_reasons(self, principal: Principal, dataset: Dataset) -> set[str]:
        """Return the reasons of which somebody may know how many rows have them, who does not see the rows.

        That is each of ingest, which names no column, and those rules that a report shows with its numbers.
        """
        asked = [Asked(dataset.name, dataset.columns)]
        (decision,) = self.discovery.decider.decide(principal, Action.DATASET_READ, asked)
        of_ingest = {str(reason) for reason in Reason} - {rule.id for rule in dataset.rules}
        return of_ingest | counted_rules(dataset, decision)

    def _record(self, by: Principal, kept: _Kept, found: Sequence[Found]) -> None:
        fed = self._fed(kept)
        names = {str(kept.dataset.name)}.union(*(fed[one.row.batch] for one in found))
        shown = [one for one in kept.product.datasets if str(one.name) in names]
        with self.discovery.registry.write() as connection:
            read = kept_facts.read_entry(by, kept.product.name, shown, kept.environment, len(found))
            audit.append(connection, read)

    def record_batch(self, batch: Quarantined, rows: int, by: Principal, environment: str) -> None:
        """Record that somebody is shown so many rows of a batch, of whichever datasets they would have been."""
        product = self.discovery.definitions().products.get(batch.product)
        with self.discovery.registry.write() as connection:
            names = kept_batches.of_datasets(connection, [batch])[batch]
            known = () if product is None else product.datasets
            shown = [one for one in known if names is None or str(one.name) in names]
            audit.append(
                connection, kept_facts.read_entry(by, batch.product, shown, environment, rows)
            )


def _matches(one: Found, asked: Narrowed) -> bool:
    return (
        asked.state in {None, one.state.value}
        and asked.file in {None, one.row.file}
        and (asked.reason is None or asked.reason in _reasons(one))
    )


def _reasons(one: Found) -> tuple[str, ...]:
    fault = None if one.repair is None else one.repair.fault
    return one.row.reasons if fault is None else (fault.reason,)
