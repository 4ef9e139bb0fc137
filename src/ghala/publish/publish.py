"""Publishing: staged rows are checked and become a release in one transaction, or nothing does."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from ghala.errors import (
    BusyError,
    ContractBrokenError,
    GhalaError,
    StorageError,
)
from ghala.lake.promote import promote
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.product import Materialisation
from ghala.model.release import PROD, Release
from ghala.model.run import RunState
from ghala.publish.levels import note_levels
from ghala.publish.quarantine import Separator
from ghala.publish.restore import recheck, refuse_broken
from ghala.publish.tell import tell_end, tell_recovered
from ghala.quality.check import check
from ghala.quality.profile import profile
from ghala.quality.report import to_dict
from ghala.registry import (
    audit,
    checks,
    claims,
    definitions,
    levels,
    lineage,
    profiles,
    releases,
    rollbacks,
    runs,
)
from ghala.registry.registry import move_epoch, read_epoch
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ghala.engines.duckdb import DuckDB
    from ghala.lake.files import Disk
    from ghala.lake.parquet import StagedFile
    from ghala.lake.stage import Sealed, StagedTable
    from ghala.model.contract import Dataset, OnFail, Rule
    from ghala.model.names import DatasetName
    from ghala.model.outcome import Quarantined
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.model.profile import DatasetProfile
    from ghala.model.report import Report
    from ghala.model.run import StepBalance, TakenFile
    from ghala.model.scan import PhysicalScan
    from ghala.publish.repairs import Repairing
    from ghala.publish.restore import Restorable, Restored
    from ghala.registry.claims import Claim
    from ghala.registry.identity import Transaction
    from ghala.registry.lineage import LineageDocument
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin

_MOST_CONFIRMED = 50
"""So often reads are decided again while others change what they depend on; each time takes milliseconds."""


class RuleRunner(Protocol):
    """Evaluates a contract's own SQL where product code runs: sandboxed, over the candidate state only."""

    def __call__(self, dataset: Dataset, rule: Rule, candidate: PhysicalScan) -> float:
        """Return the one number that the rule's query gives."""


@dataclass(frozen=True, slots=True)
class StagedRows:
    """One dataset's staged rows: Parquet files that the step wrote."""

    table: StagedTable
    files: tuple[StagedFile, ...]
    step: str
    on_fail: OnFail | None


@dataclass(slots=True)
class Submission:
    """Everything that one run wants to publish; it grows while steps run and rows are checked.

    `cursors` has, for each source, the files that were read, by path. `confirm` decides again whether the run may read
    what it read, and returns the registry's epoch at which that holds; None where it read nothing of others. `restored`
    is the earlier release that becomes current again; then nothing is staged. `repairing` has the rows that were kept
    out before, and are taken now. `end` puts on record how the run ended, and why, in the transaction in which it does.
    """

    claim: Claim
    product: Product
    principal: Principal
    staged: list[StagedRows] = field(default_factory=list)
    inputs: Sequence[Pin] = ()
    cursors: dict[str, Mapping[str, TakenFile]] = field(default_factory=dict)
    steps: list[StepBalance] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    profiles: list[DatasetProfile] = field(default_factory=list)
    lineage: LineageDocument | None = None
    restored: Restored | None = None
    repairing: Repairing | None = None
    confirm: Callable[[], int] | None = None
    end: Callable[[Transaction, RunState, str | None], None] | None = None

    @property
    def definition_sha256(self) -> str:
        """The definition that made the rows."""
        release = None if self.restored is None else self.restored.release
        return self.product.definition.sha256 if release is None else release.definition_sha256


