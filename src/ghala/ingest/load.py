"""Writes batches of text as typed Parquet files; what does not cast is set apart while the rest is written."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
from sqlglot import exp

from ghala.errors import GhalaError, StepError
from ghala.ingest.cast import strict_cast
from ghala.ingest.explain import explain
from ghala.ingest.source import Batch, Fault
from ghala.ingest.text import text_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ghala.engines.duckdb import Session
    from ghala.model.product import SourceColumn

FILE_TEXT_BYTES = 128 << 20
"""One Parquet file takes the records of about so many bytes of text; they are held in memory until it is written."""
_TABLE, _ROW, _FAILED = "ghala_records", "ghala_row", "ghala_failed"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the batches of one Parquet file: `row_count` rows were written; `faults` are those that did not cast.

    Each fault comes with the index of its input file.
    """

    row_count: int
    faults: tuple[tuple[int, Fault], ...]


@dataclass(frozen=True, slots=True)
class _Held:
    first_row: int
    file: int
    batch: Batch


@dataclass(frozen=True)
class Loader:
    """Casts and writes, one Parquet file at a time."""

    session: Session
    columns: Sequence[SourceColumn]
    field_ids: Mapping[str, object] | None

    def load(self, batches: Iterator[tuple[int, Batch]], path: Path) -> Loaded:
        """Write the rows of some batches, in order, until they are enough for one file; it is not yet durable.

        The engine pulls the batches while it writes, so that reading and writing overlap. It calls back with the number of
        each row that does not cast: so every value is cast once, and the file never sees a refused row.
        """
        held: list[_Held] = []
        refused: list[int] = []
        failures: list[BaseException] = []
        arrow = pa.RecordBatchReader.from_batches(
            self._schema(), self._rows(batches, held, failures)
        )

        def refuse(rows: pa.Array) -> pa.Array:
            refused.extend(rows.to_pylist())
            return pa.array([False] * len(rows), pa.bool_())

        function = f"ghala_refuse_{uuid4().hex}"
        connection: Any = self.session.connection
        connection.create_function(
            function, refuse, ["BIGINT"], "BOOLEAN", type="arrow", side_effects=True
        )
        self.session.register(_TABLE, arrow)
        try:
            written = self.session.copy(
                self._query(function).sql(dialect="duckdb"), path, field_ids=self.field_ids
            )
        except GhalaError:
            if failures:
                raise failures[0] from None
            raise
        except Exception as error:
            if failures:
                raise failures[0] from None
            # Its own words could show a value.
            raise StepError(
                f"the engine could not write the records ({type(error).__name__})",
                hint="this is a fault of Ghala; please report it",
            ) from error
        finally:
            self.session.unregister(_TABLE)
            connection.remove_function(function)
        fed = held[-1].first_row + len(held[-1].batch.positions) if held else 0
        rows = sorted({*refused})
        if written + len(rows) != fed:
            raise StepError(
                f"{fed} records were read, but {written} rows written and {len(rows)} refused",
                hint="this is a fault of Ghala; please report it",
            )
        return Loaded(written, tuple(self._faults(held, rows)))

    def _rows(
        self,
        batches: Iterator[tuple[int, Batch]],
        held: list[_Held],
        failures: list[BaseException],
    ) -> Iterator[pa.RecordBatch]:
        first_row = size = 0
        schema = self._schema()
        try:
            for file, batch in batches:
                held.append(_Held(first_row, file, batch))
                count = len(batch.positions)
                numbers = pa.array(np.arange(first_row, first_row + count))
                yield pa.RecordBatch.from_arrays([*batch.texts.columns, numbers], schema=schema)
                first_row += count
                size += batch.texts.nbytes
                if size >= FILE_TEXT_BYTES:
                    return
        except GeneratorExit:
            raise
        except BaseException as error:
            # The engine would pass on no more than the words of it.
            failures.append(error)
            raise

    def _schema(self) -> pa.Schema:
        fields = [
            pa.field(f"c{place}", text_type(column.type))
            for place, column in enumerate(self.columns)
        ]
        return pa.schema([*fields, pa.field(_ROW, pa.int64())])

    def _query(self, function: str) -> exp.Select:
        casts = [
            strict_cast(exp.column(f"c{place}"), column)
            for place, column in enumerate(self.columns)
        ]
        failed = [cast.failed for cast in casts if cast.failed != exp.false()]
        values = [exp.alias_(cast.value, f"v{place}") for place, cast in enumerate(casts)]
        inner = exp.select(
            *values,
            exp.column(_ROW),
            exp.alias_(exp.or_(*failed) if failed else exp.false(), _FAILED),
        ).from_(_TABLE)
        names = [
            exp.alias_(exp.column(f"v{place}"), column.name, quoted=True)
            for place, column in enumerate(self.columns)
        ]
        is_refused = exp.If(
            this=exp.column(_FAILED),
            true=exp.Anonymous(this=function, expressions=[exp.column(_ROW)]),
        )
        return (
            exp.select(*names)
            .from_(inner.subquery("typed"))
            .where(exp.Case(ifs=[is_refused], default=exp.true()))
        )

    def _faults(self, held: Sequence[_Held], rows: Sequence[int]) -> Iterator[tuple[int, Fault]]:
        """Yield what is wrong with each refused row; asks the engine again, for these rows only."""
        if not rows:
            return
        firsts = [item.first_row for item in held]
        by_item: dict[int, list[int]] = {}
        for row in rows:
            place = bisect_right(firsts, row) - 1
            by_item.setdefault(place, []).append(row - firsts[place])
        for place, within in by_item.items():
            item = held[place]
            texts = item.batch.texts.take(pa.array(within))
            for row, failed, values in zip(within, self._failed(texts), _rows(texts), strict=True):
                yield item.file, self._fault(item.batch, row, failed, values)

    def _failed(self, texts: pa.RecordBatch) -> list[tuple[Any, ...]]:
        numbers = pa.array(np.arange(texts.num_rows))
        table = pa.Table.from_arrays([*texts.columns, numbers], schema=self._schema())
        failed = [
            exp.alias_(strict_cast(exp.column(f"c{place}"), column).failed, f"f{place}")
            for place, column in enumerate(self.columns)
        ]
        query = exp.select(*failed).from_(_TABLE).order_by(exp.column(_ROW))
        self.session.register(_TABLE, table)
        try:
            return self.session.rows(query.sql(dialect="duckdb"))
        finally:
            self.session.unregister(_TABLE)

    def _fault(
        self, batch: Batch, row: int, failed: Sequence[bool], values: Sequence[object]
    ) -> Fault:
        found = [
            (column.name, *explain(value, column))
            for column, is_failed, value in zip(self.columns, failed, values, strict=True)
            if is_failed
        ]
        message = "; ".join(f"`{name}` {words}" for name, _, words in found)
        name, reason, _ = found[0]
        return Fault(batch.positions.at(row), reason, message, name)


def _rows(texts: pa.RecordBatch) -> Iterator[tuple[object, ...]]:
    return zip(*(column.to_pylist() for column in texts.columns), strict=True)
