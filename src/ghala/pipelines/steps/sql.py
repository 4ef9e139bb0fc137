"""A SQL step: one SELECT over pinned inputs, run where product code runs, written as staged Parquet."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from ghala.errors import Place, QueryError, StepError
from ghala.model.run import StepBalance
from ghala.model.scan import plain_scan
from ghala.pipelines.cast import contract_query, lost_column, numbered
from ghala.sql.scan import as_type
from ghala.sql.types import from_engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ghala.engines.duckdb import DuckDB, Session
    from ghala.lake.stage import StagedTable
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.model.product import Step
    from ghala.model.scan import PhysicalScan
    from ghala.query.answer import Answerer

_RESULT = "step_rows"


@dataclass(frozen=True, slots=True)
class SqlStep:
    """Runs the SQL steps of one product with what they may read."""

    answerer: Answerer
    engine: DuckDB
    principal: Principal

    def write_dataset(
        self,
        step: Step,
        target: StagedTable,
        tables: Mapping[str, PhysicalScan],
        inputs: Mapping[DatasetName, PhysicalScan],
    ) -> tuple[tuple[Path, int], StepBalance]:
        """Run a step and write its rows as its dataset's contract wants them; return the file and its row count.

        Raises:
            StepError: the result is not what the contract promises.
            QueryError: the statement was refused or failed.
        """
        path = target.data.with_name(f"{target.data.name}-{step.name}.parquet")
        with self._result(step, tables, inputs) as (session, result):
            query = contract_query(target.dataset, _RESULT, result, step.place)
            try:
                rows = session.copy(query.sql(dialect="duckdb"), path, field_ids=target.field_ids)
            except QueryError as error:
                raise _misfit(step, target, error) or error from error
        return (path, rows), _balance(step, tables, inputs, rows)

    def write_table(
        self,
        step: Step,
        path: Path,
        tables: Mapping[str, PhysicalScan],
        inputs: Mapping[DatasetName, PhysicalScan],
    ) -> tuple[PhysicalScan, StepBalance]:
        """Run a step and write its rows, typed as they come, for later steps to read.

        Raises:
            StepError: a column has a type that cannot be stored.
            QueryError: the statement was refused or failed.
        """
        with self._result(step, tables, inputs) as (session, result):
            try:
                columns = [(name, from_engine(text)) for name, text in result.items()]
            except ValueError as error:
                raise StepError(
                    f"step `{step.name}`: {error}",
                    hint="cast it in the step's SQL",
                    place=step.place,
                ) from error
            query = exp.select(
                *(
                    exp.alias_(
                        exp.cast(exp.column(name, quoted=True), as_type(kind)), name, quoted=True
                    )
                    for name, kind in columns
                )
            ).from_(exp.to_table(_RESULT))
            rows = session.copy(query.sql(dialect="duckdb"), path)
        return plain_scan(columns, [(path, rows)]), _balance(step, tables, inputs, rows)

    @contextmanager
    def _result(
        self,
        step: Step,
        tables: Mapping[str, PhysicalScan],
        inputs: Mapping[DatasetName, PhysicalScan],
    ) -> Iterator[tuple[Session, dict[str, str]]]:
        with (
            self.answerer.prepare(
                step.sql, self.principal, tables=tables, inputs=inputs, place=_text_place(step)
            ) as answer,
            self.engine.session() as session,
        ):
            session.register(
                _RESULT, pa.RecordBatchReader.from_batches(answer.schema, answer.batches())
            )
            described = session.rows("DESCRIBE SELECT * FROM step_rows")
            yield session, numbered([(row[0], row[1]) for row in described])


def _text_place(step: Step) -> Place | None:
    """Return where the step's text begins, so that errors in it point at its own lines."""
    if step.place is None or not step.sql_path:
        return step.place
    return Place(str(PurePosixPath(step.place.file).parent / step.sql_path), 1, 1)


def _balance(
    step: Step,
    tables: Mapping[str, PhysicalScan],
    inputs: Mapping[DatasetName, PhysicalScan],
    rows: int,
) -> StepBalance:
    return StepBalance(
        step.name, sum(scan.row_count for scan in (*tables.values(), *inputs.values())), rows
    )


def _misfit(step: Step, target: StagedTable, error: QueryError) -> StepError | None:
    column = lost_column(str(error.evidence.get("engine_text", "")))
    if column is None:
        return None
    wanted = target.dataset.column(column)
    return StepError(
        f"step `{step.name}`: a value of `{column}` does not fit "
        f"{wanted.type if wanted else 'its type'} without loss",
        hint="cast or round it in the step's SQL, or name `ghala.rounding` in the contract",
        place=step.place,
    )
