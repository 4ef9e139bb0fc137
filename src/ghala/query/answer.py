"""The read door: all data that leaves Ghala leaves here, decided, recorded, and seen through views only."""

from __future__ import annotations

from array import array
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

import pyarrow as pa

from ghala.errors import DeniedError, NotFoundError, QueryRefusedError
from ghala.governance.authorize import Asked
from ghala.model.contract import Column
from ghala.model.names import DatasetName
from ghala.model.policy import Action
from ghala.model.release import PROD
from ghala.query.cache import Recent
from ghala.query.catalog import Catalog
from ghala.query.intent import basis_of, intent_of, intent_of_step
from ghala.query.job import Step, job_of, owner_of, scan_for
from ghala.query.limits import Limits
from ghala.query.record import recorded
from ghala.query.source import Wanted
from ghala.sql import guard
from ghala.sql.at import CURRENT
from ghala.sql.parse import parse
from ghala.sql.place import STATEMENT
from ghala.sql.witness import agree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ghala.engines.pool import Job, Rows
    from ghala.engines.stop import Stop
    from ghala.errors import Place
    from ghala.governance.audit import Reading
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.query.job import Readable, Shape
    from ghala.query.parts import Decider, Recorder, Workers
    from ghala.query.source import Releases, ResolvedDataset
    from ghala.sql.listing import Listed
    from ghala.sql.parse import Statement, TableUse


Pinned: TypeAlias = tuple[DatasetName, int]
"""A dataset in one of its releases."""


