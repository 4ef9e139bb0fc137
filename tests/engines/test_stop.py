"""What stops a statement from outside, and what one value alone can take."""

import os
import threading
import time
from pathlib import Path

import pytest

import ghala.engines.pool as pools
from ghala.engines.pool import Job, WorkerPool
from ghala.engines.stop import Stop
from ghala.errors import LimitError, QueryError

ENDLESS = "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c WHERE a.range * b.range % 7 = 3"


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    pool = WorkerPool(2, 256, (tmp_path_factory.mktemp("lake"),), 2)
    yield pool
    pool.close()


def rows(pool, sql, timeout_s=20.0, stop=None, owner="tester"):
    with pool.run(Job(owner, sql, (), (), timeout_s), stop) as answer:
        return [row for batch in answer.batches() for row in batch.to_pylist()]


def test_a_statement_stops_when_it_shall(pool):
    stop = Stop()
    rows(pool, "SELECT 1")
    threading.Timer(0.2, stop.stop, [QueryError("withdrawn")]).start()
    begun_s = time.monotonic()
    with pytest.raises(QueryError, match="withdrawn"):
        rows(pool, ENDLESS, stop=stop)
    assert time.monotonic() - begun_s < 1.2
    assert rows(pool, "SELECT 1 AS one") == [{"one": 1}]


def test_what_shall_stop_does_not_begin(pool):
    stop = Stop()
    stop.stop(QueryError("withdrawn"))
    with pytest.raises(QueryError, match="withdrawn"):
        rows(pool, "SELECT 1", stop=stop)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT repeat('x', 2000000000) AS t",
        "SELECT range(500000000) AS l",
        "SELECT string_agg(repeat('x', 1000000), '') AS t FROM range(100000)",
        ENDLESS,
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
        "SELECT regexp_replace(repeat('a', 10000000), '(a|aa|aaa|aaaa){1,900}', 'b', 'g') AS t",
    ],
    ids=["text", "list", "aggregate", "join", "recursion", "pattern"],
)
def test_one_value_is_limited_too_and_only_its_question_fails(pool, sql):
    begun_s = time.monotonic()
    with pytest.raises(LimitError) as caught:
        rows(pool, sql, timeout_s=0.5)
    assert time.monotonic() - begun_s < 4
    assert caught.value.hint
    assert rows(pool, "SELECT 1 AS one") == [{"one": 1}]


def test_a_worker_holds_no_more_than_it_may(pool):
    with pytest.raises(LimitError) as caught:
        rows(pool, "SELECT repeat('x', 2000000000) AS t")
    assert caught.value.evidence["reason"] == "memory"


def test_a_spare_waits_for_whoever_comes_next(tmp_path):
    pool = WorkerPool(1, 256, (tmp_path,), 2, most=3, spares=1)
    try:
        rows(pool, "SELECT 1", owner="ann")
        assert [worker.owner for worker in pool._idle] == [None, "ann"]
        rows(pool, "SELECT 1", owner="ben")
        owners = [worker.owner for worker in pool._idle]
        assert sorted(map(str, owners)) == ["None", "ann", "ben"]
        assert len(pool._idle) <= pool.most
        pool.tidy(time.monotonic() + 3600)
        assert [worker.owner for worker in pool._idle] == [None]
    finally:
        pool.close()


def test_who_works_long_goes_last(tmp_path, monkeypatch):
    """By its priority, and by that of its session where the system shares processors between these."""
    monkeypatch.setattr(pools, "YIELD_S", 0.0)
    made = WorkerPool(1, 256, (tmp_path,), 2, most=3, spares=1)
    seen, stop, pause = [], Stop(), threading.Event()
    set_priority = os.setpriority

    def note(which, worker, priority):
        set_priority(which, worker, priority)
        seen.append((worker, os.getpriority(os.PRIO_PROCESS, worker)))

    def look():
        until_s = time.monotonic() + 15
        while time.monotonic() < until_s and not (seen and is_last(seen[0][0])):
            pause.wait(0.05)
        seen.append(bool(seen) and is_last(seen[0][0]))
        stop.stop(QueryError("seen"))

    monkeypatch.setattr(os, "setpriority", note)
    looking = threading.Thread(target=look)
    looking.start()
    try:
        with pytest.raises(QueryError, match="seen"):
            rows(made, ENDLESS, stop=stop)
    finally:
        looking.join()
        made.close()
    assert [one[1] for one in seen[:-1]] == [19]
    assert seen[-1]


def is_last(worker):
    shared = Path(f"/proc/{worker}/autogroup")
    return not shared.exists() or shared.read_text().endswith("nice 19\n")
