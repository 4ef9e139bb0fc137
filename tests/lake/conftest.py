import pytest

from ghala.engines.duckdb import DuckDB
from ghala.testing.lake import Lake


@pytest.fixture
def lake(tmp_path):
    engine = DuckDB(threads=2, memory_mb=512, spill=tmp_path / "spill")
    yield Lake(tmp_path / "lake", engine)
    engine.close()
