"""One run of a product: claim, have every step's rows made, hand them to the write door."""

from __future__ import annotations

import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.engines.stop import Stop
from ghala.errors import ContractBrokenError, GhalaError, StorageError
from ghala.governance.audit import entry
from ghala.model.audit import AuditTag
from ghala.model.outcome import RunOutcome
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.purpose import PRODUCTION
from ghala.model.run import Run, RunState
from ghala.pipelines.claim import hold
from ghala.pipelines.journal import Journal, planned_steps
from ghala.publish.publish import Submission
from ghala.publish.tell import tell_abandoned, tell_recovered
from ghala.registry import audit, claims, lineage, progress, runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.names import ProductName
    from ghala.model.product import Product
    from ghala.model.quarantine import Chosen
    from ghala.model.release import Release
    from ghala.model.report import Report
    from ghala.pipelines.claim import Lease
    from ghala.pipelines.graph import Planned
    from ghala.pipelines.making import Making
    from ghala.publish.publish import Publisher
    from ghala.registry.claims import Claim
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a run ended, as the process that ran it knows."""

    state: RunState
    release: Release | None = None
    reports: tuple[Report, ...] = ()
    error: GhalaError | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one run besides its product.

    `by` asked for it through a server, which is recorded; `stop` ends it; `begun` is told the run as soon as it is on
    record; `turn` returns when it may begin to work; `chosen` are rows that were kept out and shall be released.
    """

    by: Principal | None = None
    stop: Stop = field(default_factory=Stop)
    begun: Callable[[Run], None] | None = None
    turn: Callable[[], None] | None = None
    chosen: Chosen | None = None


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs products. One instance serves many threads."""

    registry: Registry
    making: Making
    publisher: Publisher
    lease_s: float
    _left_behind: list[Claim] = field(default_factory=list, init=False, repr=False, compare=False)

    def run(
        self,
        planned: Planned,
        *,
        environment: str,
        wait_s: float,
        say: Callable[[str], None],
        asked: Asked | None = None,
    ) -> RunOutcome:
        """Run a product and return how it ended: no error that Ghala raises on purpose leaves here.

        A run that could not begin, since another run did not end within `wait_s` or since the registry is out of
        reach, has failed as well, but is on no record.
        """
        asked = asked or Asked()
        began = time.monotonic()
        run = Run(
            id=new_run_id(),
            product=planned.product.name,
            environment=environment,
            definition_sha256=planned.product.definition.sha256,
            state=RunState.RUNNING,
            started_at=datetime.now(UTC),
            started_by=asked.by.id if asked.by else None,
        )
        journal = Journal(run.id, planned_steps(planned), say, asked.stop)
        try:
            with hold(
                self.registry, environment, run.product, run.id,
                lease_s=self.lease_s, wait_s=wait_s, say=say, left_behind=self._left_behind,
                beat=journal.record,
            ) as lease:  # fmt: skip
                ending = self._held(planned, run, lease, journal, asked)
        except GhalaError as error:
            ending = _Ending(RunState.FAILED, error=error)
        return RunOutcome(
            self._ended(run, ending),
            ending.release,
            ending.reports,
            ending.error,
            time.monotonic() - began,
        )

    def _held(
        self, planned: Planned, run: Run, lease: Lease, journal: Journal, asked: Asked
    ) -> _Ending:
        """Make and publish what was planned, now that nobody else does."""
        submission = _submission(lease, planned.product, journal)
        with self.registry.write() as connection:
            for one in runs.abandon(connection, run.environment, run.product, run.id):
                tell_abandoned(connection, run, planned.product, one)
            runs.start(connection, run)
            progress.set_steps(connection, run.id, dict(enumerate(journal.steps)))
            if asked.by is not None:
                detail = {"run": run.id, "environment": run.environment}
                audit.append(
                    connection,
                    entry(AuditTag.RUN_STARTED, asked.by, (str(run.product),), detail),
                )
        release, error = None, None
        try:
            if asked.begun is not None:
                asked.begun(run)
            if asked.turn is not None:
                asked.turn()
            release = self._work(submission, planned, lease, journal, asked.chosen)
            state = RunState.UNCHANGED if release is None else RunState.PUBLISHED
        except GhalaError as caught:
            error = caught
            is_refused = isinstance(caught, ContractBrokenError)
            state = RunState.REFUSED if is_refused else RunState.FAILED
            self._record(submission, caught, state)
        except BaseException:
            self._record(submission, GhalaError("the run was interrupted"), RunState.FAILED)
            raise
        finally:
            staging = self.making.places.staging
            shutil.rmtree(staging / run.id, ignore_errors=True)
        return _Ending(state, release, tuple(submission.reports), error)

    def _ended(self, run: Run, ending: _Ending) -> Run:
        """Return the run as it is on record, or as this process knows it if it is on none."""
        with suppress(StorageError), self.registry.read() as connection:
            recorded = runs.find(connection, run.id)
            if recorded is not None and recorded.state is not RunState.RUNNING:
                return recorded
        return replace(
            run,
            state=ending.state,
            finished_at=datetime.now(UTC),
            release=ending.release.number if ending.release else None,
            error=str(ending.error) if ending.error else None,
        )

    def _record(self, submission: Submission, error: GhalaError, state: RunState) -> None:
        try:
            self.publisher.refuse(submission, error, state)
        except GhalaError:
            # The registry is out of reach, which is what the caller must hear of first: the run's own error. The next
            # run marks this one as ended.
            return

    def _work(
        self,
        submission: Submission,
        planned: Planned,
        lease: Lease,
        journal: Journal,
        chosen: Chosen | None,
    ) -> Release | None:
        if planned.faults:
            raise planned.faults[0]
        product = planned.product
        work = self.making.make(submission, planned, lease, journal, chosen)
        if self.making.is_unchanged(work, planned.plan):
            with self.registry.write() as connection:
                claims.require_held(connection, lease.claim)
                run_id, state = lease.claim.run_id, RunState.UNCHANGED
                runs.finish(connection, run_id, state, steps=work.steps, reports=[])
                journal.end(connection, state)
                work.repairing.record_refused(connection, is_over=True)
                tell_recovered(connection, lease.claim, product)
                claims.release(connection, lease.claim)
            return None
        submission.lineage = lineage.document(work.descent.result)
        lease.check()
        journal.begin(len(journal.steps) - 1, self.registry)
        journal.say(f"{product.name}: checking and publishing")
        with work.reads.naming_owners():
            return self.publisher.publish(submission)


def _submission(lease: Lease, product: Product, journal: Journal) -> Submission:
    principal = Principal(f"product:{product.name}", PrincipalKind.PRODUCT, PRODUCTION.name)
    return Submission(lease.claim, product, principal, end=journal.end)


def new_run_id() -> str:
    """Return an id that sorts by time and that no two runs share."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def never_begun(product: ProductName, environment: str, error: GhalaError) -> RunOutcome:
    """Return the outcome of a product whose definition means nothing: there was nothing to run."""
    now = datetime.now(UTC)
    run = Run(new_run_id(), product, environment, "", RunState.FAILED, now, now, None, str(error))
    return RunOutcome(run, None, (), error, 0.0)
