"""Hostile files: each lands exactly the rows, and quarantines exactly the records, that are written beside it."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from ghala.engines.duckdb import DuckDB
from ghala.ingest.land import land
from ghala.lake.files import Disk
from ghala.model.contract import Rounding
from ghala.model.product import Source, SourceColumn
from ghala.model.types import parse_type

HERE = Path(__file__).parent
FILES = HERE / "files"
_SPEC = importlib.util.spec_from_file_location("hostile_generated", HERE / "generated.py")
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
GENERATED = _MODULE.GENERATED
WRITTEN = sorted(path.name.removesuffix(".expected.json") for path in FILES.glob("*.expected.json"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = DuckDB(2, 1024, tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


@pytest.mark.parametrize("name", WRITTEN)
def test_hostile_file(name, tmp_path, engine):
    expected = json.loads((FILES / f"{name}.expected.json").read_text())
    [file] = [path for path in FILES.glob(f"{name}.*") if path.suffix != ".json"]
    check(expected, file, tmp_path, engine)


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_hostile_generated_file(name, tmp_path, engine):
    expected = GENERATED[name]()
    file = tmp_path / "in" / "generated"
    file.parent.mkdir()
    file.write_bytes(expected["data"])
    check(expected, file, tmp_path, engine)


def test_there_are_forty():
    assert len(WRITTEN) + len(GENERATED) >= 40


def check(expected, file, tmp_path, engine):
    landed = land(
        Source(
            "hostile",
            expected.get("type", "csv"),
            {"files": file.name, **expected.get("options", {})},
        ),
        [column(name, told) for name, told in expected["columns"].items()],
        zones={},
        folder=file.parent,
        seen={},
        disk=Disk(),
        engine=engine,
        raw=tmp_path / "raw",
        data=tmp_path / "data" / "part",
        quarantine=tmp_path / "quarantine.parquet",
        field_ids=None,
        progress=None,
    )
    [balance] = landed.balance.files
    assert balance.read == balance.landed + balance.quarantined
    if expected.get("refused"):
        assert balance.refused is not None
        assert expected["refused"] in balance.refused
        assert (balance.read, landed.files, landed.quarantine) == (0, (), None)
    else:
        assert balance.refused is None
    rows = [
        [plain(value) for value in row.values()]
        for file in landed.files
        for row in pq.read_table(file.path).to_pylist()
    ]
    assert rows == [[plain(value) for value in row] for row in expected["rows"]]
    found = pq.read_table(landed.quarantine).to_pylist() if landed.quarantine else []
    keys = ("record", "line", "byte_offset", "raw", "column", "reason")
    shown = [{key: fault[key] for key in keys} for fault in found]
    for fault in shown:
        fault["raw"] = fault["raw"].decode("latin-1")
    assert shown == expected["quarantine"]
    assert balance.landed == len(rows)
    assert balance.quarantined == len(found)
    content = file.read_bytes()
    for fault in found:
        assert content[fault["byte_offset"] :].startswith(fault["raw"])
    assert (tmp_path / "raw" / balance.sha256[:2] / balance.sha256).read_bytes() == content


def column(name, told):
    if isinstance(told, str):
        return SourceColumn(name, name, parse_type(told))
    return SourceColumn(
        name,
        told.get("from", name),
        parse_type(told["type"]),
        formats=tuple(told.get("formats", ())),
        decimal=told.get("decimal", "."),
        grouping=told.get("grouping", ""),
        rounding=Rounding(told["rounding"]) if "rounding" in told else None,
    )


def plain(value):
    """Return a value as JSON can have it."""
    match value:
        case bool():
            return str(value).lower()
        case bytes():
            return value.hex()
        case dt.datetime():
            return value.isoformat(" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case Decimal() | float() | UUID():
            return str(value)
        case _:
            return value
