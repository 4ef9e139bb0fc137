"""The read door's promises: decided, recorded, limited, and never more than was decided."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace

import pytest

from ghala.engines.pool import WorkerPool
from ghala.errors import (
    DeniedError,
    LimitError,
    NotFoundError,
    QueryError,
    QueryRefusedError,
    StorageError,
)
from ghala.governance.audit import Audit
from ghala.model.names import DatasetName
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.query.job import Readable

PRODUCT = Principal("product:sales/orders", PrincipalKind.PRODUCT, "pipeline")
ORDERS = DatasetName("sales", "orders")
LONG = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3"


class CountingWorkers:
    """Passes on to real workers and keeps what it was asked."""

    def __init__(self, workers):
        self.workers = workers
        self.ran = []

    def inspect(self, *arguments):
        return self.workers.inspect(*arguments)

    def run(self, job):
        self.ran.append(job)
        return self.workers.run(job)


@pytest.fixture
def counted(world):
    workers = CountingWorkers(world.workers)
    return replace(world, answerer=replace(world.answerer, workers=workers)), workers


def tail(world, count):
    return [(entry.tag.value, entry.detail.get("outcome")) for entry in world.entries[-count:]]


def only_worker(world):
    world.rows("SELECT 1", OWNER_LOCAL)
    (worker,) = world.workers._idle
    return worker


def test_a_read_is_recorded_before_and_after(world):
    with world.answerer.answer("SELECT order_id FROM sales.orders", OWNER_LOCAL) as answer:
        intent = world.entries[-1]
        assert intent.tag.value == "dataset:read"
        assert sum(batch.num_rows for batch in answer.batches()) == 600
        assert answer.releases == {ORDERS: 2}
    outcome = world.entries[-1]
    assert intent.objects == outcome.objects == ("sales.orders",)
    assert intent.detail["datasets"]["sales.orders"]["release"] == 2
    assert intent.detail["read_id"] == outcome.detail["read_id"]
    assert (outcome.detail["outcome"], outcome.detail["rows"]) == ("finished", 600)
    assert outcome.detail["bytes"] > 0


def test_a_statement_that_reads_nothing_is_not_recorded(world):
    before = len(world.entries)
    assert world.rows("SELECT 1 AS a") == [("a",), (1,)]
    assert len(world.entries) == before


def test_denied_means_nothing_ran(counted):
    world, workers = counted
    with pytest.raises(DeniedError) as caught:
        world.rows("SELECT * FROM sales.orders, people.staff")
    assert workers.ran == []
    assert caught.value.reasons == ("staff data is for people only",)
    assert world.entries[-1].tag.value == "dataset:read_denied"
    assert world.entries[-1].objects == ("people.staff",)


def test_without_a_record_nothing_runs(counted):
    world, workers = counted

    def refuse(_entry):
        raise StorageError("the registry is full")

    answerer = replace(world.answerer, audit=Audit(refuse))
    with pytest.raises(StorageError):
        replace(world, answerer=answerer).rows("SELECT * FROM sales.orders")
    assert workers.ran == []


def test_refused_means_nothing_ran(counted):
    world, workers = counted
    with pytest.raises(QueryRefusedError):
        world.rows("SELECT nothing FROM sales.orders")
    assert workers.ran == []


def test_a_failure_is_recorded_without_values(world):
    with pytest.raises(QueryError) as caught:
        world.rows("SELECT email, region::INTEGER\nFROM sales.orders", OWNER_LOCAL)
    assert str(caught.value) == "statement:1:21: a value could not be converted to INT32"
    assert tail(world, 1) == [("dataset:read_finished", "failed")]
    assert world.entries[-1].detail["error"] == "query_failed"


def test_a_row_limit_is_an_error_and_not_a_cut(world):
    with pytest.raises(LimitError, match="more than 10 rows"):
        world.rows("FROM sales.orders", OWNER_LOCAL, row_limit=10)
    assert tail(world, 1) == [("dataset:read_finished", "failed")]
    assert len(world.rows("FROM sales.orders LIMIT 10", OWNER_LOCAL, row_limit=10)) == 11


@pytest.mark.parametrize(
    "sql",
    [
        LONG,
        "SELECT list_sum(range(500000000))",
        "SELECT list_sum(range(500000000 * count(*))) FROM sales.customers",
        "SELECT length(repeat('x', 300000000 * max(credit)::INTEGER)) FROM sales.customers",
        "SELECT list(a.range) FROM range(100000) a, range(100000) b",
    ],
)
def test_runaways_end_at_their_limit(sql, world):
    started = time.monotonic()
    with pytest.raises(LimitError):
        world.rows(sql, OWNER_LOCAL, timeout_s=1)
    assert time.monotonic() - started < 10
    assert world.rows("SELECT 1 AS a", OWNER_LOCAL) == [("a",), (1,)]


def test_a_worker_that_dies_fails_one_query_only(world):
    worker = only_worker(world)
    many = "SELECT a.order_id, b.note FROM sales.orders a, sales.orders b, range(1000)"

    def read_and_kill():
        with world.answerer.answer(many, OWNER_LOCAL) as answer:
            for _ in answer.batches():
                os.kill(worker.child.pid, signal.SIGKILL)

    with pytest.raises(QueryError, match="ended before it was done"):
        read_and_kill()
    assert tail(world, 1) == [("dataset:read_finished", "failed")]
    assert len(world.rows("FROM sales.orders", OWNER_LOCAL)) == 601


def test_leaving_early_keeps_the_worker(world):
    worker = only_worker(world)
    with world.answerer.answer(
        "SELECT a.order_id, b.note FROM sales.orders a, sales.orders b, range(100)", OWNER_LOCAL
    ) as answer:
        next(answer.batches())
    assert tail(world, 1) == [("dataset:read_finished", "interrupted")]
    assert only_worker(world) is worker


def test_a_question_inside_a_question_is_answered(world):
    with world.answerer.answer(
        "SELECT order_id FROM sales.orders, range(1000)", OWNER_LOCAL
    ) as outer:
        next(outer.batches())
        assert world.rows("SELECT count(*) AS n FROM sales.customers", OWNER_LOCAL)[1] == (40,)


def test_releases_are_chosen_by_number_and_time(world):
    def count(clause):
        return len(world.rows("FROM sales.orders " + clause, OWNER_LOCAL)) - 1

    assert count("") == 600
    assert count("AT (VERSION => 1)") == 10
    assert count("AT (VERSION => 2)") == 600
    assert (
        count("AT (TIMESTAMP => TIMESTAMP '2025-06-01 00:00:00') WHERE orders.order_id > 0") == 10
    )
    assert count("o AT (TIMESTAMP => '2026-06-01T10:00:00.5Z') WHERE o.order_id > 0") == 600
    _, *rows = world.rows(
        "SELECT new.order_id FROM sales.orders new ANTI JOIN sales.orders AT (VERSION => 1) old "
        "ON new.order_id = old.order_id",
        OWNER_LOCAL,
    )
    assert len(rows) == 590
    with pytest.raises(NotFoundError, match=r"no sales\.orders in release 9"):
        count("AT (VERSION => 9)")


def test_unknown_names_get_a_suggestion(world):
    with pytest.raises(NotFoundError) as caught:
        world.rows("SELECT * FROM sales.ordres", OWNER_LOCAL)
    assert caught.value.hint == "did you mean `sales.orders`?"
    assert str(caught.value.place) == "statement:1:21"
    with pytest.raises(QueryRefusedError) as caught:
        world.rows("SELECT *\nFROM orders", OWNER_LOCAL)
    assert caught.value.hint == "write `sales.orders`"
    with pytest.raises(QueryRefusedError) as caught:
        world.rows("SELECT order_idd FROM sales.orders", OWNER_LOCAL)
    assert caught.value.message.startswith('Referenced column "order_idd" not found')
    assert str(caught.value.place) == "statement:1:8"


def test_show_tables_lists_what_may_be_seen(world):
    everything = [(name,) for name in sorted(world.tables)]
    assert world.rows("SHOW TABLES", OWNER_LOCAL) == [("name",), *everything]
    assert ("people.staff",) not in world.rows("SHOW TABLES")


def test_information_schema_shows_what_may_be_seen(world):
    listed = "SELECT table_schema || '.' || table_name FROM information_schema.tables"
    assert [name for (name,) in world.rows(listed)[1:]] == [
        name for (name,) in world.rows("SHOW TABLES")[1:]
    ]
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = 'orders'"
    assert world.rows(columns)[1:] == [(row[0],) for row in world.rows("DESCRIBE sales.orders")[1:]]
    assert ("note",) not in world.rows(columns)
    assert ("note",) in world.rows(columns, OWNER_LOCAL)
    assert world.rows("SELECT count(*) AS n FROM information_schema.views")[1:] == [(0,)]
    before = len(world.entries)
    world.rows(columns)
    assert len(world.entries) == before, "no dataset was read"


def test_information_schema_is_not_for_steps(world):
    readable = Readable({}, {})
    with (
        pytest.raises(QueryRefusedError),
        world.answerer.prepare("FROM information_schema.tables", PRODUCT, readable),
    ):
        pass


def test_a_view_shows_what_was_decided(world):
    names, *rows = world.rows("FROM sales.orders")
    assert "note" not in names
    assert {row[names.index("region")] for row in rows} == {"EU"}
    assert {row[names.index("email")] for row in rows} == {None}
    assert len(rows) == 200
    types = dict(row[:2] for row in world.rows("DESCRIBE sales.orders")[1:])
    assert types["email"] == "VARCHAR"


def test_a_product_reads_what_its_run_pinned(world):
    orders = world.answerer.releases.current[ORDERS].scan
    customers = world.answerer.releases.current[DatasetName("sales", "customers")].scan

    def prepare(sql):
        with world.answerer.prepare(
            sql, PRODUCT, Readable({"Customers": customers}, {ORDERS: orders})
        ) as answer:
            return sum(batch.num_rows for batch in answer.batches())

    assert prepare("SELECT * FROM customers JOIN sales.orders USING (customer_id)") == 600
    assert tail(world, 1) == [("dataset:read_finished", "finished")]
    assert world.entries[-1].objects == ("sales.orders",)
    with pytest.raises(QueryRefusedError) as caught:
        prepare("SELECT * FROM people.staff")
    assert caught.value.hint == "it may read `Customers`, `sales.orders`"
    with pytest.raises(QueryRefusedError):
        prepare("SELECT * FROM sales.orders AT (VERSION => 1)")
    with pytest.raises(QueryRefusedError):
        prepare("SELECT * FROM sales.customers")


def test_consumers_never_share_a_worker(world):
    before = only_worker(world)
    world.rows("SELECT 1")
    assert not before.is_alive


def test_closing_the_pool_ends_its_workers(tmp_path):
    pool = WorkerPool(1, 256, (tmp_path,))
    pool.warm()
    (worker,) = pool._idle
    pool.close()
    assert not worker.is_alive
