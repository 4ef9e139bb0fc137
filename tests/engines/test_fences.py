"""What a worker cannot do even when a statement gets past every check: jobs are given to it directly here."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import duckdb
import pytest

from ghala.engines.pool import Job, WorkerPool
from ghala.errors import GhalaError, QueryError

CANARY = "kanarienvogel"


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    with duckdb.connect() as engine:
        engine.sql("SELECT range AS id FROM range(1000)").write_parquet(f"{folder}/a.parquet")
        engine.sql("SELECT 'kanarienvogel' AS id").write_parquet(f"{folder}/b.parquet")
    return folder


@pytest.fixture(scope="module")
def pool(lake):
    pool = WorkerPool(1, 256, (lake,))
    yield pool
    pool.close()


def job(lake, sql, timeout_s=10.0):
    view = f"CREATE VIEW s.a AS FROM read_parquet(['{lake}/a.parquet'])"
    return Job("tester", sql, ("CREATE SCHEMA s", view), (f"{lake}/a.parquet",), timeout_s)


def ask(pool, lake, sql):
    with pool.run(job(lake, sql)) as rows:
        return [row for batch in rows.batches() for row in batch.to_pylist()]


def test_a_view_is_read(pool, lake):
    assert ask(pool, lake, "SELECT count(*) AS n FROM s.a") == [{"n": 1000}]


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_parquet('{lake}/b.parquet')",
        "FROM read_text('{lake}/b.parquet')",
        "FROM glob('{lake}/*')",
        "FROM read_text('/etc/passwd')",
        "FROM read_text('/proc/self/environ')",
        "COPY (SELECT 1) TO '{lake}/c.csv'",
        "COPY (SELECT 1 AS id) TO '{lake}/a.parquet' (FORMAT parquet, USE_TMP_FILE false)",
        "COPY (SELECT 1 AS id) TO '/tmp/ghala-fence-test.csv'",
        "EXPORT DATABASE '{lake}/e'",
        "ATTACH '{lake}/x.db' AS x",
        "SET enable_external_access = true",
        "SET allowed_paths = ['{lake}/b.parquet']",
        "SET temp_directory = '{lake}'",
        "RESET lock_configuration",
        "INSTALL httpfs",
        "LOAD httpfs",
        "FROM 'http://127.0.0.1:9/x.parquet'",
    ],
)
def test_the_fence_holds_without_the_checks(pool, lake, sql):
    before = {path.name: path.read_bytes() for path in lake.iterdir()}
    with pytest.raises(GhalaError) as caught:
        ask(pool, lake, sql.format(lake=lake))
    assert CANARY not in str(caught.value)
    assert str(lake) not in str(caught.value)
    assert {path.name: path.read_bytes() for path in lake.iterdir()} == before
    assert ask(pool, lake, "SELECT count(*) AS n FROM s.a") == [{"n": 1000}]


def test_the_kernel_fences_the_worker_where_it_can(pool, lake):
    ask(pool, lake, "SELECT 1")
    (worker,) = pool._idle
    if not worker.is_fenced:
        pytest.skip("this kernel has no Landlock")
    environment = Path(f"/proc/{worker.child.pid}/environ").read_bytes()
    assert b"HOME=" not in environment
    assert Path(f"/proc/{worker.child.pid}/cwd").resolve() == Path("/")


def test_no_session_state_is_left_for_other_views(pool, lake):
    ask(pool, lake, "SELECT 1")
    other = Job("tester", "SELECT count(*) AS n FROM information_schema.tables", (), (), 10.0)
    with pool.run(other) as rows:
        assert next(rows.batches()).to_pylist() == [{"n": 0}]


def test_large_rows_come_through(pool, lake):
    sql = "SELECT repeat('x', 1000000) AS t, id FROM s.a LIMIT 100"
    assert sum(len(row["t"]) for row in ask(pool, lake, sql)) == 100_000_000


def test_types_survive_the_pipe(pool, lake):
    sql = (
        "SELECT 1::HUGEINT AS h, 1.5::DECIMAL(5,2) AS d, 'a'::ENUM('a','b') AS e, [1, NULL] AS l, "
        "{'x': DATE '2025-01-01'} AS s, map {'k': 1} AS m, NULL AS n, TIMESTAMPTZ '2025-01-01 00:00:00Z' AS t"
    )
    (row,) = ask(pool, lake, sql)
    assert (row["e"], row["l"], row["m"], row["n"]) == ("a", [1, None], [("k", 1)], None)
    assert ask(pool, lake, "SELECT 'a'::ENUM('a','b') AS e WHERE false") == []


def test_a_worker_that_is_dead_before_it_is_asked_is_replaced(pool, lake):
    ask(pool, lake, "SELECT 1")
    (worker,) = pool._idle
    os.kill(worker.child.pid, signal.SIGKILL)
    worker.child.wait()
    assert ask(pool, lake, "SELECT 1 AS a") == [{"a": 1}]


def test_a_worker_that_cannot_start_says_so(lake, monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    pool = WorkerPool(1, 256, (lake,))
    with pytest.raises(QueryError, match="did not start"):
        ask(pool, lake, "SELECT 1")


def test_a_worker_serves_only_so_many_requests(lake):
    pool = WorkerPool(1, 256, (lake,), requests_per_worker=1)
    try:
        ask(pool, lake, "SELECT 1")
        (successor,) = pool._idle
        assert successor.requests == 0
    finally:
        pool.close()
    assert not successor.is_alive
