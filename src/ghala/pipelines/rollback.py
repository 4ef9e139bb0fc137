"""A rollback: a new release with the content of an earlier one, made under the claim of its product like any run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.engines.stop import Stop
from ghala.errors import ContractBrokenError, GhalaError, NotFoundError, UsageError
from ghala.governance.responsible import require_responsible
from ghala.model.policy import Action
from ghala.model.release import PROD, Rollback
from ghala.model.run import Run, RunState
from ghala.model.run_progress import RunStep, RunStepKind
from ghala.model.system import is_system
from ghala.pipelines.claim import hold
from ghala.pipelines.journal import PUBLISH, Journal
from ghala.pipelines.run import new_run_id
from ghala.publish.publish import Submission
from ghala.publish.restore import Restored, restorable
from ghala.publish.tell import tell_abandoned
from ghala.registry import environments, progress, releases, runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.lake.scan import Scans
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.model.release import Release
    from ghala.publish.publish import Publisher
    from ghala.publish.restore import Restorable
    from ghala.registry.claims import Claim
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Rollbacks:
    """Rolls products back. `publisher` and `scans` are made when they are needed: few servers ever do it."""

    registry: Registry
    definitions: Callable[[], Definitions]
    publisher: Callable[[], Publisher]
    scans: Callable[[], Scans]
    lease_s: float
    _left_behind: list[Claim] = field(default_factory=list, init=False, repr=False, compare=False)

    def roll_back(
        self,
        product: ProductName,
        to: int,
        *,
        reason: str,
        by: Principal,
        environment: str = PROD,
        wait_s: float = 0.0,
        say: Callable[[str], None] = lambda _: None,
    ) -> Release:
        """Make a new release with the content of release `to`, and return it.

        The next run builds upon it: an append takes the files again that later releases took, and `replace` makes its
        dataset anew from its sources as they are then.

        Raises:
            BusyError: a run of the product did not end within `wait_s`.
            ContractBrokenError: the contract of today would be broken.
            DeniedError: `by` neither owns the product nor is a steward.
            NotFoundError: there is no such release.
            UsageError: it is current already, the product cannot be rolled back, or no reason is given.
        """
        stated = reason.strip()
        if not stated or len(stated) > LONGEST_REASON or not stated.isprintable():
            raise UsageError(
                "nobody rolls back without saying why",
                hint=f"--reason TEXT: one line of at most {LONGEST_REASON} characters",
            )
        known = self.definitions()
        if product not in known.products:
            raise NotFoundError(f"there is no product `{product}`")
        found = known.products[product]
        require_responsible(by, known, found, Action.PRODUCT_ROLL_BACK)
        if is_system(str(product)):
            raise UsageError(f"{product} is made from what was recorded, and is not rolled back")
        self._target(found, to, environment)
        run = Run(
            id=new_run_id(),
            product=product,
            environment=environment,
            definition_sha256=found.definition.sha256,
            state=RunState.RUNNING,
            started_at=datetime.now(UTC),
            started_by=by.id,
            rolls_back=to,
        )
        steps = [RunStep(PUBLISH, RunStepKind.PUBLISH, (f"release {to}",))]
        journal = Journal(run.id, steps, say, Stop())
        with hold(
            self.registry, environment, product, run.id,
            lease_s=self.lease_s, wait_s=wait_s, say=say, left_behind=self._left_behind,
            beat=journal.record,
        ) as lease:  # fmt: skip
            # Looked up again: a run may have published while this one waited.
            target, now = self._target(found, to, environment)
            rollback = Rollback(to, now.number, stated, by.id)
            restored = Restored(target, rollback, _names(found, target), by)
            submission = Submission(lease.claim, found, by, restored=restored, end=journal.end)
            return self._held(submission, target, run, journal)

    def _held(self, submission: Submission, target: Release, run: Run, journal: Journal) -> Release:
        product = submission.product
        with self.registry.write() as connection:
            for one in runs.abandon(connection, run.environment, run.product, run.id):
                tell_abandoned(connection, run, product, one)
            runs.start(connection, run)
            progress.set_steps(connection, run.id, dict(enumerate(journal.steps)))
        try:
            journal.begin(0, self.registry)
            journal.say(f"{run.product}: checking and publishing release {target.number} again")
            states = self._states(product, target, run.environment)
            return self.publisher().roll_back(submission, states)
        except GhalaError as error:
            is_refused = isinstance(error, ContractBrokenError)
            self._record(submission, error, RunState.REFUSED if is_refused else RunState.FAILED)
            raise
        except BaseException:
            self._record(submission, GhalaError("the rollback was interrupted"), RunState.FAILED)
            raise

    def _record(self, submission: Submission, error: GhalaError, state: RunState) -> None:
        try:
            self.publisher().refuse(submission, error, state)
        except GhalaError:
            # The registry is out of reach, and the caller hears of what went wrong first. The next run marks this one.
            return

    def _target(self, product: Product, to: int, environment: str) -> tuple[Release, Release]:
        """Return the release that comes back, and the one that is current.

        Raises:
            NotFoundError: there is no such release.
            UsageError: the current release has its content already.
        """
        with environments.read(self.registry, environment) as connection:
            history = releases.history(connection, environment, product.name)
        found = next((release for release in history if release.number == to), None)
        if found is None:
            raise NotFoundError(
                f"there is no release {to} of {product.name}",
                hint=f"see `ghala releases {product.name}`",
            )
        now = history[0]
        if _content(found) == _content(now):
            raise UsageError(f"release {now.number} of {product.name} has that content already")
        return found, now

    def _states(self, product: Product, target: Release, environment: str) -> list[Restorable]:
        """Return all datasets of a product as they can come back.

        Raises:
            ContractBrokenError: the release has not all that is promised today.
        """
        with self.registry.read() as connection:
            own = releases.own(connection, environment, product)
        by_id = {one.dataset_id: one for one in target.datasets}
        missing = [str(one.name) for one in product.datasets if one.id not in by_id]
        if missing:
            raise ContractBrokenError(
                f"release {target.number} has no {', '.join(missing)}, as is promised today; nothing was rolled back",
                hint="roll back to a later release, or take the dataset out of the contract first",
            )
        states = []
        for dataset in product.datasets:
            earlier, pin = by_id[dataset.id], own.get(dataset.id)
            scan = self.scans().of(earlier.metadata_location, earlier.snapshot_id)
            now = None if pin is None else pin.dataset
            states.append(restorable(dataset, earlier, now, scan, product.name))
        return states


def _names(product: Product, release: Release) -> dict[DatasetName, DatasetName]:
    """Return the names that the datasets of a release have today, by those that they have in it."""
    today = {dataset.id: dataset.name for dataset in product.datasets}
    return {one.name: today[one.dataset_id] for one in release.datasets if one.dataset_id in today}


def _content(release: Release) -> set[tuple[str, str]]:
    return {(one.dataset_id, one.metadata_location) for one in release.datasets}
