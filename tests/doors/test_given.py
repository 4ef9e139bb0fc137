"""Asked again: an answer comes from memory only where it would be made the same, and is recorded all the same."""

from dataclasses import replace

import pytest

from ghala.errors import DeniedError, QueryRefusedError
from ghala.model.policy import Decision
from ghala.model.principal import OWNER_LOCAL
from ghala.query.given import GivenAnswers

ORDERS = "SELECT region, count(*) AS n FROM sales.orders GROUP BY region"


class CountingWorkers:
    """Passes on to real workers, and keeps what it was asked."""

    def __init__(self, workers):
        self.workers, self.inspected, self.ran = workers, [], []

    def inspect(self, owner, sql, tables, place=None, stop=None):
        self.inspected.append(sql)
        return self.workers.inspect(owner, sql, tables, place, stop)

    def run(self, job, stop=None):
        self.ran.append(job.sql)
        return self.workers.run(job, stop)


@pytest.fixture
def counted(world):
    workers = CountingWorkers(world.workers)
    answerer = replace(
        world.answerer,
        workers=workers,
        given=GivenAnswers(1 << 20),
        _agreed=type(world.answerer._agreed)(64),
        _shapes=type(world.answerer._shapes)(64),
    )
    return replace(world, answerer=answerer), workers


def test_what_is_asked_again_runs_once_and_is_recorded_each_time(counted):
    world, workers = counted
    before = len(world.entries)
    first, second = world.rows(ORDERS), world.rows(ORDERS)
    assert first == second == [("region", "n"), ("EU", 200)]
    assert workers.ran == [ORDERS]
    recorded = world.entries[before:]
    assert [entry.tag.value for entry in recorded] == [
        "dataset:read",
        "dataset:read_finished",
    ] * 2
    assert [entry.detail["rows"] for entry in recorded[1::2]] == [1, 1]
    assert recorded[1].detail["bytes"] == recorded[3].detail["bytes"] > 0
    assert recorded[1].detail["read_id"] != recorded[3].detail["read_id"]


def test_nobody_is_given_another_one_s_answer(counted):
    world, workers = counted
    assert world.rows(ORDERS)[1:] == [("EU", 200)]
    assert len(world.rows(ORDERS, OWNER_LOCAL)) == 3
    assert len(workers.ran) == 2


def test_who_is_denied_meanwhile_is_given_nothing(counted):
    world, _ = counted
    world.rows(ORDERS)

    class Denies:
        def decide(self, _principal, _action, asked):
            return tuple(Decision(one.name, is_allowed=False, reasons=("no",)) for one in asked)

    with pytest.raises(DeniedError):
        replace(world, answerer=replace(world.answerer, authorizer=Denies())).rows(ORDERS)


def test_another_release_is_another_answer(counted):
    world, _ = counted
    sql = "SELECT count(*) AS n FROM sales.customers{}"
    assert world.rows(sql.format("")) == [("n",), (40,)]
    assert world.rows(sql.format(" AT (VERSION => 1)")) == [("n",), (10,)]


def test_the_clock_and_chance_are_asked_anew(counted):
    world, workers = counted
    for sql in ("SELECT uuid() AS u", "SELECT now() AS t, count(*) AS n FROM sales.orders"):
        world.rows(sql)
        world.rows(sql)
    assert len(workers.ran) == 4


def test_statements_that_differ_in_values_are_inspected_once(counted):
    world, workers = counted
    sql = "SELECT count(*) AS n FROM sales.orders WHERE order_id <= {}"
    found = [world.rows(sql.format(number))[1] for number in (3, 30, 300)]
    assert found == [(1,), (10,), (100,)]
    assert len(workers.inspected) == 1
    world.rows(sql.format("3.0"))
    assert len(workers.inspected) == 2


def test_a_value_that_does_not_fit_is_refused_as_where_its_shape_is_new(counted):
    world, workers = counted
    sql = "SELECT order_id FROM sales.orders ORDER BY {}"
    with pytest.raises(QueryRefusedError) as alone:
        world.rows(sql.format(7))
    world.rows(sql.format(1))
    with pytest.raises(QueryRefusedError) as after:
        world.rows(sql.format(9))
    assert (str(after.value), after.value.code) == (
        str(alone.value).replace("7", "9"),
        alone.value.code,
    )
    assert workers.ran[-1] == sql.format(9)
