"""Rows that broke rules, edited: given their types and checked again before they are staged beside a run's own rows."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ghala.errors import StepError
from ghala.ingest.records import Positions
from ghala.ingest.source import Batch
from ghala.ingest.typed import Caster
from ghala.lake.files import read_refusals
from ghala.lake.parquet import arrow_schema, write_rows
from ghala.model.contract import OnFail, Severity
from ghala.model.product import SourceColumn
from ghala.model.quarantine import RowFault, edited_names
from ghala.model.scan import plain_scan
from ghala.model.types import DataType, Kind
from ghala.quality.check import check
from ghala.quality.compile import is_strict
from ghala.quality.rows import together
from ghala.quality.separate import RULES_COLUMN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlglot import exp

    from ghala.engines.duckdb import DuckDB, Session
    from ghala.lake.files import Disk
    from ghala.lake.parquet import StagedFile
    from ghala.lake.stage import StagedTable
    from ghala.model.contract import Column, Dataset, Rule
    from ghala.model.quarantine import Repair
    from ghala.model.scan import PhysicalScan
    from ghala.quality.check import Existing

ROW_COLUMN = "ghala_row"
CHANGED = RowFault("column_changed", "its columns are no longer those that the contract promises")


@dataclass(frozen=True, slots=True)
class Beside:
    """The rows that a mended one must differ from: those that are released and stay, and those that its run stages."""

    existing: Existing | None
    staged: PhysicalScan

    @property
    def columns(self) -> Sequence[tuple[str, DataType]]:
        """Their columns, with types."""
        return self.staged.columns

    def scan(self) -> PhysicalScan:
        """Return all of them."""
        return together(None if self.existing is None else self.existing.scan(), self.staged)

    def near(self, column: str, low: object, high: object) -> PhysicalScan:
        """Return those that are released and may hold values in [low, high], and all that are staged."""
        if self.existing is None or column not in dict(self.existing.columns):
            return self.staged
        return together(self.existing.near(column, low, high), self.staged)


@dataclass(frozen=True, slots=True)
class Mender:
    """Makes rows of edited ones. `quarantine` has the batches that they come from, `folder` goes with the run."""

    engine: DuckDB
    disk: Disk
    quarantine: Path
    folder: Path

    def judge(
        self, table: StagedTable, rows: Mapping[str, pa.RecordBatch], beside: Sequence[StagedFile]
    ) -> dict[str, RowFault]:
        """Return which rows break a rule beside those that are released and staged, and among themselves.

        `rows` have one row each, with the columns of the dataset.
        """
        names = [column.name for column in table.dataset.columns]
        named = [
            pa.RecordBatch.from_arrays([*one.columns, pa.array([row])], [*names, ROW_COLUMN])
            for row, one in rows.items()
        ]
        with self.engine.session() as session:
            return self._broken(session, table, named, beside, "repaired")

    def staged(
        self, table: StagedTable, repairs: Mapping[str, Repair], beside: Sequence[StagedFile]
    ) -> tuple[tuple[StagedFile, ...], dict[str, RowFault | None]]:
        """Return staged files with the rows that hold, and of each row whether it does (None), or why not.

        `beside` has the rows that the run stages in any case.

        Raises:
            StorageError: a batch cannot be read any more.
        """
        outcomes: dict[str, RowFault | None] = {}
        if not repairs:
            return (), outcomes
        schema = arrow_schema([(one.name, one.type) for one in table.dataset.columns], None)
        with self.engine.session() as session:
            session.keep_uuids()
            rows = list(self._typed(session, table.dataset, schema, repairs, outcomes))
        # Checks count in a session of their own: what keeps UUIDs whole shows their large numbers as bytes.
        with self.engine.session() as session:
            broken = self._broken(session, table, rows, beside, "edited") if rows else {}
        held = {one.column(ROW_COLUMN)[0].as_py(): one for one in rows}
        outcomes |= {row: broken.get(row) for row in held}
        kept = [one for row, one in held.items() if row not in broken]
        columns = [(column.name, column.type) for column in table.dataset.columns]
        target = arrow_schema(columns, table.field_ids)
        batches = [pa.RecordBatch.from_arrays(one.columns[:-1], schema=target) for one in kept]
        path = table.data.with_name(f"{table.data.name}-mended.parquet")
        file = write_rows(batches, path, target, self.disk)
        return (() if file is None else (file,)), outcomes

    def _typed(
        self,
        session: Session,
        dataset: Dataset,
        schema: pa.Schema,
        repairs: Mapping[str, Repair],
        outcomes: dict[str, RowFault | None],
    ) -> Iterator[pa.RecordBatch]:
        """Yield each row that fits its types, with its id as the last column."""
        named = schema.append(pa.field(ROW_COLUMN, pa.string()))
        for row, kept in self._kept(repairs):
            try:
                arrays = _columns(session, dataset, schema, kept, repairs[row])
            except (KeyError, pa.ArrowException):
                outcomes[row] = CHANGED
                continue
            if isinstance(arrays, RowFault):
                outcomes[row] = arrays
                continue
            yield pa.RecordBatch.from_arrays([*arrays, pa.array([row])], schema=named)

    def _kept(self, repairs: Mapping[str, Repair]) -> Iterator[tuple[str, pa.RecordBatch]]:
        """Yield each row as it was kept out, with its id; every batch is read once."""
        by_path = defaultdict[str, list[tuple[int, str]]](list)
        for row, repair in repairs.items():
            by_path[repair.path].append((repair.position, row))
        for name, wanted in by_path.items():
            path = self.quarantine / name
            left, begin = deque(sorted(wanted)), 0
            with read_refusals(path), pq.ParquetFile(path) as file:
                for batch in file.iter_batches():
                    while left and left[0][0] < begin + batch.num_rows:
                        position, row = left.popleft()
                        yield row, batch.slice(position - begin, 1)
                    if not left:
                        break
                    begin += batch.num_rows

    def _broken(
        self,
        session: Session,
        table: StagedTable,
        rows: Sequence[pa.RecordBatch],
        beside: Sequence[StagedFile],
        what: str,
    ) -> dict[str, RowFault]:
        """Return which rows break a rule beside others; `what` they are names files of the run's folder."""
        dataset = table.dataset
        columns = [(column.name, column.type) for column in dataset.columns]
        columns.append((ROW_COLUMN, DataType(Kind.VARCHAR)))
        path = self.folder / f"{dataset.name}-{what}.parquet"
        written = write_rows(rows, path, rows[0].schema, self.disk)
        if written is None:
            return {}
        rules = tuple(
            replace(rule, on_fail=OnFail.QUARANTINE)
            for rule in dataset.rules
            if is_strict(rule) and rule.severity is Severity.ERROR
        )
        broken = self.folder / f"{dataset.name}-{what}-broken.parquet"
        well = self.folder / f"{dataset.name}-{what}-well.parquet"

        def separate(kept: exp.Query, quarantined: exp.Query) -> PhysicalScan:
            session.copy(quarantined.sql(dialect="duckdb"), broken)
            count = session.copy(kept.sql(dialect="duckdb"), well)
            return plain_scan(columns, [(well, count)] if count else [])

        report, _ = check(
            session,
            replace(dataset, rules=rules),
            plain_scan(columns, [(written.path, written.row_count)]),
            Beside(table.existing, table.scan(beside)),
            on_fail=None,
            separate=separate,
            run_rule=_no_rule,
        )
        found: dict[str, RowFault] = {}
        if report.rows_quarantined:
            for row in pq.read_table(broken).to_pylist():
                names = row[RULES_COLUMN]
                found[row[ROW_COLUMN]] = RowFault(names[0], f"breaks {', '.join(names)}")
        return found


