"""A laboratory: real Parquet files, a real engine, and the acts that a check asks of its caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ghala.engines.duckdb import DuckDB, Session
from ghala.model.contract import Column, Dataset
from ghala.model.names import DatasetName
from ghala.model.scan import PhysicalScan, plain_scan
from ghala.model.types import DataType, Kind, parse_type
from ghala.quality.check import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sqlglot import exp

    from ghala.model.contract import OnFail, Rule
    from ghala.model.report import Finding, Report

ARROW = {
    Kind.BIGINT: pa.int64(),
    Kind.BLOB: pa.binary(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DOUBLE: pa.float64(),
    Kind.INTEGER: pa.int32(),
    Kind.REAL: pa.float32(),
    Kind.TIME: pa.time64("us"),
    Kind.TIMESTAMP: pa.timestamp("us"),
    Kind.TIMESTAMPTZ: pa.timestamp("us", tz="UTC"),
    Kind.VARCHAR: pa.string(),
}


def arrow_type(data_type: DataType) -> pa.DataType:
    if data_type.kind is Kind.DECIMAL:
        return pa.decimal128(data_type.precision, data_type.scale)
    if data_type.kind is Kind.LIST:
        return pa.list_(arrow_type(data_type.element))
    return ARROW[data_type.kind]


@dataclass
class Released:
    """Rows that are already there; remembers what it was asked for."""

    state: PhysicalScan
    asked: list[tuple[str, object, object]] = field(default_factory=list)

    def scan(self) -> PhysicalScan:
        return self.state

    @property
    def columns(self):
        return self.scan().columns

    def near(self, column: str, low: object, high: object) -> PhysicalScan:
        self.asked.append((column, low, high))
        return self.state


@dataclass
class Outcome:
    report: Report
    kept: list[tuple[Any, ...]]
    quarantined: list[tuple[Any, ...]]
    separations: int

    def finding(self, rule_id: str) -> Finding:
        return next(f for f in self.report.findings if f.rule_id == rule_id)


@dataclass
class Laboratory:
    session: Session
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def dataset(
        self,
        columns: dict[str, str] | Sequence[Column],
        rules: Sequence[Rule] = (),
        primary_key: Sequence[str] = (),
    ) -> Dataset:
        if isinstance(columns, dict):
            columns = [Column(name, parse_type(text)) for name, text in columns.items()]
        return Dataset(
            DatasetName("sales", "orders"),
            "orders",
            tuple(columns),
            tuple(rules),
            tuple(primary_key),
        )

    def stage(
        self, dataset: Dataset, rows: Sequence[Sequence[object]], files: int = 1
    ) -> PhysicalScan:
        columns = [(column.name, column.type) for column in dataset.columns]
        schema = pa.schema([(name, arrow_type(data_type)) for name, data_type in columns])
        written = []
        for part in range(files):
            mine = rows[part::files]
            cells = [pa.array([row[i] for row in mine], f.type) for i, f in enumerate(schema)]
            path = self.folder / f"{next(self.numbers)}.parquet"
            self.session.register("cells", pa.Table.from_arrays(cells, schema=schema))
            self.session.copy("SELECT * FROM cells", path)
            self.session.unregister("cells")
            written.append((path, len(mine)))
        return plain_scan(columns, written)

    def check(
        self,
        dataset: Dataset,
        rows: Sequence[Sequence[object]],
        *,
        released: Released | None = None,
        on_fail: OnFail | None = None,
        run_rule: Callable[[Rule, PhysicalScan], float] | None = None,
        files: int = 1,
    ) -> Outcome:
        staged = self.stage(dataset, rows, files)
        quarantined: list[tuple[Any, ...]] = []
        kept_rows: list[tuple[Any, ...]] = list(map(tuple, rows))
        separations = 0

        def separate(kept: exp.Query, out: exp.Query) -> PhysicalScan:
            nonlocal kept_rows, separations
            separations += 1
            path = self.folder / f"{next(self.numbers)}.parquet"
            number = self.session.copy(kept.sql(dialect="duckdb"), path)
            kept_rows = self.session.rows(kept.sql(dialect="duckdb"))
            quarantined.extend(self.session.rows(out.sql(dialect="duckdb")))
            return plain_scan(staged.columns, [(path, number)])

        def no_sql(rule: Rule, _: PhysicalScan) -> float:
            raise AssertionError(rule.id)

        report, kept = check(
            self.session,
            dataset,
            staged,
            released,
            on_fail=on_fail,
            separate=separate,
            run_rule=run_rule or no_sql,
        )
        assert kept.row_count == len(kept_rows) == report.rows_released
        assert report.rows_quarantined == len(quarantined)
        assert self.session.rows("SELECT * FROM duckdb_tables() WHERE temporary") == []
        return Outcome(report, kept_rows, quarantined, separations)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDB]:
    engine = DuckDB(threads=2, memory_mb=512, spill=tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


@pytest.fixture
def laboratory(engine: DuckDB, tmp_path: Path) -> Iterator[Laboratory]:
    with engine.session() as session:
        yield Laboratory(session, tmp_path)


@pytest.fixture
def released(laboratory: Laboratory) -> Callable[..., Released]:
    def make(dataset: Dataset, rows: Sequence[Sequence[object]], files: int = 1) -> Released:
        return Released(laboratory.stage(dataset, rows, files))

    return make
