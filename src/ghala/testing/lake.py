"""A lake without a registry, for tests of the lake itself: the test decides which state is current."""

from dataclasses import dataclass, field

from ghala.engines.duckdb import DuckDB
from ghala.lake.files import Disk
from ghala.lake.scan import Scans
from ghala.lake.stage import Staging
from ghala.model.contract import Column, Dataset
from ghala.model.names import DatasetName
from ghala.model.product import Materialisation
from ghala.model.types import parse_type
from ghala.sql.scan import scan_query

ORDERS = DatasetName("sales", "orders")


def dataset(**columns):
    parsed = tuple(Column(name, parse_type(text)) for name, text in columns.items())
    return Dataset(ORDERS, "orders-id", parsed)


@dataclass
class Lake:
    """A lake without a registry: states are sealed, and the test decides what is current."""

    root: object
    engine: DuckDB
    disk: Disk = field(default_factory=Disk)
    run: int = 0

    def __post_init__(self):
        self.scans = Scans(self.root)

    def stage(self, dataset, current=None, materialisation=Materialisation.APPEND):
        self.run += 1
        staging = Staging(self.root, self.disk, self.scans)
        return staging.table(dataset, current, materialisation, run_id=f"run-{self.run:08d}")

    def write(self, table, query, name="rows"):
        path = table.data.with_name(f"{table.data.name}-{name}.parquet")
        with self.engine.session() as session:
            session.copy(query, path, field_ids=table.field_ids)
        return path

    def publish(self, dataset, query, current=None, materialisation=Materialisation.APPEND):
        table = self.stage(dataset, current, materialisation)
        return table.seal([self.write(table, query)], live_snapshots=3)

    def rows(self, released, columns=None):
        return self.read(self.scans.of(released.metadata_location, released.snapshot_id), columns)

    def read(self, scan, columns=None):
        with self.engine.session() as session:
            return sorted(session.rows(scan_query(scan, columns).sql(dialect="duckdb")), key=str)
