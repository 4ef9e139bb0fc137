"""A SQL step: one SELECT over pinned inputs, run where product code runs, written as staged Parquet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.errors import QueryError, StepError
from ghala.lake.hashed import HashedFile, buffered
from ghala.lake.parquet import StagedFile
from ghala.model.run import StepBalance
from ghala.model.scan import plain_scan
from ghala.pipelines.cast import contract_columns, lost_column, refuse_twins
from ghala.pipelines.graph import text_place
from ghala.query.job import Shape
from ghala.sql.scan import as_type
from ghala.sql.types import from_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from ghala.engines.stop import Stop
    from ghala.lake.files import Disk
    from ghala.lake.stage import StagedTable
    from ghala.model.principal import Principal
    from ghala.model.product import Step
    from ghala.model.scan import PhysicalScan
    from ghala.model.types import DataType
    from ghala.query.answer import Answerer
    from ghala.query.job import Readable


@dataclass(frozen=True, slots=True)
class SqlStep:
    """Runs one SQL step of a product with what it may read; then `names` are the columns of its statement's result.

    `stop` ends it while it runs.
    """

    answerer: Answerer
    disk: Disk
    principal: Principal
    stop: Stop | None = None
    names: list[str] = field(default_factory=list)

    def write_dataset(
        self,
        step: Step,
        target: StagedTable,
        readable: Readable,
    ) -> tuple[StagedFile, StepBalance]:
        """Run a step and write its rows as its dataset's contract wants them.

        Raises:
            StepError: the result is not what the contract promises.
            QueryError: the statement was refused or failed.
        """
        path = target.data.with_name(f"{target.data.name}-{step.name}.parquet")

        def shape(result: Sequence[tuple[str, str]]) -> Shape:
            self.names[:] = [name for name, _ in result]
            refuse_twins(self.names, step.name, text_place(step))
            columns = contract_columns(target.dataset, dict(result), text_place(step))
            return Shape(_printed(columns), target.field_ids)

        try:
            file = self._write(step, path, readable, shape)
        except QueryError as error:
            if (misfit := _misfit(step, target, error)) is None:
                raise
            raise misfit from error
        return file, StepBalance(step.name, readable.row_count, file.row_count)

    def write_table(
        self,
        step: Step,
        path: Path,
        readable: Readable,
    ) -> tuple[PhysicalScan, StepBalance]:
        """Run a step and write its rows, typed as they come, for later steps to read.

        Raises:
            StepError: a column has a type that cannot be stored.
            QueryError: the statement was refused or failed.
        """
        columns: list[tuple[str, DataType]] = []

        def shape(result: Sequence[tuple[str, str]]) -> Shape:
            self.names[:] = [name for name, _ in result]
            refuse_twins(self.names, step.name, text_place(step))
            try:
                columns.extend((name, from_engine(text)) for name, text in result)
            except ValueError as error:
                raise StepError(
                    f"step `{step.name}`: {error}",
                    hint="cast it in the step's SQL",
                    place=text_place(step),
                ) from error
            casts = (
                exp.alias_(
                    exp.cast(exp.column(name, quoted=True), as_type(kind)), name, quoted=True
                )
                for name, kind in columns
            )
            return Shape(_printed(casts))

        rows = self._write(step, path, readable, shape).row_count
        return plain_scan(columns, [(path, rows)]), StepBalance(step.name, readable.row_count, rows)

    def _write(
        self,
        step: Step,
        path: Path,
        readable: Readable,
        shape: Callable[[Sequence[tuple[str, str]]], Shape],
    ) -> StagedFile:
        with HashedFile(self.disk, path, is_read_again=True) as file, buffered(file) as target:
            rows = self.answerer.write(
                step.sql,
                self.principal,
                readable,
                shape,
                target,
                place=text_place(step),
                stop=self.stop,
            )
        return StagedFile(path, rows, (file.sha256, file.byte_count))


def _printed(columns: Iterable[exp.Expr]) -> tuple[str, ...]:
    return tuple(column.sql(dialect="duckdb") for column in columns)


def _misfit(step: Step, target: StagedTable, error: QueryError) -> StepError | None:
    column = lost_column(str(error.evidence.get("signal", "")))
    if column is None:
        return None
    wanted = target.dataset.column(column)
    return StepError(
        f"step `{step.name}`: a value of `{column}` does not fit "
        f"{wanted.type if wanted else 'its type'} without loss",
        hint="cast or round it in the step's SQL, or name `ghala.rounding` in the contract",
        place=text_place(step),
    )
