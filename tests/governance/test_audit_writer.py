"""Who arrives together is recorded together, and a commit that fails fails those who wait for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from ghala.errors import StorageError
from ghala.governance.audit_writer import AuditWriter
from ghala.model.audit import AuditEntry, AuditTag
from ghala.registry import audit, tables


class CountedRegistry:
    """A registry that counts its transactions, holds them at a gate, and refuses those that it is told to."""

    def __init__(self, registry):
        self.registry = registry
        self.sizes = []
        self.refused = set()
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    @contextmanager
    def write(self):
        number = len(self.sizes) + 1
        with self.registry.write() as connection:
            before = connection.execute(select(func.count()).select_from(tables.audit)).scalar()
            self.entered.set()
            self.gate.wait(30)
            yield connection
            after = connection.execute(select(func.count()).select_from(tables.audit)).scalar()
            self.sizes.append(after - before)
            if number in self.refused:
                raise StorageError("the registry is full")


@pytest.fixture
def counted(people):
    return CountedRegistry(people.registry)


@pytest.fixture
def writer(counted):
    made = AuditWriter(counted)
    yield made
    counted.gate.set()
    made.close()


def entry(number):
    return AuditEntry(AuditTag.DATASET_READ, f"user:u{number}", "analytics", ("a.b",), {})


def recorded(counted):
    with counted.registry.read() as connection:
        assert audit.first_break(connection) is None
        query = select(tables.audit.c.principal).order_by(tables.audit.c.number)
        return [name for name in connection.execute(query).scalars() if name.startswith("user:u")]


def queued(writer, count):
    """Wait until so many wait behind the one that holds the turn."""
    reached = threading.Event()
    while not reached.wait(0.001):
        if len(writer._queue) == count:
            reached.set()


def test_one_alone_is_durable_when_it_returns(writer, counted):
    writer.append(entry(1))
    assert recorded(counted) == ["user:u1"]
    assert counted.sizes == [1]


def test_those_who_come_during_a_commit_share_the_next(writer, counted):
    counted.gate.clear()
    with ThreadPoolExecutor(16) as pool:
        first = pool.submit(writer.append, entry(0))
        assert counted.entered.wait(30)
        others = [pool.submit(writer.append, entry(number)) for number in range(1, 16)]
        queued(writer, 15)
        counted.gate.set()
        for done in (first, *others):
            done.result(30)
    assert counted.sizes == [1, 15]
    assert len(set(recorded(counted))) == 16


def test_a_commit_that_fails_fails_those_who_wait_for_it_alone(writer, counted):
    counted.refused = {2}
    counted.gate.clear()
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(writer.append, entry(0))
        assert counted.entered.wait(30)
        others = [pool.submit(writer.append, entry(number)) for number in range(1, 4)]
        queued(writer, 3)
        counted.gate.set()
        first.result(30)
        for refused in others:
            with pytest.raises(StorageError, match="full"):
                refused.result(30)
    writer.append(entry(9))
    assert recorded(counted) == ["user:u0", "user:u9"]


def test_outcomes_go_with_whoever_comes_next(writer, counted):
    counted.gate.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(writer.append, entry(0))
        assert counted.entered.wait(30)
        writer.append_soon(entry(1))
        second = pool.submit(writer.append, entry(2))
        queued(writer, 2)
        counted.gate.set()
        first.result(30)
        second.result(30)
    assert (counted.sizes, recorded(counted)) == ([1, 2], ["user:u0", "user:u1", "user:u2"])


def test_outcomes_are_written_without_anybody_coming(writer, counted):
    counted.entered.clear()
    writer.append_soon(entry(1))
    assert counted.entered.wait(30)
    writer.flush()
    assert recorded(counted) == ["user:u1"]


def test_an_orderly_end_loses_no_outcome(writer, counted):
    for number in range(50):
        writer.append_soon(entry(number))
    writer.close()
    assert len(recorded(counted)) == 50
    # A worker that ends later still says how its read ended.
    writer.append_soon(entry(50))
    assert len(recorded(counted)) == 51


def test_an_outcome_that_was_refused_is_written_later(writer, counted):
    counted.refused = {1}
    counted.entered.clear()
    writer.append_soon(entry(1))
    assert counted.entered.wait(30)
    writer.append(entry(2))
    assert sorted(recorded(counted)) == ["user:u1", "user:u2"]


def test_what_cannot_be_written_fails_its_own_caller_alone(writer, counted):
    with pytest.raises(TypeError):
        writer.append(AuditEntry(AuditTag.DATASET_READ, "user:u1", "test", (), {"x": object()}))
    writer.append(entry(2))
    assert recorded(counted) == ["user:u2"]
