"""Writes batches of text as typed Parquet files; what does not cast is set apart while the rest is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from ghala.errors import GhalaError, StepError
from ghala.ingest.cast import Cast, strict_cast
from ghala.ingest.explain import explain
from ghala.ingest.fault import Fault, Record
from ghala.ingest.plain import has_plain_form, slow_rows
from ghala.ingest.text import text_type
from ghala.model.types import Kind
from ghala.sql.scan import as_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ghala.engines.duckdb import Session
    from ghala.ingest.source import Batch
    from ghala.model.product import SourceColumn

FILE_TEXT_BYTES = 512 << 20
"""One Parquet file takes the records of about so many bytes of text."""
_TABLE = "ghala_records"
_ROW, _SLOW, _LAST, _FAILED = "ghala_row", "ghala_slow", "ghala_last", "ghala_failed"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the batches of one Parquet file: `row_count` rows were written; `faults` are all other records.

    Each fault comes with the index of its input file.
    """

    row_count: int
    faults: tuple[tuple[int, Fault], ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """A batch of the input file with that index; `slow` marks rows whose values need the exact casts."""

    file: int
    batch: Batch
    slow: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Held:
    file: int
    batch: Batch
    refused: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Refused:
    """Rows of one batch that did not cast, and what is needed to say why."""

    file: int
    records: tuple[Record, ...]
    texts: pa.RecordBatch


@dataclass(slots=True)
class _Flight:
    """The batches that the engine works on. It says when it is through with one, so that memory stays small."""

    batches: Iterator[Ready]
    schema: pa.Schema
    fed: int = 0
    failure: BaseException | None = None
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    refused: list[_Refused] = field(default_factory=list)
    _held: dict[int, _Held] = field(default_factory=dict)

    def rows(self) -> Iterator[pa.RecordBatch]:
        """Yield batches, each with its row numbers and marks, until they are enough for one file."""
        size = 0
        try:
            for ready in self.batches:
                self.faults += ((ready.file, fault) for fault in ready.batch.faults)
                size += ready.batch.texts.nbytes
                if count := len(ready.slow):
                    self._held[self.fed] = _Held(ready.file, ready.batch)
                    arrays = [*ready.batch.texts.columns, *self._marks(ready, count)]
                    self.fed += count
                    del ready  # the generator must not be what keeps it alive
                    yield pa.RecordBatch.from_arrays(arrays, schema=self.schema)
                if size >= FILE_TEXT_BYTES:
                    return
        except GeneratorExit:
            raise
        except BaseException as error:
            # The engine would pass on no more than the words of it.
            self.failure = error
            raise

    def _marks(self, ready: Ready, count: int) -> tuple[pa.Array, ...]:
        is_last = np.zeros(count, np.bool_)
        is_last[-1] = True
        numbers = np.arange(self.fed, self.fed + count)
        return pa.array(numbers), pa.array(ready.slow), pa.array(is_last)

    def judge(self, rows: pa.Array, failed: pa.Array) -> pa.Array:
        """Note rows that did not cast, and let go of each batch whose last row comes by; answer which rows stay.

        The engine goes through a batch in order, in one thread, and calls for failed and last rows only.
        """
        for row, is_failed in zip(rows.to_pylist(), failed.to_pylist(), strict=True):
            # A list at one stroke: the thread that reads on puts batches in meanwhile.
            first = max(first for first in list(self._held) if first <= row)
            held = self._held[first]
            if is_failed:
                held.refused.append(row - first)
            if row - first == len(held.batch.positions) - 1:
                self._land(first)
        return pc.invert(failed)

    def _land(self, first: int) -> None:
        """Let go of a batch; of its refused rows keep all that is needed to say what is wrong."""
        held = self._held.pop(first)
        if held.refused:
            records = tuple(held.batch.positions.at(row) for row in held.refused)
            texts = held.batch.texts.take(pa.array(held.refused))
            self.refused.append(_Refused(held.file, records, texts))


@dataclass(frozen=True)
class Loader:
    """Casts and writes, one Parquet file at a time."""

    session: Session
    columns: Sequence[SourceColumn]
    field_ids: Mapping[str, object] | None

    def load(self, batches: Iterator[Ready], path: Path) -> Loaded:
        """Write the rows of some batches, in order, until they are enough for one file; it is not yet durable.

        The engine pulls the batches while it writes, so that reading and writing overlap. It calls back with the
        number of each row that does not cast: so every value is cast once, and the file never sees a refused row.
        """
        flight = _Flight(batches, self._schema())
        function = f"ghala_judge_{uuid4().hex}"
        connection: Any = self.session.connection
        connection.create_function(
            function,
            flight.judge,
            ["BIGINT", "BOOLEAN"],
            "BOOLEAN",
            type="arrow",
            side_effects=True,
        )
        reader = pa.RecordBatchReader.from_batches(flight.schema, flight.rows())
        self.session.register(_TABLE, reader)
        try:
            query = self._query(function).sql(dialect="duckdb")
            written = self.session.copy(query, path, field_ids=self.field_ids)
        except Exception as error:
            if flight.failure is not None:
                raise flight.failure from None
            if isinstance(error, GhalaError):
                raise
            # Its own words could show a value.
            raise StepError(
                f"the engine could not write the records ({type(error).__name__})",
                hint="this is a fault of Ghala; please report it",
            ) from error
        finally:
            self.session.unregister(_TABLE)
            connection.remove_function(function)
        uncast = list(self._faults(flight.refused))
        if written + len(uncast) != flight.fed:
            raise StepError(
                f"of {flight.fed} records {written} were written and {len(uncast)} refused",
                hint="this is a fault of Ghala; please report it",
            )
        return Loaded(written, tuple(sorted([*flight.faults, *uncast], key=_place)))

    def ready(self, file: int, batch: Batch) -> Ready:
        """Return a batch ready to be loaded; it may be called in another thread, ahead of the loading."""
        return Ready(file, batch, slow_rows(batch.texts, self.columns))

    def _schema(self) -> pa.Schema:
        fields = [
            pa.field(f"c{place}", text_type(column.type))
            for place, column in enumerate(self.columns)
        ]
        marks = [(_ROW, pa.int64()), (_SLOW, pa.bool_()), (_LAST, pa.bool_())]
        return pa.schema([*fields, *(pa.field(name, kind) for name, kind in marks)])

    @cached_property
    def _casts(self) -> tuple[Cast, ...]:
        return tuple(
            strict_cast(exp.column(f"c{place}"), column)
            for place, column in enumerate(self.columns)
        )

    def _query(self, function: str) -> exp.Select:
        values: list[exp.Expr] = []
        failed: list[exp.Expr] = []
        for place, (column, cast) in enumerate(zip(self.columns, self._casts, strict=True)):
            text = exp.column(f"c{place}")
            value = cast.value
            if has_plain_form(column):
                plain = exp.TryCast(this=text.copy(), to=as_type(column.type))
                value = exp.Case(ifs=[exp.If(this=exp.column(_SLOW), true=value)], default=plain)
            values.append(exp.alias_(value, f"v{place}"))
            if column.type.kind in {Kind.LIST, Kind.STRUCT}:
                failed.append(cast.failed)
            elif column.type.kind is not Kind.VARCHAR:
                is_null = exp.Is(this=exp.column(f"v{place}"), expression=exp.null())
                has_text = exp.not_(exp.Is(this=text.copy(), expression=exp.null()))
                failed.append(exp.and_(has_text, is_null))
        # In a query of its own, so that no value is cast again to see whether it failed.
        texts = [exp.column(f"c{place}") for place in range(len(self.columns))]
        marks = [exp.column(_ROW), exp.column(_LAST)]
        cast_rows = exp.select(*values, *texts, *marks).from_(_TABLE)
        inner = exp.select(
            *(exp.column(f"v{place}") for place in range(len(self.columns))),
            *(mark.copy() for mark in marks),
            exp.alias_(exp.or_(*failed) if failed else exp.false(), _FAILED),
        ).from_(cast_rows.subquery("casts"))
        names = [
            exp.alias_(exp.column(f"v{place}"), column.name, quoted=True)
            for place, column in enumerate(self.columns)
        ]
        judged = exp.Anonymous(this=function, expressions=[exp.column(_ROW), exp.column(_FAILED)])
        is_judged = exp.or_(exp.column(_FAILED), exp.column(_LAST))
        return (
            exp.select(*names)
            .from_(inner.subquery("typed"))
            .where(exp.Case(ifs=[exp.If(this=is_judged, true=judged)], default=exp.true()))
        )

    def _faults(self, refused: Sequence[_Refused]) -> Iterator[tuple[int, Fault]]:
        """Yield what is wrong with each refused row; asks the engine again, for these rows only."""
        if not refused:
            return
        texts = pa.Table.from_batches([part.texts for part in refused])
        values = zip(*(column.to_pylist() for column in texts.columns), strict=True)
        records = [(part.file, record) for part in refused for record in part.records]
        for (file, record), failed, value in zip(records, self._failed(texts), values, strict=True):
            yield file, self._fault(record, failed, value)

    def _failed(self, texts: pa.Table) -> list[tuple[Any, ...]]:
        numbers = pa.array(np.arange(texts.num_rows))
        marks = [numbers, *[pa.array(np.ones(texts.num_rows, np.bool_))] * 2]
        table = pa.Table.from_arrays([*texts.columns, *marks], schema=self._schema())
        failed = [exp.alias_(cast.failed, f"f{place}") for place, cast in enumerate(self._casts)]
        query = exp.select(*failed).from_(_TABLE).order_by(exp.column(_ROW))
        self.session.register(_TABLE, table)
        try:
            return self.session.rows(query.sql(dialect="duckdb"))
        finally:
            self.session.unregister(_TABLE)

    def _fault(self, record: Record, failed: Sequence[bool], values: Sequence[object]) -> Fault:
        found = [
            (column.name, *explain(value, column))
            for column, is_failed, value in zip(self.columns, failed, values, strict=True)
            if is_failed
        ]
        message = "; ".join(f"`{name}` {words}" for name, _, words in found)
        name, reason, _ = found[0]
        return Fault(record, reason, message, name)


def _place(fault: tuple[int, Fault]) -> tuple[int, int]:
    return fault[0], fault[1].record.number