@dataclass(slots=True)
class Answer:
    """The rows of one question, to be read once, and the releases of datasets that they come from."""

    schema: pa.Schema
    pins: Sequence[Pinned]
    stream: Iterator[pa.RecordBatch] = field(repr=False)

    @property
    def releases(self) -> Mapping[DatasetName, int]:
        """The release of each dataset; the newest, where a statement names several."""
        return dict(self.pins)

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

    @contextmanager
    def answer(
        self,
        sql: str,
        principal: Principal,
        *,
        environment: str = PROD,
        timeout_s: float | None = None,
        row_limit: int | None = None,
        stop: Stop | None = None,
    ) -> Iterator[Answer]:
        """Answer one SELECT-like statement; leaving the block early stops it, and so does `stop`.

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
        if listings := statement.listings:
            listed = self.listed(principal, environment)
            for table in sorted(listings):
                catalog.add_listing(table, listed)
        self._check(statement, catalog, principal, STATEMENT, stop)
        limits = self.limits.narrowed(timeout_s, row_limit)
        pins = sorted({(one.name, one.release) for one in resolved.values()}, key=_by_name)
        reading = None
        if resolved:
            # Recorded before it runs: an engine that dies must not hide who asked.
            objects = sorted({str(one.name) for one in resolved.values()})
            detail = intent_of(sql, statement, environment, resolved, catalog)
            reading = self.audit.started(principal, objects, detail)
        job = job_of(statement, catalog, principal, limits, STATEMENT)
        with self._run(job, limits, pins, reading, stop) as answer:
            yield answer

    @contextmanager
    def prepare(
        self, sql: str, principal: Principal, readable: Readable, *, place: Place | None = None
    ) -> Iterator[Answer]:
        """Run a product's own statement over what it may read, and nothing else.

        `place` is where the text begins, so that errors point into its file.

        Raises:
            QueryRefusedError: it is not answered, or reads something else.
            QueryError: it failed.
        """
        step = self._step(sql, principal, readable, place or STATEMENT)
        job = job_of(step.statement, step.catalog, principal, self.limits, step.origin)
        with self._run(job, Limits(self.limits.timeout_s), (), self._started(step)) as answer:
            yield answer

    def write(
        self,
        sql: str,
        principal: Principal,
        readable: Readable,
        shape: Callable[[Sequence[tuple[str, str]]], Shape],
        target: BinaryIO,
        *,
        place: Place | None = None,
    ) -> int:
        """Write the rows of a product's own statement as one Parquet file, and return how many.

        Args:
            sql: the statement, as `prepare` runs it.
            principal: the product.
            readable: all that it may read.
            shape: says how the statement's columns (name and engine type) become those of the file.
            target: takes the file's bytes; they are no file unless this returns.
            place: where the text begins, so that errors point into its file.

        Raises:
            QueryRefusedError: it is not answered, or reads something else.
            QueryError: it failed.
        """
        step = self._step(sql, principal, readable, place or STATEMENT)
        shaped = shape(step.columns)
        before = "".join(["SELECT ", ", ".join(shaped.columns), " FROM (\n"])
        job = replace(
            job_of(step.statement, step.catalog, principal, self.limits, step.origin),
            # The text stands on lines of its own, unchanged: it was parsed whole, so it cannot end this bracket.
            sql=f"{before}{step.statement.text}\n) AS step_rows",
            place=lambda offset: step.statement.place(max(0, offset - len(before)), step.origin),
        )
        with recorded(self._started(step)) as ending:
            rows = self.workers.write(job, shaped.field_ids, target)
            ending.is_finished = True
        return rows

    def _step(self, sql: str, principal: Principal, readable: Readable, origin: Place) -> Step:
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
            name, scan = scan_for(use, readable, statement, origin)
            columns = [Column(column, kind) for column, kind in scan.columns]
            # A step's own table is decided like an input, under the schema that holds plain names.
            asked = Asked(name or DatasetName("main", use.table), columns)
            known = readable.inputs.keys() if name else {asked.name}
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
        return self.audit.started(step.principal, step.used, intent_of_step(step))

    def _listing(self, principal: Principal, environment: str) -> Answer:
        visible = [str(name) for name, _ in self.listed(principal, environment)]
        rows = pa.RecordBatch.from_arrays([_texts(visible)], ["name"])
        return Answer(rows.schema, (), iter([rows]))

    def listed(self, principal: Principal, environment: str) -> tuple[Listed, ...]:
        """Return the datasets that may be read, in order, each with the columns that may be seen."""
        wanted = [Wanted(name) for name in sorted(self.releases.names(environment))]
        found = self.releases.resolve(environment, frozenset(wanted))
        known = [found[one] for one in wanted if one in found]
        decisions = self.authorizer.decide(
            principal,
            Action.DATASET_READ,
            [Asked(one.name, one.columns, one.own_terms, one.lineage) for one in known],
        )
        pairs = zip(known, decisions, strict=True)
        seen = [(one, guard.visible(one.columns, how)) for one, how in pairs if how.is_allowed]
        return tuple(
            (one.name, tuple((column.name, column.type) for column in columns))
            for one, columns in seen
            if columns
        )

    def _resolve(self, statement: Statement, environment: str) -> dict[TableUse, ResolvedDataset]:
        uses = {use: self._wanted(use, statement, environment) for use in statement.datasets}
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
                f"`{use}` is not answered",
                hint="information_schema.tables and .columns list what you may read",
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
        uses = sorted(statement.datasets, key=str)
        used = [resolved[use] for use in uses]
        asked = [Asked(one.name, one.columns, one.own_terms, one.lineage) for one in used]
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
        self.audit.denied(principal, names, {"reasons": reasons, **basis_of(denied)})
        raise DeniedError(
            f"{principal.id} may not read {', '.join(names)}",
            reasons=reasons,
            hint=f"ask its owner: ghala access request {names[0]}" if names else None,
            datasets=tuple(names),
        )

    def _check(
        self,
        statement: Statement,
        catalog: Catalog,
        principal: Principal,
        origin: Place,
        stop: Stop | None = None,
    ) -> tuple[tuple[str, str], ...]:
        """Let the engine's own parser say what the statement reads: it must be the same. Return its columns."""

        def make() -> tuple[tuple[str, str], ...]:
            found = self.workers.inspect(
                owner_of(principal),
                statement.text,
                catalog.shadow,
                lambda offset: statement.place(offset, origin),
                stop,
            )
            agree(statement, found.tree, found.plan, catalog.readable)
            return found.columns

        return self._agreed.get((statement.text, catalog.shadow), make)

    @contextmanager
    def _run(
        self,
        job: Job,
        limits: Limits,
        pins: Sequence[Pinned],
        reading: Reading | None,
        stop: Stop | None = None,
    ) -> Iterator[Answer]:
        with recorded(reading) as ending, self.workers.run(job, stop) as rows:
            try:
                yield Answer(rows.schema, pins, _counted(rows, limits, reading))
            finally:
                ending.is_finished = rows.is_complete


def _by_name(pin: Pinned) -> tuple[str, int]:
    return str(pin[0]), pin[1]


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
