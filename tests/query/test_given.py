"""Answers that are given again: found by exactly what would run, few, small, and not for ever."""

import pyarrow as pa
import pytest

from ghala.engines.pool import Job, Rows
from ghala.query.given import BESIDE_BYTES, COLUMN_BYTES, KEPT_S, LARGEST_PART, GivenAnswers

ROWS = pa.RecordBatch.from_pydict({"id": pa.array([1, 2, 3])})
JOB = Job("user:ann analytics", "FROM a.b", ("CREATE VIEW …",), ("a.parquet",), 10)


def rows_of(*batches):
    pending = [[batch] for batch in batches[1:]]
    return Rows(batches[0].schema, [batches[0]], lambda: pending.pop(0) if pending else None)


def give(given, job=JOB, *batches):
    return sum(
        batch.num_rows for batch in given.noted(job, rows_of(*(batches or (ROWS,)))).batches()
    )


def test_what_was_read_to_its_end_is_given_again():
    given = GivenAnswers(1 << 20)
    assert given.find(JOB) is None
    assert give(given, JOB, ROWS, ROWS) == 6
    again = given.find(JOB)
    assert [batch.num_rows for batch in again.batches()] == [3, 3]
    assert again.is_complete
    assert again.byte_count == 2 * ROWS.nbytes


@pytest.mark.parametrize(
    "other",
    [
        Job("user:ben analytics", JOB.sql, JOB.catalog, JOB.files, 10),
        Job(JOB.owner, "FROM a.c", JOB.catalog, JOB.files, 10),
        Job(JOB.owner, JOB.sql, ("CREATE VIEW … WHERE false",), JOB.files, 10),
        Job(JOB.owner, JOB.sql, JOB.catalog, ("b.parquet",), 10),
    ],
)
def test_whatever_else_would_run_is_another_answer(other):
    given = GivenAnswers(1 << 20)
    give(given)
    assert given.find(other) is None


def test_what_was_left_early_is_not_kept():
    given = GivenAnswers(1 << 20)
    next(given.noted(JOB, rows_of(ROWS, ROWS)).batches())
    assert given.find(JOB) is None


def test_a_large_answer_is_not_kept():
    given = GivenAnswers(LARGEST_PART * (BESIDE_BYTES + COLUMN_BYTES + ROWS.nbytes))
    give(given, JOB, ROWS, ROWS)
    assert given.find(JOB) is None
    give(given)
    assert given.find(JOB) is not None


def test_the_oldest_makes_room():
    given = GivenAnswers(LARGEST_PART * (BESIDE_BYTES + COLUMN_BYTES + ROWS.nbytes))
    jobs = [Job(JOB.owner, f"SELECT {n}", JOB.catalog, JOB.files, 10) for n in range(20)]
    for job in jobs:
        give(given, job)
    assert [given.find(job) is not None for job in jobs] == [False] * 4 + [True] * 16


def test_nothing_is_kept_for_ever():
    now_s = [0.0]
    given = GivenAnswers(1 << 20, lambda: now_s[0])
    give(given)
    now_s[0] = KEPT_S + 1
    assert given.find(JOB) is None


def test_many_columns_without_rows_take_room_too():
    wide = pa.RecordBatch.from_pydict({f"c{n}": pa.array([], pa.int64()) for n in range(1000)})
    given = GivenAnswers(LARGEST_PART * 1000 * COLUMN_BYTES)
    give(given, JOB, wide)
    assert given.find(JOB) is None
