"""A worker that writes: it makes a Parquet file's bytes, which arrive here, and opens no file itself."""

import io

import duckdb
import pyarrow.parquet as pq
import pytest

from ghala.engines.pool import Job, WorkerPool
from ghala.errors import GhalaError, LimitError, QueryError


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    with duckdb.connect() as engine:
        engine.sql("SELECT range AS id FROM range(300000)").write_parquet(f"{folder}/a.parquet")
    return folder


@pytest.fixture(scope="module")
def pool(lake):
    pool = WorkerPool(2, 512, (lake,))
    yield pool
    pool.close()


def job(lake, sql, timeout_s=20.0):
    view = f"CREATE VIEW s.a AS FROM read_parquet(['{lake}/a.parquet'])"
    return Job("tester", sql, ("CREATE SCHEMA s", view), (f"{lake}/a.parquet",), timeout_s)


def written(pool, lake, sql, field_ids=None):
    target = io.BytesIO()
    count = pool.write(job(lake, sql), field_ids, target)
    return count, pq.ParquetFile(target)


def test_the_bytes_are_a_parquet_file_with_all_rows_in_order(pool, lake):
    count, file = written(pool, lake, "SELECT id, 'x' || id AS t FROM s.a ORDER BY id DESC")

    assert count == file.metadata.num_rows == 300_000
    assert file.read(["id"])["id"].to_pylist() == list(range(299_999, -1, -1))


def test_columns_carry_their_field_ids(pool, lake):
    _, file = written(
        pool,
        lake,
        "SELECT id, {'b': 1} AS s FROM s.a LIMIT 1",
        {"id": 7, "s": {"__duckdb_field_id": 8, "b": 9}},
    )

    assert file.schema_arrow.field("id").metadata[b"PARQUET:field_id"] == b"7"
    assert file.schema_arrow.field("s").type.field("b").metadata[b"PARQUET:field_id"] == b"9"


def test_no_rows_are_a_file_too(pool, lake):
    count, file = written(pool, lake, "SELECT id FROM s.a WHERE false")

    assert (count, file.metadata.num_rows) == (0, 0)


def test_a_failure_in_the_middle_is_an_error_and_the_worker_stays_usable(pool, lake):
    with pytest.raises(QueryError) as caught:
        written(pool, lake, "SELECT CAST('kanarie' || id AS DATE) AS d FROM s.a")
    assert "kanarie" not in str(caught.value)

    assert written(pool, lake, "SELECT 1 AS one")[0] == 1


def test_our_own_stop_signal_comes_through_and_no_other_text(pool, lake):
    with pytest.raises(QueryError) as caught:
        written(
            pool,
            lake,
            "SELECT CASE WHEN id = 5 THEN error('ghala:loss:id') ELSE id END AS id FROM s.a",
        )
    assert caught.value.evidence["signal"] == "ghala:loss:id"

    with pytest.raises(QueryError) as caught:
        written(pool, lake, "SELECT error('kanarie') AS id FROM s.a")
    assert "signal" not in caught.value.evidence


def test_a_statement_that_takes_too_long_is_ended(pool, lake):
    endless = (
        "SELECT count(*) AS n FROM s.a, s.a AS b, s.a AS c WHERE (a.id * b.id + c.id) % 1000003 = 7"
    )
    with pytest.raises(LimitError):
        pool.write(job(lake, endless, 0.5), None, io.BytesIO())


def test_it_cannot_open_another_file(pool, lake):
    before = {path.name: path.read_bytes() for path in lake.iterdir()}
    for sql in (
        "SELECT 1) TO '{lake}/c.parquet'; SELECT (1",
        "SELECT * FROM read_text('/etc/passwd')",
    ):
        with pytest.raises(GhalaError):
            written(pool, lake, sql.format(lake=lake))
    assert {path.name: path.read_bytes() for path in lake.iterdir()} == before


@pytest.mark.parametrize("count", [0, 1, 100, 1_500, 3_000, 60_000, 300_000])
def test_rows_arrive_whole_however_many_and_the_worker_is_free_again(pool, lake, count):
    for _ in range(2):
        with pool.run(job(lake, f"SELECT id, 'x' || id AS t FROM s.a LIMIT {count}")) as rows:
            found = [one for batch in rows.batches() for one in batch["id"].to_pylist()]
        assert (rows.is_complete, len(found), len(set(found))) == (True, count, count)
    assert pool.counts()[1] == 0


def test_a_fault_behind_small_rows_is_not_lost(pool, lake):
    # The first batch is small, and waits for the frame that follows it.
    text = (
        "SELECT 1 AS a UNION ALL SELECT CAST('kanarie' || id AS BIGINT) FROM s.a WHERE id = 299999"
    )
    with pytest.raises(QueryError), pool.run(job(lake, text)) as rows:
        list(rows.batches())

    with pool.run(job(lake, "SELECT 2 AS b")) as rows:
        assert [batch.to_pylist() for batch in rows.batches()] == [[{"b": 2}]]


def test_the_first_rows_come_while_the_others_are_made(pool, lake):
    # An engine that keeps all rows before it gives the first would never come to an end.
    with pool.run(job(lake, "SELECT range AS id FROM range(1000000000000)")) as rows:
        assert next(rows.batches())["id"][:3].to_pylist() == [0, 1, 2]

    with pool.run(job(lake, "SELECT 3 AS c")) as rows:
        assert [batch.to_pylist() for batch in rows.batches()] == [[{"c": 3}]]
