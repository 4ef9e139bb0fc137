"""A lake without a registry, for tests of the lake itself: the test decides which state is current."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ghala.lake.files import Disk
from ghala.lake.parquet import StagedFile
from ghala.lake.scan import Scans
from ghala.lake.stage import Staging
from ghala.model.contract import Column, Dataset
from ghala.model.names import DatasetName
from ghala.model.product import Materialisation
from ghala.model.types import parse_type
from ghala.sql.scan import scan_query

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.engines.duckdb import DuckDB
    from ghala.lake.stage import Sealed, StagedTable
    from ghala.model.release import ReleasedDataset
    from ghala.model.scan import PhysicalScan

ORDERS = DatasetName("sales", "orders")


def dataset(**columns: str) -> Dataset:
    """Return a dataset with columns of these types and no rules."""
    parsed = tuple(Column(name, parse_type(text)) for name, text in columns.items())
    return Dataset(ORDERS, "orders-id", parsed)


@dataclass
class Lake:
    """Stages, seals and reads states of one dataset."""

    root: Path
    engine: DuckDB
    disk: Disk = field(default_factory=Disk)
    run: int = 0

    def __post_init__(self) -> None:
        """Plan reads with a cache of its own."""
        self.scans = Scans(self.root)

    def stage(
        self,
        dataset: Dataset,
        current: ReleasedDataset | None = None,
        materialisation: Materialisation = Materialisation.APPEND,
    ) -> StagedTable:
        """Begin a state, each with a run id of its own."""
        self.run += 1
        staging = Staging(self.root, self.disk, self.scans)
        return staging.table(dataset, current, materialisation, run_id=f"run-{self.run:08d}")

    def write(self, table: StagedTable, query: str) -> StagedFile:
        """Write a query's rows as a data file of a staged table."""
        path = table.data.with_name(f"{table.data.name}-rows.parquet")
        with self.engine.session() as session:
            return StagedFile(path, session.copy(query, path, field_ids=table.field_ids))

    def publish(
        self,
        dataset: Dataset,
        query: str,
        current: ReleasedDataset | None = None,
        materialisation: Materialisation = Materialisation.APPEND,
    ) -> Sealed:
        """Stage a query's rows upon a state and seal them."""
        table = self.stage(dataset, current, materialisation)
        return table.seal([self.write(table, query)], live_snapshots=3)

    def rows(self, released: ReleasedDataset) -> list[tuple[Any, ...]]:
        """Return all rows of a state, sorted as text."""
        return self.read(self.scans.of(released.metadata_location, released.snapshot_id))

    def read(self, scan: PhysicalScan) -> list[tuple[Any, ...]]:
        """Return what a scan reads, sorted as text."""
        with self.engine.session() as session:
            return sorted(session.rows(scan_query(scan).sql(dialect="duckdb")), key=str)
