"""A landing in a temporary folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from ghala.engines.duckdb import DuckDB
from ghala.ingest.land import land
from ghala.lake.files import Disk
from ghala.model.product import Source, SourceColumn
from ghala.model.types import parse_type

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Landing:
    """Lands files that a test writes."""

    root: Path
    engine: DuckDB
    numbers: count = field(default_factory=count)

    @property
    def folder(self):
        return self.root / "in"

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def land(
        self,
        columns,
        type_="csv",
        *,
        seen=None,
        zones=None,
        disk=None,
        field_ids=None,
        **options,
    ):
        self.folder.mkdir(exist_ok=True)
        if not all(isinstance(column, SourceColumn) for column in columns):
            columns = [SourceColumn(name, name, parse_type(text)) for name, text in columns.items()]
        return land(
            Source("orders", type_, {"files": "**/*", **options}),
            columns,
            zones=zones or {},
            folder=self.folder,
            seen=seen or {},
            disk=disk or Disk(),
            engine=self.engine,
            raw=self.root / "raw",
            data=self.root / "data" / f"part{next(self.numbers)}",
            quarantine=self.root / "quarantine.parquet",
            field_ids=field_ids,
            progress=None,
        )

    def rows(self, landed):
        tables = [pq.read_table(file.path) for file in landed.files]
        return [tuple(row.values()) for table in tables for row in table.to_pylist()]

    def quarantined(self, landed):
        return pq.read_table(landed.quarantine).to_pylist() if landed.quarantine else []


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    engine = DuckDB(2, 1024, tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


@pytest.fixture
def landing(tmp_path, engine):
    return Landing(tmp_path, engine)
