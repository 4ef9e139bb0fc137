"""A SQL step: one SELECT over pinned inputs, run where product code runs, written as staged Parquet."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from ghala.errors import GhalaError, QueryError, StepError
from ghala.model.run import StepBalance
from ghala.model.scan import plain_scan
from ghala.pipelines.cast import contract_query, lost_column, refuse_twins
from ghala.pipelines.graph import text_place
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
    from ghala.query.answer import Answer, Answerer

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
            query = contract_query(target.dataset, _RESULT, result, text_place(step))
            try:
                rows = session.copy(query.sql(dialect="duckdb"), path, field_ids=target.field_ids)
            except QueryError as error:
                if (misfit := _misfit(step, target, error)) is None:
                    raise
                raise misfit from error
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
                    place=text_place(step),
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
                step.sql, self.principal, tables=tables, inputs=inputs, place=text_place(step)
            ) as answer,
            self.engine.session() as session,
        ):
            # Asked of the answer itself: the engine gives the second of two equal names another one.
            refuse_twins(answer.schema.names, step.name, text_place(step))
            rows = _Rows(answer)
            session.register(
                _RESULT, pa.RecordBatchReader.from_batches(answer.schema, rows.batches())
            )
            described = session.rows("DESCRIBE SELECT * FROM step_rows")
            try:
                yield session, {row[0]: row[1] for row in described}
            except GhalaError:
                if rows.failure is not None:
                    raise rows.failure from None
                raise


@dataclass(slots=True)
class _Rows:
    """An answer on its way through the engine, which would put its own words in place of the answer's failure."""

    answer: Answer
    failure: GhalaError | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.answer.batches()
        except GhalaError as error:
            self.failure = error
            raise


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
        place=text_place(step),
    )
