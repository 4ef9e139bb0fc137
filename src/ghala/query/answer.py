"""The read door: all data that leaves Ghala leaves here, decided, recorded, and seen through views only."""

from __future__ import annotations

from array import array
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO

from ghala.errors import DeniedError, LimitError, QueryError, QueryRefusedError
from ghala.governance.authorize import Asked
from ghala.model.names import DatasetName
from ghala.model.policy import Action
from ghala.model.release import PROD
from ghala.query.answered import Answer
from ghala.query.cache import Recent
from ghala.query.given import GivenAnswers
from ghala.query.intent import basis_of, intent_of, intent_of_step
from ghala.query.job import Step, columns_of, job_of, owner_of, scan_for
from ghala.query.limits import Limits
from ghala.query.record import recorded
from ghala.query.source import Wanted
from ghala.sql.place import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    import pyarrow as pa

    from ghala.engines.pool import Job, Rows
    from ghala.engines.stop import Stop
    from ghala.errors import Place
    from ghala.governance.audit import Reading
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.model.scan import PhysicalScan
    from ghala.query.answered import Pinned
    from ghala.query.catalog import Catalog
    from ghala.query.job import Readable, Shape
    from ghala.query.parts import Decider, Recorder, Workers
    from ghala.query.source import Releases, ResolvedDataset
    from ghala.sql.listing import Listed
    from ghala.sql.parse import Statement, TableUse


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions. `principal` has no default, so that nobody asks in somebody's name by accident."""

    releases: Releases
    authorizer: Decider
    audit: Recorder
    workers: Workers
    limits: Limits = field(default_factory=Limits)
    given: GivenAnswers = field(default_factory=lambda: GivenAnswers(0), repr=False)
    _agreed: Recent[tuple[str, tuple[str, ...]], tuple[tuple[str, str], ...]] = field(
        default_factory=lambda: Recent(1024), repr=False, compare=False
    )
    _shapes: Recent[tuple[bytes, frozenset[str], tuple[str, ...]], bool] = field(
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
        from ghala.sql.parse import parse  # noqa: PLC0415 - an idle server does without the parser

        statement = parse(sql)
        if statement.is_listing:
            yield self._listing(principal, environment)
            return
        resolved = self._resolve(statement, principal, environment)
        catalog = self._catalog(statement, principal, resolved)
        if listings := statement.listings:
            listed = self.listed(principal, environment)
            for table in sorted(listings):
                catalog.add_listing(table, listed)
        self._check_shape(statement, catalog, principal, stop)
        limits = self.limits.narrowed(timeout_s, row_limit)
        pins = sorted({(one.name, one.release) for one in resolved.values()}, key=_by_name)
        reading = None
        if resolved:
            # Recorded before it runs: an engine that dies must not hide who asked.
            objects = sorted({str(one.name) for one in resolved.values()})
            detail = intent_of(sql, statement, environment, resolved, catalog)
            reading = self.audit.started(principal, objects, detail)
        job = job_of(statement, catalog, principal, limits, STATEMENT)

        def check() -> object:
            return self._check(statement, catalog, principal, STATEMENT, stop)

        running = self._rows(job, check, stop, is_repeatable=statement.is_repeatable)
        with self._run(running, limits, pins, reading) as answer:
            yield answer

    @contextmanager
    def prepare(
        self, sql: str, principal: Principal, readable: Readable, *, place: Place | None = None
    ) -> Iterator[Answer]:
        """Run a product's own statement over what it may read, and nothing else.

        `place` is where the text begins, so that errors point into its file.

        Raises:
            DeniedError: the product may not read one of its inputs.
            QueryRefusedError: it is not answered, or reads something else.
            QueryError: it failed.
        """
        step = self._step(sql, principal, readable, place or STATEMENT)
        job = job_of(step.statement, step.catalog, principal, self.limits, step.origin)
        reading = self._started(step)
        with self._run(self.workers.run(job), Limits(self.limits.timeout_s), (), reading) as answer:
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
        stop: Stop | None = None,
    ) -> int:
        """Write the rows of a product's own statement as one Parquet file, and return how many.

        Args:
            sql: the statement, as `prepare` runs it.
            principal: the product.
            readable: all that it may read.
            shape: says how the statement's columns (name and engine type) become those of the file.
            target: takes the file's bytes; they are no file unless this returns.
            place: where the text begins, so that errors point into its file.
            stop: ends it.

        Raises:
            DeniedError: the product may not read one of its inputs, or no longer.
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
            rows = self.workers.write(job, shaped.field_ids, target, stop)
            ending.is_finished = True
        return rows

    def admit(self, principal: Principal, inputs: Mapping[DatasetName, PhysicalScan]) -> None:
        """Refuse a product that may not read all of its inputs, before it works in vain.

        Raises:
            DeniedError: it may not.
        """
        for name, scan in sorted(inputs.items()):
            self._admitted(principal, Asked(name, columns_of(scan)), inputs)

    def _admitted(
        self, principal: Principal, asked: Asked, prepared: Collection[DatasetName]
    ) -> Decision:
        (decision,) = self.authorizer.decide(
            principal, Action.DATASET_READ, [asked], prepared=prepared
        )
        if not decision.is_allowed:
            self._deny(principal, [decision])
        return decision

    def _step(self, sql: str, principal: Principal, readable: Readable, origin: Place) -> Step:
        from ghala.query.catalog import Catalog  # noqa: PLC0415 - an idle server does without the parser
        from ghala.sql.parse import parse  # noqa: PLC0415 - an idle server does without the parser

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
            columns = columns_of(scan)
            # A step's own table is decided like an input, under the schema that holds plain names.
            asked = Asked(name or DatasetName("main", use.table), columns)
            decision = self._admitted(principal, asked, readable.inputs if name else {asked.name})
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
        import pyarrow as pa  # noqa: PLC0415 - a server that nobody has asked yet does without

        visible = [str(name) for name, _ in self.listed(principal, environment)]
        rows = pa.RecordBatch.from_arrays([_texts(visible)], ["name"])
        return Answer(rows.schema, (), iter([rows]))

    def listed(self, principal: Principal, environment: str) -> tuple[Listed, ...]:
        """Return the datasets that may be read, in order, each with the columns that may be seen."""
        from ghala.sql import guard  # noqa: PLC0415 - an idle server does without the parser

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

    def _resolve(
        self, statement: Statement, principal: Principal, environment: str
    ) -> Mapping[TableUse, ResolvedDataset]:
        from ghala.query.names import Names  # noqa: PLC0415 - an idle server does without the parser

        def admit(asked: Sequence[Asked], *, is_last: bool) -> bool:
            decisions = self.authorizer.decide(principal, Action.DATASET_READ, asked)
            denied = [decision for decision in decisions if not decision.is_allowed]
            if denied and is_last:
                self._deny(principal, denied)
            return len(decisions) - len(denied) == len(asked)

        return Names(self.releases, environment).resolved(statement, admit)

    def _catalog(
        self,
        statement: Statement,
        principal: Principal,
        resolved: Mapping[TableUse, ResolvedDataset],
    ) -> Catalog:
        from ghala.query.catalog import Catalog  # noqa: PLC0415 - an idle server does without the parser

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
        from ghala.sql.witness import agree  # noqa: PLC0415 - an idle server does without the parser

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

    def _check_shape(
        self,
        statement: Statement,
        catalog: Catalog,
        principal: Principal,
        stop: Stop | None,
    ) -> None:
        """Let the engine say once what statements read that differ in plain values alone."""
        key = (statement.shape, statement.names, catalog.shadow)
        if self._shapes.find(key) is None:
            self._check(statement, catalog, principal, STATEMENT, stop)
            self._shapes.keep(key, value=True)

    @contextmanager
    def _rows(
        self, job: Job, check: Callable[[], object], stop: Stop | None, *, is_repeatable: bool
    ) -> Iterator[Rows]:
        """Run a job, unless it gave its rows just now; `check` raises what the engine has against its statement."""
        is_kept = self.given.most_bytes > 0 and is_repeatable
        if is_kept and (known := self.given.find(job)) is not None:
            yield known
            return
        with ExitStack() as stack:
            try:
                rows = stack.enter_context(self.workers.run(job, stop))
            except LimitError:
                raise
            except QueryError:
                # What the engine refuses is worded the same, whether its shape was known or not.
                check()
                raise
            yield self.given.noted(job, rows) if is_kept else rows

    @contextmanager
    def _run(
        self,
        running: AbstractContextManager[Rows],
        limits: Limits,
        pins: Sequence[Pinned],
        reading: Reading | None,
    ) -> Iterator[Answer]:
        with recorded(reading) as ending, running as rows:
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
    import pyarrow as pa  # noqa: PLC0415 - a server that nobody has asked yet does without

    encoded = [value.encode() for value in values]
    offsets = array("i", [0, *accumulate(map(len, encoded))])
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)