@dataclass(frozen=True, slots=True)
class Publisher:
    """The write door. `sample_rows` are those that a profile takes distributions from; 0 makes no profiles."""

    registry: Registry
    engine: DuckDB
    disk: Disk
    quarantine: Path
    run_rule: RuleRunner
    live_snapshots: int
    sample_rows: int = 0

    def publish(self, submission: Submission) -> Release:
        """Check what was staged and promote it.

        Raises:
            ContractBrokenError: rows break their contract; they stay staged or quarantined, the refusal is recorded.
            DeniedError: what was read of others may no longer be read.
            ConflictError: a dataset was published by somebody else in the meantime.
            LeaseLostError: another run took the claim over.
            StorageError: something could not be made durable or recorded; nothing was published.
        """
        checked = self._checked(submission)
        if self.sample_rows:
            submission.profiles = [self._profile(rows) for rows in checked]
        sealed = [
            rows.table.seal(
                [file for file in rows.files if file.row_count], live_snapshots=self.live_snapshots
            )
            for rows in checked
        ]
        return self._promote(submission, sealed)

    def roll_back(self, submission: Submission, states: Sequence[Restorable]) -> Release:
        """Check an earlier release against the contract of today, and make its content current as a new release.

        Raises:
            ContractBrokenError: the contract of today would be broken; consumers keep what they have.
            LeaseLostError: another run took the claim over.
            StorageError: something could not be read or recorded; nothing was published.
        """
        for state in states:
            with self.engine.session() as session:
                run_rule = partial(self.run_rule, state.dataset)
                submission.reports.append(recheck(session, state, run_rule))
        refuse_broken(submission.product.name, submission.reports)
        return self._promote(submission, [state.sealed for state in states])

    def _checked(self, submission: Submission) -> list[StagedRows]:
        checked = [self._check(submission, rows) for rows in submission.staged]
        broken = [report for report in submission.reports if report.is_broken]
        if broken:
            names = ", ".join(str(report.dataset) for report in broken)
            rules = ", ".join(
                finding.rule_id
                for report in broken
                for finding in report.findings
                if finding.blocks
            )
            environment = submission.claim.environment
            where = "" if environment == PROD else f" --environment {environment}"
            raise ContractBrokenError(
                f"{names}: {rules} failed; nothing was published",
                hint="consumers keep the last good release; "
                f"see `ghala show {submission.product.name}{where}`",
                reports=tuple(submission.reports),
            )
        emptied = [
            str(report.dataset)
            for report in submission.reports
            if report.rows_staged and not report.rows_released
        ]
        if emptied:
            raise ContractBrokenError(
                f"{', '.join(emptied)}: every row broke a rule; nothing was published",
                hint=f"consumers keep the last good release; see `ghala show {submission.product.name}`",
                reports=tuple(submission.reports),
            )
        return checked

    def _check(self, submission: Submission, rows: StagedRows) -> StagedRows:
        separator = Separator(
            rows.table, self.engine, self.disk, self.quarantine / submission.claim.run_id
        )
        with self.engine.session() as session:
            separate = partial(separator.separate, session)
            report, _ = check(
                session,
                rows.table.dataset,
                rows.table.scan(rows.files),
                rows.table.existing,
                on_fail=rows.on_fail,
                separate=separate,
                run_rule=partial(self.run_rule, rows.table.dataset),
            )
        submission.reports.append(report)
        submission.quarantined.extend(
            separator.batches(submission.product.name, submission.claim.run_id, rows.step)
        )
        return StagedRows(rows.table, separator.kept or rows.files, rows.step, rows.on_fail)

    def _profile(self, rows: StagedRows) -> DatasetProfile:
        table = rows.table
        with self.engine.session() as session:
            return profile(
                session,
                table.dataset.name,
                table.scan(rows.files),
                table.existing,
                sample_rows=self.sample_rows,
            )

    def _promote(self, submission: Submission, sealed: Sequence[Sealed]) -> Release:
        try:
            return self._commit(submission, sealed)
        except StorageError:
            # The connection may have broken before or after the commit took place, or while it does. Only the registry
            # knows; nothing is deleted on a guess.
            published = self._published(submission.claim.run_id)
            if published is None:
                raise
            return published

    def _commit(self, submission: Submission, sealed: Sequence[Sealed]) -> Release:
        for _ in range(_MOST_CONFIRMED if submission.confirm else 1):
            release = self._commit_at(
                submission, sealed, submission.confirm() if submission.confirm else None
            )
            if release is not None:
                return release
        raise BusyError(
            f"{submission.product.name}: rights and releases moved all the time", hint="run again"
        )

    def _commit_at(
        self, submission: Submission, sealed: Sequence[Sealed], epoch: int | None
    ) -> Release | None:
        """Commit, unless the epoch at which the run's reads were confirmed has passed: then nothing happened."""
        claim, product = submission.claim, submission.product
        with self.registry.write() as connection:
            if epoch is not None and read_epoch(connection) != epoch:
                return None
            claims.require_held(connection, claim)
            created_at = releases.next_time_us(connection, claim.environment, product.name)
            release = Release(
                product=product.name,
                environment=claim.environment,
                number=releases.next_number(connection, claim.environment, product.name),
                run_id=claim.run_id,
                definition_sha256=submission.definition_sha256,
                created_at=as_time(created_at),
                datasets=tuple(state.dataset for state in sealed),
                is_current=True,
            )
            ids = {state.dataset.dataset_id for state in sealed}
            before = levels.last_releases(connection, claim.environment, ids)
            promote(sealed, partial(releases.swap_pointer, connection, release))
            releases.record(connection, release, created_at, submission.inputs)
            rollbacks.record_anew(connection, release, _anew(submission.staged))
            if submission.restored is None:
                definitions.keep(connection, product.name, product.definition)
                profiles.record(connection, release, submission.profiles)
            else:
                submission.restored.record(connection, release)
            # Levels look at the profile that the release has just got.
            note_levels(connection, product, release, created_at, before)
            if submission.repairing is not None:
                submission.repairing.record(connection, claim, release)
            if submission.lineage is not None:
                lineage.record(connection, release, submission.lineage)
            releases.record_files(connection, claim.run_id, _all_files(sealed))
            for source, files in submission.cursors.items():
                runs.move_cursor(
                    connection,
                    claim.environment,
                    product.name,
                    source,
                    files=files,
                    release=release.number,
                )
            runs.record_quarantine(connection, claim.environment, submission.quarantined)
            runs.finish(
                connection,
                claim.run_id,
                RunState.PUBLISHED,
                steps=submission.steps,
                reports=[to_dict(report) for report in submission.reports],
                release=release.number,
            )
            _record_checks(connection, submission, release.number)
            if submission.end is not None:
                submission.end(connection, RunState.PUBLISHED, None)
            if submission.restored is None:
                tell_recovered(connection, claim, product, release.number)
                audit.append(connection, _entry(submission, AuditTag.RELEASE_PUBLISHED, release))
            else:
                submission.restored.tell(connection, claim, product, release)
            claims.release(connection, claim)
            move_epoch(connection)
        return release

    def refuse(self, submission: Submission, error: GhalaError, state: RunState) -> None:
        """Record a run that published nothing, with what it quarantined, and give its claim back."""
        claim = submission.claim
        tag = AuditTag.RELEASE_REFUSED if state is RunState.REFUSED else AuditTag.RUN_FAILED
        with self.registry.write() as connection:
            if releases.of_run(connection, claim.run_id) is not None:
                # Its answer was lost, and the registry out of reach when it was asked: it did take place.
                return
            runs.record_quarantine(connection, claim.environment, submission.quarantined)
            runs.finish(
                connection,
                claim.run_id,
                state,
                steps=submission.steps,
                reports=[to_dict(report) for report in submission.reports],
                error=error,
            )
            _record_checks(connection, submission, None)
            # Whoever took over may have released the rows meanwhile.
            if submission.repairing is not None and claims.is_held(connection, claim):
                submission.repairing.record_refused(connection, is_over=False)
            if submission.end is not None:
                submission.end(connection, state, str(error))
            reports = submission.reports
            if submission.restored is None:
                tell_end(
                    connection, claim, submission.product, error=error, state=state, reports=reports
                )
            audit.append(connection, _entry(submission, tag, None))
            claims.release(connection, claim)

    def _published(self, run_id: str) -> Release | None:
        # A write of one's own waits until a commit whose answer was lost has ended; a read could come too early.
        with self.registry.write() as connection:
            found = releases.of_run(connection, run_id)
            if found is None:
                return None
            run = runs.find(connection, run_id)
            history = releases.history(connection, run.environment if run else "prod", found[0])
        return next(release for release in history if release.number == found[1])


