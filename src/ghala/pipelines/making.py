"""Making the rows of one run: its inputs are pinned, and every step's rows staged, in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from ghala.errors import StepError
from ghala.ingest.mend import Mending
from ghala.model.outcome import Quarantined
from ghala.model.product import Materialisation, StepKind
from ghala.model.quarantine import SOURCE, Place
from ghala.model.run import StepBalance
from ghala.pipelines.pinned import pin_inputs
from ghala.pipelines.steps.ingest import IngestStep, columns_for, refuse_known_bytes, refuse_loss
from ghala.pipelines.steps.sql import SqlStep
from ghala.publish.kept_out import still_out
from ghala.publish.mend import Mender
from ghala.publish.publish import StagedRows
from ghala.publish.repairs import NOT_MET, Repairing
from ghala.query.job import Readable
from ghala.registry import releases, runs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ghala.engines.duckdb import DuckDB
    from ghala.ingest.land import Landed
    from ghala.lake.files import Disk
    from ghala.lake.parquet import StagedFile
    from ghala.lake.places import Places
    from ghala.lake.scan import Scans
    from ghala.lake.stage import StagedTable, Staging
    from ghala.model.names import DatasetName
    from ghala.model.product import Source, Step
    from ghala.model.quarantine import Chosen
    from ghala.model.run import TakenFile
    from ghala.model.scan import PhysicalScan
    from ghala.pipelines.claim import Lease
    from ghala.pipelines.graph import Plan, Planned
    from ghala.pipelines.journal import Journal
    from ghala.pipelines.lineage import Descent
    from ghala.pipelines.reads import ProductReads, Rights
    from ghala.pipelines.steps.ingest import Lander
    from ghala.publish.publish import Submission
    from ghala.query.answer import Answerer
    from ghala.query.watch import Watch
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin


@dataclass(slots=True)
class Work:
    """What one run has made so far."""

    submission: Submission
    lease: Lease
    own: Mapping[str, Pin]
    inputs: Mapping[DatasetName, PhysicalScan]
    folder: Path
    steps: list[StepBalance]
    staged: list[StagedRows]
    cursors: dict[str, Mapping[str, TakenFile]]
    descent: Descent
    reads: ProductReads
    answerer: Answerer
    repairing: Repairing
    tables: dict[str, PhysicalScan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Making:
    """Makes the rows of runs. One instance serves many threads.

    `landers` land the types of sources that are no files.
    """

    registry: Registry
    engine: DuckDB
    disk: Disk
    staging: Staging
    scans: Scans
    answerer: Answerer
    zones: Mapping[str, Path]
    places: Places
    rights: Rights
    watch: Watch
    landers: Mapping[str, Lander] = field(default_factory=dict)

    def make(
        self,
        submission: Submission,
        planned: Planned,
        lease: Lease,
        journal: Journal,
        chosen: Chosen | None = None,
    ) -> Work:
        """Stage the rows of every step, and those that were kept out before and are `chosen` now.

        Raises:
            GhalaError: a step failed, or the run shall end.
        """
        product, plan = planned.product, planned.plan
        submission.repairing = Repairing.of_run(self.registry, lease.claim, chosen)
        work = self._begin(submission, planned, lease, journal, submission.repairing)
        steps = product.pipeline.steps if product.pipeline else ()
        for position, step in enumerate(steps):
            lease.check()
            journal.begin(position, self.registry)
            journal.say(f"{product.name}: {step.name}")
            before = len(work.steps)
            self._step(work, plan, step, journal.say)
            journal.count(position, work.steps[before:])
        return work

    def _begin(
        self,
        submission: Submission,
        planned: Planned,
        lease: Lease,
        journal: Journal,
        repairing: Repairing,
    ) -> Work:
        pinned = pin_inputs(
            self.registry, self.scans, self.rights, planned, lease.claim.environment
        )
        submission.inputs, reads = pinned.pins, pinned.reads
        submission.confirm = reads.confirm if reads.is_limited else None
        reads.stop = journal.stop
        folder = self.places.staging / lease.claim.run_id
        self.disk.make_folder(folder)
        answerer = replace(self.answerer, authorizer=reads)
        with reads.naming_owners():
            answerer.admit(submission.principal, pinned.scans)
        return Work(
            submission=submission, lease=lease, own=pinned.own, inputs=pinned.scans, folder=folder,
            steps=submission.steps, staged=submission.staged, cursors=submission.cursors,
            descent=pinned.descent, reads=reads, answerer=answerer, repairing=repairing,
        )  # fmt: skip

    def _step(self, work: Work, plan: Plan, step: Step, say: Callable[[str], None]) -> None:
        target = None
        if step.dataset is not None:
            dataset = next(d for d in work.submission.product.datasets if d.name == step.dataset)
            own = work.own.get(dataset.id)
            target = self.staging.table(
                dataset,
                own.dataset if own else None,
                step.materialisation,
                run_id=work.lease.claim.run_id,
            )
        files: tuple[StagedFile, ...] = ()
        if step.kind is StepKind.INGEST and target is not None:
            source = self._source(work, step.source or "")
            made = work.descent.land(source, columns_for(source, target.dataset))
            seen = self._seen(work, plan, source.name)
            lander = self.landers.get(source.type) or self._ingest(work, say)
            landed = lander.write_dataset(step, source, target, seen)
            files = landed.files
            self._landed(work, plan, source.name, landed)
        else:
            for name in plan.locals[step.name]:
                self._land_once(work, plan, name, say)
            readable = Readable(
                {name: work.tables[name] for name in plan.locals[step.name]},
                {name: work.inputs[name] for name in plan.inputs[step.name]},
            )
            runner = SqlStep(work.answerer, self.disk, work.submission.principal, work.reads.stop)
            with work.reads.watched(self.watch):
                if target is None:
                    path = work.folder / f"{step.name}.parquet"
                    work.tables[step.name], balance = runner.write_table(step, path, readable)
                else:
                    file, balance = runner.write_dataset(step, target, readable)
                    files = (file,)
            work.steps.append(balance)
            visible = work.reads.visible(readable.inputs)
            made = work.descent.follow(step, runner.names, readable.tables, visible)
        if target is not None:
            appends = step.materialisation is Materialisation.APPEND
            work.descent.deliver(target.dataset, made, appends=appends, step=step.name)
            files += self._mended(work, target, files)
            work.staged.append(StagedRows(target, files, step.name, step.on_fail))
            work.tables[step.name] = target.scan(files)

    def _mender(self, work: Work) -> Mender:
        return Mender(self.engine, self.disk, self.places.quarantine, work.folder)

    def _mended(
        self, work: Work, target: StagedTable, beside: Sequence[StagedFile]
    ) -> tuple[StagedFile, ...]:
        """Return files with the rows of a dataset that broke rules before and hold now, beside those of the step."""
        with self.registry.read() as connection:
            chosen = work.repairing.checked(
                connection, work.lease.claim, target.dataset.name, target.materialisation
            )
        files, outcomes = self._mender(work).staged(target, chosen, beside)
        work.repairing.outcomes |= outcomes
        if count := sum(file.row_count for file in files):
            work.steps.append(StepBalance(f"repaired rows of {target.dataset.name}", count, count))
        return files

    def _mending(
        self,
        work: Work,
        source: str,
        rejects: str,
        seen: Mapping[str, TakenFile],
        target: StagedTable | None = None,
    ) -> Mending | None:
        claim, repairing = work.lease.claim, work.repairing
        found = repairing.of_place(rejects, SOURCE)
        if not found:
            return None
        place = Place(claim.environment, claim.product, rejects)
        waiting = {
            row: repair
            for row, repair in found.items()
            if row in repairing.waiting and repair.file in seen
        }
        with self.registry.read() as connection:
            again = still_out(connection, self.places.quarantine, place, source, waiting)
        if target is not None and target.materialisation is Materialisation.REPLACE:
            # What is not met again is not in the dataset any more.
            repairing.outcomes |= dict.fromkeys(found, NOT_MET)
        judge = None if target is None else partial(self._mender(work).judge, target)
        return Mending(place, found, again, judge, repairing.outcomes)

    def _land_once(self, work: Work, plan: Plan, name: str, say: Callable[[str], None]) -> None:
        if name in work.tables:
            return
        source = self._source(work, name)
        scan, landed = self._ingest(work, say).write_table(
            source, work.folder, self._seen(work, plan, name)
        )
        work.tables[name] = scan
        work.descent.land(source, source.columns)
        self._landed(work, plan, name, landed)

    def _landed(self, work: Work, plan: Plan, name: str, landed: Landed) -> None:
        run_id, product = work.lease.claim.run_id, work.submission.product
        work.steps.append(landed.balance)
        if landed.quarantine is not None:
            work.submission.quarantined.append(
                Quarantined(
                    product=product.name,
                    run_id=run_id,
                    step=name,
                    kind="source",
                    rows=landed.balance.quarantined,
                    path=f"{run_id}/{landed.quarantine.name}",
                    created_at=datetime.now(UTC),
                )
            )
        source = self._source(work, name)
        refuse_loss(source, landed)
        if name not in plan.incremental:
            return
        self._refuse_known_bytes(work, source, landed)
        work.cursors[name] = landed.cursor

    def _refuse_known_bytes(self, work: Work, source: Source, landed: Landed) -> None:
        claim, pipeline = work.lease.claim, work.submission.product.pipeline
        # Two sources may read the same files, each for a dataset of its own; a source that is gone was renamed.
        others = {one.name for one in (pipeline.sources if pipeline else ())} - {source.name}
        with self.registry.read() as connection:
            taken = runs.taken_before(
                connection,
                claim.environment,
                claim.product,
                hashes=[file.sha256 for file in landed.cursor.values()],
                apart_from=others,
            )
        refuse_known_bytes(source, landed, taken)

    def _ingest(self, work: Work, say: Callable[[str], None]) -> IngestStep:
        return IngestStep(
            engine=self.engine,
            disk=self.disk,
            product=work.submission.product,
            zones=self.zones,
            raw=self.places.raw,
            quarantine=self.places.quarantine / work.lease.claim.run_id,
            progress=say,
            mending=partial(self._mending, work),
        )

    def _source(self, work: Work, name: str) -> Source:
        pipeline = work.submission.product.pipeline
        sources = pipeline.sources if pipeline else ()
        return next(source for source in sources if source.name == name)

    def _seen(self, work: Work, plan: Plan, source: str) -> Mapping[str, TakenFile]:
        if source not in plan.incremental:
            return {}
        claim = work.lease.claim
        with self.registry.read() as connection:
            seen = runs.cursor(connection, claim.environment, claim.product, source)
        if seen:
            self._require_history(work, plan, source)
        return seen

    def _require_history(self, work: Work, plan: Plan, source: str) -> None:
        """Stop when a dataset begins to append from a source whose earlier files it would never see."""
        steps = work.submission.product.pipeline.steps if work.submission.product.pipeline else ()
        made = {source}
        for step in steps:
            if not made.intersection(plan.locals[step.name]):
                continue
            made.add(step.name)
            dataset = next(
                (d for d in work.submission.product.datasets if d.name == step.dataset), None
            )
            if dataset is not None and dataset.id not in work.own:
                raise StepError(
                    f"{dataset.name} has no release yet, but files of source `{source}` were appended before it came",
                    hint="a renamed dataset keeps its `id` in the contract; a new one needs a source of its own",
                    place=step.place,
                )

    def is_unchanged(self, work: Work, plan: Plan) -> bool:
        """Whether a release would only repeat the current one: all append, and there is nothing to append."""
        product = work.submission.product
        steps = product.pipeline.steps if product.pipeline else ()
        appends = all(
            step.materialisation is Materialisation.APPEND for step in steps if step.dataset
        )
        has_rows = any(file.row_count for staged in work.staged for file in staged.files)
        has_files = any(work.cursors.values())
        if not appends or has_rows or has_files or not work.staged or plan.datasets:
            return False
        with self.registry.read() as connection:
            history = releases.history(connection, work.lease.claim.environment, product.name)
        return bool(history) and history[0].definition_sha256 == product.definition.sha256