def _columns(
    session: Session, dataset: Dataset, schema: pa.Schema, kept: pa.RecordBatch, repair: Repair
) -> list[pa.Array] | RowFault:
    """Return the columns of one row as it was edited, or why they cannot have their types."""
    edits: dict[str, str | None] = json.loads(repair.fixed or b"{}")
    edited = [one for one in dataset.columns if one.name in edited_names(edits, dataset)]
    cast = _cast(session, edited, edits) if edited else {}
    if isinstance(cast, RowFault):
        return cast
    return [
        cast[field.name] if field.name in cast else kept[field.name].cast(field.type)
        for field in schema
    ]


def _cast(
    session: Session, columns: Sequence[Column], edits: Mapping[str, str | None]
) -> dict[str, pa.Array] | RowFault:
    sources = [
        SourceColumn(column.name, column.name, column.type, rounding=column.rounding)
        for column in columns
    ]
    texts = pa.RecordBatch.from_arrays(
        [pa.array([edits[column.name]], pa.string()) for column in columns],
        names=[column.name for column in columns],
    )
    zero = np.zeros(1, np.int64)
    typed = Caster(session, sources, None).typed(
        0, Batch(texts, Positions(b"", 0, zero, zero, zero, zero))
    )
    for fault in typed.faults:
        return RowFault(fault.reason.value, fault.message, fault.column)
    return {column.name: typed.rows[0].column(place) for place, column in enumerate(columns)}


def _no_rule(rule: Rule, _: PhysicalScan) -> float:
    raise StepError(f"`{rule.id}` is not about single rows")
