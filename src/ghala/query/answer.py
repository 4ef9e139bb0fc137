"""The read door: all data that leaves Ghala leaves here, decided, recorded, and seen through views only."""

from __future__ import annotations

from array import array
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from ghala.errors import DeniedError, GhalaError, NotFoundError, QueryRefusedError
from ghala.governance.audit import ReadOutcome
from ghala.governance.authorize import Asked
from ghala.model.contract import Column
from ghala.model.names import DatasetName
from ghala.model.policy import Action
from ghala.model.release import PROD
from ghala.query.cache import Recent
from ghala.query.catalog import Catalog
from ghala.query.job import Step, job_of, owner_of, scan_for, sha256_of
from ghala.query.limits import Limits
from ghala.query.source import Wanted
from ghala.sql.at import CURRENT
from ghala.sql.parse import parse
from ghala.sql.place import STATEMENT
from ghala.sql.witness import agree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ghala.engines.pool import Job, Rows
    from ghala.errors import Place
    from ghala.governance.audit import Reading
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.model.scan import PhysicalScan
    from ghala.query.job import Shape
    from ghala.query.parts import Decider, Recorder, Workers
    from ghala.query.source import Releases, ResolvedDataset
    from ghala.sql.parse import Statement, TableUse


@dataclass(slots=True)
class Answer:
    """The rows of one question, to be read once, and the release of each dataset that they come from."""

    schema: pa.Schema
    releases: Mapping[DatasetName, int]
    stream: Iterator[pa.RecordBatch] = field(repr=False)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows as record batches, as they are made."""
        return self.stream


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions. `principal` has no default, so that nobody asks in somebody's name by accident."""

    releases: Releases
    authorizer: Decider
    audit: Recorder
    workers: Workers
    limits: Limits = field(default_factory=Limits)
    _agreed: Recent[tuple[str, tuple[str, ...]], tuple[tuple[str, str], ...]] = field(
        default_factory=lambda: Recent(1024), repr=False, compare=False
    )

    def names(self, sql: str) -> frozenset[str]:
        """Return the tables that a statement reads: plain names, or `domain.dataset`.

        Raises:
            QueryRefusedError: it is no statement that the read door answers.
        """
        return frozenset(str(use) for use in parse(sql).tables)

    @contextmanager
    def answer(
        self,
        sql: str,
        principal: Principal,
        *,
        environment: str = PROD,
        timeout_s: float | None = None,
        row_limit: int | None = None,
    ) -> Iterator[Answer]:
        """Answer one SELECT-like statement; leaving the block early stops it.

        Raises:
            QueryRefusedError: the read door does not run it; nothing ran.
            NotFoundError: it names a dataset or release that is not there.
            DeniedError: the decision says no; nothing ran.
            LimitError: a limit was reached; what was read so far must not be used.
            QueryError: it failed.
        """
        statement = parse(sql)
        if statement.is_listing:
            yield self._listing(principal, environment)
            return
        resolved = self._resolve(statement, environment)
        catalog = self._catalog(statement, principal, resolved)
        self._check(statement, catalog, principal, STATEMENT)
        versions = {
            str(use): {"release": one.release, "columns": [column.name for column in one.columns]}
            for use, one in sorted(resolved.items(), key=lambda item: str(item[0]))
        }
        detail = {
            "statement_sha256": sha256_of(sql),
            "environment": environment,
            "datasets": versions,
        }
        limits = self.limits.narrowed(timeout_s, row_limit)
        releases = {one.name: one.release for one in resolved.values()}
        reading = None
        if resolved:
            # Recorded before it runs: an engine that dies must not hide who asked.
            objects = sorted({str(one.name) for one in resolved.values()})
            reading = self.audit.started(principal, objects, detail)
        job = job_of(statement, catalog, principal, limits, STATEMENT)
        with self._run(job, limits, releases, reading) as answer:
            yield answer

    @contextmanager
    def prepare(
        self,
        sql: str,
        principal: Principal,
        *,
        tables: Mapping[str, PhysicalScan],
        inputs: Mapping[DatasetName, PhysicalScan],
        place: Place | None = None,
    ) -> Iterator[Answer]:
        """Run a product's own statement over its step's tables (plain names) and pinned inputs, and nothing else.

        `place` is where the text begins, so that errors point into its file.

        Raises:
            QueryRefusedError: it is not answered, or reads something else.
            QueryError: it failed.
        """
        step = self._step(sql, principal, tables, inputs, place or STATEMENT)
        job = job_of(step.statement, step.catalog, principal, self.limits, step.origin)
        with self._run(job, Limits(self.limits.timeout_s), {}, self._started(step)) as answer:
            yield answer

    def write(
        self,
        sql: str,
        principal: Principal,
        *,
        tables: Mapping[str, PhysicalScan],
        inputs: Mapping[DatasetName, PhysicalScan],
        shape: Callable[[Sequence[tuple[str, str]]], Shape],
        target: BinaryIO,
        place: Place | None = None,
    ) -> int:
        """Write the rows of a product's own statement as one Parquet file, and return how many.

        Args:
            sql: the statement, as `prepare` runs it.
            principal: the product.
            tables: its step's tables.
            inputs: its pinned inputs.
            shape: says how the statement's columns (name and engine type) become those of the file.
            target: takes the file's bytes; they are no file unless this returns.
            place: where the text begins, so that errors point into its file.

        Raises:
            QueryRefusedError: it is not answered, or reads something else.
            QueryError: it failed.
        """
        step = self._step(sql, principal, tables, inputs, place or STATEMENT)
        shaped = shape(step.columns)
        before = "".join(["SELECT ", ", ".join(shaped.columns), " FROM (\n"])
        job = replace(
            job_of(step.statement, step.catalog, principal, self.limits, step.origin),
            # The text stands on lines of its own, unchanged: it was parsed whole, so it cannot end this bracket.
            sql=f"{before}{step.statement.text}\n) AS step_rows",
            place=lambda offset: step.statement.place(max(0, offset - len(before)), step.origin),
        )
        reading = self._started(step)
        outcome, error_code = ReadOutcome.INTERRUPTED, None
        try:
            rows = self.workers.write(job, shaped.field_ids, target)
            outcome = ReadOutcome.FINISHED
        except GhalaError as error:
            outcome, error_code = ReadOutcome.FAILED, error.code
            raise
        finally:
            if reading is not None:
                reading.ended(outcome, error_code)
        return rows

    def _step(
        self,
        sql: str,
        principal: Principal,
        tables: Mapping[str, PhysicalScan],
        inputs: Mapping[DatasetName, PhysicalScan],
        origin: Place,
    ) -> Step:
        statement = parse(sql, origin)
        if statement.is_listing or statement.pins:
            raise QueryRefusedError(
                "a step reads what its run pinned: no AT, no SHOW",
                hint="the release of an input is chosen when the run starts",
                place=origin,
            )
        catalog = Catalog()
        used: list[str] = []
        for use in sorted(statement.tables, key=str):
            name, scan = scan_for(use, tables, inputs, statement, origin)
            columns = [Column(column, kind) for column, kind in scan.columns]
            # A step's own table is decided like an input, under the schema that holds plain names.
            asked = Asked(name or DatasetName("main", use.table), columns)
            known = inputs.keys() if name else {asked.name}
            (decision,) = self.authorizer.decide(
                principal, Action.DATASET_READ, [asked], prepared=known
            )
            if not decision.is_allowed:
                self._deny(principal, [decision])
            catalog.add((use.domain, use.table), scan, columns, decision)
            if name:
                used.append(str(name))
        result = self._check(statement, catalog, principal, origin)
        return Step(statement, catalog, result, tuple(used), principal, origin)

    def _started(self, step: Step) -> Reading | None:
        if not step.used:
            return None
        detail = {"statement_sha256": sha256_of(step.statement.text)}
        return self.audit.started(step.principal, step.used, detail)

    def _listing(self, principal: Principal, environment: str) -> Answer:
        known = sorted(self.releases.names(environment))
        decisions = self.authorizer.decide(
            principal, Action.DATASET_READ, [Asked(name) for name in known]
        )
        visible = [str(one.dataset) for one in decisions if one.is_allowed]
        rows = pa.RecordBatch.from_arrays([_texts(visible)], ["name"])
        return Answer(rows.schema, {}, iter([rows]))

    def _resolve(self, statement: Statement, environment: str) -> dict[TableUse, ResolvedDataset]:
        uses = {use: self._wanted(use, statement, environment) for use in statement.tables}
        if not uses:
            return {}
        found = self.releases.resolve(environment, frozenset(uses.values()))
        for use, wanted in uses.items():
            if wanted not in found:
                raise self._missing(wanted, statement.place(use.offset), environment)
        return {use: found[wanted] for use, wanted in uses.items()}

    def _wanted(self, use: TableUse, statement: Statement, environment: str) -> Wanted:
        if use.domain is None:
            same = sorted(
                str(name) for name in self.releases.names(environment) if name.dataset == use.table
            )
            hint = (
                f"write `{same[0]}`" if same else "write `domain.dataset`; SHOW TABLES lists them"
            )
            raise QueryRefusedError(
                f"`{use.table}` names no dataset in full",
                hint=hint,
                place=statement.place(use.offset),
            )
        pin = statement.pins.get(use.table, CURRENT)
        dataset = use.table.rpartition("@")[0] if use.table in statement.pins else use.table
        if use.domain in {"information_schema", "pg_catalog"}:
            raise QueryRefusedError(
                f"`{use.domain}` is not answered yet",
                hint="SHOW TABLES lists datasets, DESCRIBE domain.dataset its columns",
                place=statement.place(use.offset),
            )
        return Wanted(DatasetName(use.domain, dataset), pin.version, pin.timestamp)

    def _missing(self, wanted: Wanted, place: Place, environment: str) -> NotFoundError:
        known = {str(name) for name in self.releases.names(environment)}
        name = str(wanted.name)
        if name in known:
            return NotFoundError(
                f"there is no {wanted}", hint=f"see `ghala releases {name}`", place=place
            )
        close = get_close_matches(name, sorted(known), 1)
        hint = f"did you mean `{close[0]}`?" if close else "SHOW TABLES lists the datasets"
        return NotFoundError(f"there is no released dataset `{name}`", hint=hint, place=place)

    def _catalog(
        self,
        statement: Statement,
        principal: Principal,
        resolved: Mapping[TableUse, ResolvedDataset],
    ) -> Catalog:
        uses = sorted(statement.tables, key=str)
        asked = [Asked(resolved[use].name, resolved[use].columns) for use in uses]
        decisions = self.authorizer.decide(principal, Action.DATASET_READ, asked)
        denied = [decision for decision in decisions if not decision.is_allowed]
        if denied or len(decisions) != len(uses):
            self._deny(principal, denied)
        catalog = Catalog()
        for use, decision in zip(uses, decisions, strict=True):
            one = resolved[use]
            catalog.add((use.domain, use.table), one.scan, one.columns, decision)
        return catalog

    def _deny(self, principal: Principal, denied: Sequence[Decision]) -> None:
        names = sorted({str(decision.dataset) for decision in denied})
        reasons = [reason for decision in denied for reason in decision.reasons]
        self.audit.denied(principal, names, {"reasons": reasons})
        raise DeniedError(
            f"{principal.id} may not read {', '.join(names)}",
            reasons=reasons,
            hint=f"ask its owner: ghala access request {names[0]}" if names else None,
            datasets=tuple(names),
        )

    def _check(
        self, statement: Statement, catalog: Catalog, principal: Principal, origin: Place
    ) -> tuple[tuple[str, str], ...]:
        """Let the engine's own parser say what the statement reads: it must be the same. Return its columns."""

        def make() -> tuple[tuple[str, str], ...]:
            found = self.workers.inspect(
                owner_of(principal),
                statement.text,
                catalog.shadow,
                lambda offset: statement.place(offset, origin),
            )
            agree(statement, found.tree, found.plan, catalog.readable)
            return found.columns

        return self._agreed.get((statement.text, catalog.shadow), make)

    @contextmanager
    def _run(
        self,
        job: Job,
        limits: Limits,
        releases: Mapping[DatasetName, int],
        reading: Reading | None,
    ) -> Iterator[Answer]:
        outcome, error_code = ReadOutcome.INTERRUPTED, None
        try:
            with self.workers.run(job) as rows:
                try:
                    yield Answer(rows.schema, releases, _counted(rows, limits, reading))
                finally:
                    outcome = ReadOutcome.FINISHED if rows.is_complete else outcome
        except GhalaError as error:
            if outcome is not ReadOutcome.FINISHED:
                outcome, error_code = ReadOutcome.FAILED, error.code
            raise
        finally:
            if reading is not None:
                reading.ended(outcome, error_code)


def _counted(rows: Rows, limits: Limits, reading: Reading | None) -> Iterator[pa.RecordBatch]:
    count = 0
    for batch in rows.batches():
        count += batch.num_rows
        if reading is not None:
            reading.rows, reading.byte_count = count, rows.byte_count
        limits.check_rows(count)
        yield batch


def _texts(values: Sequence[str]) -> pa.Array:
    """Return an Arrow array of texts. Made of buffers: `pa.array` of a list imports pandas, for seconds."""
    encoded = [value.encode() for value in values]
    offsets = array("i", [0, *accumulate(map(len, encoded))])
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)
