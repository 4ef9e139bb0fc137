"""Who may run beside whom: one publisher of a product at a time, kept alive by a heartbeat, fenced off once lost."""

import os
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from ghala.errors import (
    BusyError,
    ConflictError,
    LeaseLostError,
    StorageError,
)
from ghala.model.names import ProductName
from ghala.model.run import RunState
from ghala.pipelines.claim import hold
from ghala.registry import releases, runs, tables

ORDERS = ProductName("sales", "orders")
HEADER = "id,amount\n"


def ended(shop):
    """Let the lease of whoever holds a claim run out."""
    with shop.app._registry.write() as connection:
        connection.execute(update(tables.claims).values(lease_until=0))


class WatchedRegistry:
    """Tells which writes took place, so that a test can wait for one."""

    def __init__(self, registry):
        self.registry = registry
        self.written = threading.Condition()
        self.writes = 0

    def read(self):
        return self.registry.read()

    @contextmanager
    def write(self):
        with self.registry.write() as connection:
            yield connection
        with self.written:
            self.writes += 1
            self.written.notify_all()

    def wait_for(self, happened):
        with self.written:
            assert self.written.wait_for(happened, timeout=20)


def lease_until(registry):
    with registry.read() as connection:
        return connection.execute(select(tables.claims.c.lease_until)).scalar_one()


def held(registry, lease_s=60.0, wait_s=0.0, run_id="run-1", say=lambda _: None):
    return hold(
        registry, "prod", ORDERS, run_id, lease_s=lease_s, wait_s=wait_s, say=say, left_behind=[]
    )


def test_a_heartbeat_extends_the_lease(shop):
    registry = WatchedRegistry(shop.app._registry)
    with held(registry, lease_s=0.3) as lease:
        first = lease_until(registry)
        registry.wait_for(lambda: lease_until(registry) > first)
        lease.check()


class FailingRegistry(WatchedRegistry):
    """Does not answer the first beat."""

    fails = True

    @contextmanager
    def write(self):
        with super().write() as connection:
            yield connection
            if self.writes and self.fails:
                self.fails = False
                raise StorageError("the registry does not answer")


def test_a_heartbeat_survives_a_registry_that_does_not_answer(shop):
    registry = FailingRegistry(shop.app._registry)
    with held(registry, lease_s=0.3) as lease:
        first = lease_until(registry)
        registry.wait_for(lambda: lease_until(registry) > first)
        lease.check()
    assert not registry.fails


def test_a_heartbeat_notices_that_the_claim_was_taken_over(shop):
    registry = WatchedRegistry(shop.app._registry)
    with held(registry, lease_s=0.3) as lease:
        take_over(shop)
        lease._thread.join(timeout=20)
        with pytest.raises(LeaseLostError, match="another run took over"):
            lease.check()


def take_over(shop):
    with shop.app._registry.write() as connection:
        connection.execute(
            update(tables.claims).values(run_id="another", fence=tables.claims.c.fence + 1)
        )