def _anew(staged: Sequence[StagedRows]) -> list[DatasetName]:
    made = [one.table for one in staged if one.table.materialisation is Materialisation.REPLACE]
    return [table.dataset.name for table in made]


def _all_files(sealed: Sequence[Sealed]) -> dict[str, tuple[str, int]]:
    return {path: facts for state in sealed for path, facts in state.files.items()}


def _record_checks(connection: Transaction, submission: Submission, release: int | None) -> None:
    claim, ids = submission.claim, {one.name: one.id for one in submission.product.datasets}
    reports = {ids[report.dataset]: to_dict(report) for report in submission.reports}
    checks.record(connection, claim.environment, claim.run_id, release, reports)


def _entry(submission: Submission, tag: AuditTag, release: Release | None) -> AuditEntry:
    detail: dict[str, object] = {
        "run": submission.claim.run_id,
        "environment": submission.claim.environment,
        "definition": submission.product.definition.sha256,
    }
    if release is not None:
        detail["release"] = release.number
        detail["rows"] = {str(d.name): d.row_count for d in release.datasets}
    return AuditEntry(
        tag=tag,
        principal=submission.principal.id,
        purpose=submission.principal.purpose,
        objects=(
            str(submission.product.name),
            *(str(rows.table.dataset.name) for rows in submission.staged),
        ),
        detail=detail,
    )
