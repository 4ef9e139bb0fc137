"""Every type that Ghala stores goes through a view and its shadow unchanged, with rows and without."""

from __future__ import annotations

import duckdb
import pytest

from ghala.engines.pool import WorkerPool
from ghala.governance.audit import Audit
from ghala.governance.authorize import Authorizer
from ghala.model.names import DatasetName
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.scan import plain_scan
from ghala.model.types import DataType, Field, Kind, parse_type
from ghala.query.answer import Answerer
from ghala.query.job import Readable

PRODUCT = Principal("product:lab/all", PrincipalKind.PRODUCT, "pipeline")
NAME = DatasetName("lab", "kinds")
SCALARS = [
    DataType(Kind.DECIMAL, 12, 2),
    *(parse_type(k) for k in Kind if k not in {"list", "struct", "decimal"}),
]
NESTED = [
    DataType(Kind.LIST, element=parse_type("decimal(5,1)")),
    DataType(
        Kind.STRUCT, fields=(Field("a b", parse_type("date")), Field("c", parse_type("uuid")))
    ),
    DataType(
        Kind.LIST,
        element=DataType(Kind.STRUCT, fields=(Field("x", parse_type("timestamptz")),)),
    ),
]
COLUMNS = [(f"c {number}", kind) for number, kind in enumerate([*SCALARS, *NESTED])]


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    workers = WorkerPool(1, 256, (folder,))
    yield Answerer(None, Authorizer(), Audit(lambda _: None), workers), folder
    workers.close()


def described(answerer, scan):
    with answerer.prepare("DESCRIBE lab.kinds", PRODUCT, Readable({}, {NAME: scan})) as answer:
        return {
            row["column_name"]: row["column_type"]
            for b in answer.batches()
            for row in b.to_pylist()
        }


def test_all_types_are_those_of_the_contract(answerer):
    answerer, folder = answerer
    with duckdb.connect() as engine:
        columns = [f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in COLUMNS]
        rows = engine.sql(f"SELECT {', '.join(columns)}")
        rows.write_parquet(f"{folder}/a.parquet")
        expected = dict(zip(rows.columns, map(str, rows.types), strict=True))
    full = plain_scan(COLUMNS, [(folder / "a.parquet", 1)])
    assert described(answerer, full) == expected
    assert described(answerer, plain_scan(COLUMNS, [])) == expected


def test_many_files_are_one_dataset(answerer):
    answerer, folder = answerer
    with duckdb.connect() as engine:
        engine.sql("SELECT 1::BIGINT AS id").write_parquet(f"{folder}/0.parquet")
    files = [(folder / f"{number}.parquet", 1) for number in range(300)]
    for path, _ in files[1:]:
        path.hardlink_to(files[0][0])
    scan = plain_scan([("id", parse_type("bigint"))], files)
    with answerer.prepare(
        "SELECT count(*) AS n FROM lab.kinds", PRODUCT, Readable({}, {NAME: scan})
    ) as answer:
        assert next(answer.batches()).to_pylist() == [{"n": 300}]
