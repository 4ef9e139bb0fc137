"""Rows that broke rules, edited: given their types and checked again before they are staged beside a run's own rows."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ghala.errors import StepError
from ghala.ingest.records import Positions
from ghala.ingest.source import Batch
from ghala.ingest.typed import Caster
from ghala.lake.files import refusals
from ghala.lake.parquet import arrow_schema, write_rows
from ghala.model.contract import OnFail, Severity
from ghala.model.product import SourceColumn
from ghala.model.quarantine import RowFault, edited_names
from ghala.model.scan import plain_scan
from ghala.model.types import DataType, Kind
from ghala.quality.check import check
from ghala.quality.compile import is_strict
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

ROW_COLUMN = "ghala_row"
CHANGED = RowFault("column_changed", "its columns are no longer those that the contract promises")


@dataclass(frozen=True, slots=True)
class Mender:
    """Makes rows of edited ones. `quarantine` has the batches that they come from, `folder` goes with the run."""

    engine: DuckDB
    disk: Disk
    quarantine: Path
    folder: Path

    def staged(
        self, table: StagedTable, repairs: Mapping[str, Repair]
    ) -> tuple[tuple[StagedFile, ...], dict[str, RowFault | None]]:
        """Return staged files with the rows that hold, and of each row whether it does (None), or why not.

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
            kept = self._kept(session, table, rows, outcomes) if rows else []
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
        for row, repair in repairs.items():
            try:
                arrays = self._columns(session, dataset, schema, repair)
            except (KeyError, pa.ArrowException):
                outcomes[row] = CHANGED
                continue
            if isinstance(arrays, RowFault):
                outcomes[row] = arrays
                continue
            yield pa.RecordBatch.from_arrays([*arrays, pa.array([row])], schema=named)

    def _columns(
        self, session: Session, dataset: Dataset, schema: pa.Schema, repair: Repair
    ) -> list[pa.Array] | RowFault:
        path = self.quarantine / repair.path
        with refusals(path):
            found = pq.read_table(path).slice(repair.position, 1)
        edits: dict[str, str | None] = json.loads(repair.fixed or b"{}")
        edited = [one for one in dataset.columns if one.name in edited_names(edits, dataset)]
        cast = _cast(session, edited, edits) if edited else {}
        if isinstance(cast, RowFault):
            return cast
        return [
            cast[field.name]
            if field.name in cast
            else found[field.name].combine_chunks().cast(field.type)
            for field in schema
        ]

    def _kept(
        self,
        session: Session,
        table: StagedTable,
        rows: Sequence[pa.RecordBatch],
        outcomes: dict[str, RowFault | None],
    ) -> list[pa.RecordBatch]:
        """Return the rows that break no rule, beside those that are released and among themselves."""
        dataset = table.dataset
        columns = [(column.name, column.type) for column in dataset.columns]
        columns.append((ROW_COLUMN, DataType(Kind.VARCHAR)))
        path = self.folder / f"{dataset.name}-edited.parquet"
        written = write_rows(rows, path, rows[0].schema, self.disk)
        if written is None:
            return []
        rules = tuple(
            replace(rule, on_fail=OnFail.QUARANTINE)
            for rule in dataset.rules
            if is_strict(rule) and rule.severity is Severity.ERROR
        )
        broken = self.folder / f"{dataset.name}-broken.parquet"
        well = self.folder / f"{dataset.name}-well.parquet"

        def separate(kept: exp.Query, quarantined: exp.Query) -> PhysicalScan:
            session.copy(quarantined.sql(dialect="duckdb"), broken)
            count = session.copy(kept.sql(dialect="duckdb"), well)
            return plain_scan(columns, [(well, count)] if count else [])

        report, _ = check(
            session,
            replace(dataset, rules=rules),
            plain_scan(columns, [(written.path, written.row_count)]),
            table.existing,
            on_fail=None,
            separate=separate,
            run_rule=_no_rule,
        )
        if report.rows_quarantined:
            for row in pq.read_table(broken).to_pylist():
                names = row[RULES_COLUMN]
                outcomes[row[ROW_COLUMN]] = RowFault(names[0], f"breaks {', '.join(names)}")
        well_rows = [one for one in rows if one.column(ROW_COLUMN)[0].as_py() not in outcomes]
        outcomes |= {one.column(ROW_COLUMN)[0].as_py(): None for one in well_rows}
        return well_rows


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