def test_a_run_that_is_not_patient_is_told_who_is_publishing(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    caught = []

    def second_run(line):
        if line.endswith("publishing"):
            caught.append(shop.run(wait_s=0))

    outcome = shop.run(progress=second_run)
    assert outcome.release.number == 1
    (impatient,) = caught
    assert (impatient.run.state, impatient.release) == (RunState.FAILED, None)
    assert isinstance(impatient.error, BusyError)
    assert impatient.error.evidence["run"] == outcome.run.id
    assert "sales/orders" in str(impatient.error)
    assert "--wait-s" in impatient.error.hint
    # It never began: the run that did is the last one on record.
    assert shop.app.products()[0].last_run is RunState.PUBLISHED


def test_a_product_that_is_busy_does_not_lose_what_the_others_reached(shop):
    for name in ("sales/first", "sales/orders", "sales/second"):
        shop.add(name, files="a.csv")
    shop.put("a.csv", HEADER + "1,1.00\n")
    with held(shop.app._registry):
        outcomes = {str(one.run.product): one for one in shop.app.run(wait_s=0)}

    assert isinstance(outcomes["sales/orders"].error, BusyError)
    assert outcomes["sales/first"].release.number == 1
    assert outcomes["sales/second"].release.number == 1


def test_products_are_claimed_one_by_one_and_environments_apart(shop):
    shop.add("sales/orders", files="a.csv")
    shop.add("sales/goods", files="a.csv")
    shop.put("a.csv", HEADER + "1,1.00\n")
    inner = []

    def beside(line):
        if line.endswith("publishing"):
            inner.append(shop.run("sales/goods", wait_s=0).release.number)
            inner.append(shop.run("sales/orders", environment="dev", wait_s=0).release.number)

    assert shop.run(progress=beside).release.number == 1
    assert inner == [1, 1]


def test_a_second_run_waits_for_the_first_and_builds_on_it(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    results, said = [], []

    def second_run():
        shop.put("b.csv", HEADER + "2,2.00\n")
        results.append(shop.run(progress=said.append))

    waiting = threading.Thread(target=second_run)
    told = threading.Event()
    seen = WatchedRegistry(shop.app._registry)

    def first(line):
        if line.endswith("publishing"):
            # The second one has asked for the claim, and was turned away, before the first goes on.
            before = seen.writes
            waiting.start()
            seen.wait_for(lambda: seen.writes > before)
            told.set()

    shop.app._registry = seen
    outcome = shop.run(progress=first)
    waiting.join(timeout=60)

    assert told.is_set()
    assert outcome.release.number == 1
    assert results[0].release.number == 2
    assert [row[0] for row in shop.stored()] == [1, 2]


def test_a_run_whose_lease_was_taken_over_publishes_nothing(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")

    def lose(line):
        if line.endswith("publishing"):
            take_over(shop)

    outcome = shop.run(progress=lose)
    assert isinstance(outcome.error, LeaseLostError)
    assert outcome.release is None
    assert shop.app.releases() == ()
    assert outcome.run.state is RunState.FAILED
    with shop.app._registry.read() as connection:
        assert releases.current(connection, "prod") == {}
        assert runs.cursor(connection, "prod", ORDERS, "rows") == {}
        # The one who took over keeps the claim.
        assert connection.execute(select(tables.claims.c.run_id)).scalar_one() == "another"
    ended(shop)
    assert shop.publish() == 1


def test_a_run_whose_pointer_moved_publishes_nothing(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.put("b.csv", HEADER + "2,2.00\n")

    def move(line):
        if line.endswith("publishing"):
            with shop.app._registry.write() as connection:
                connection.execute(update(tables.pointers).values(metadata_location="elsewhere"))

    outcome = shop.run(progress=move)
    assert isinstance(outcome.error, ConflictError)
    assert outcome.error.evidence["dataset"] == "sales.orders"
    assert len(shop.app.releases()) == 1
    with shop.app._registry.read() as connection:
        assert set(runs.cursor(connection, "prod", ORDERS, "rows")) == {"a.csv"}


def test_a_run_whose_process_ended_without_a_word_is_marked_by_the_next(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    dead = replace(shop.run().run, id="20200101T000000-dead", state=RunState.RUNNING)
    with shop.app._registry.write() as connection:
        runs.start(connection, dead)
    shop.run()
    with shop.app._registry.read() as connection:
        found = runs.find(connection, dead.id)
    assert (found.state, found.error) == (RunState.FAILED, "the process ended before the run did")


def test_a_holder_that_died_on_this_machine_does_not_keep_others_waiting(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    with held(shop.app._registry):
        pass
    with shop.app._registry.write() as connection:
        name = connection.execute(select(tables.claims.c.holder)).scalar_one()
        host, boot, pid, _ = name.rsplit("/", 3)
        assert pid == str(os.getpid())
        connection.execute(update(tables.claims).values(holder=f"{host}/{boot}/{pid}/1"))
    assert shop.run(wait_s=0).release.number == 1
