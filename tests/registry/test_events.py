"""Events: written with what happened, in the order in which it did, and never numbered twice."""

import pytest

from ghala.model.event import EventKind
from ghala.registry import events

KIND = EventKind.RUN_RUNNING
S = 1_000_000


def add(registry, *at_s):
    with registry.write() as connection:
        for at in at_s:
            events.add(connection, KIND, "sales/orders", {"run": f"r{at}"}, at * S)


def read(registry, after=0, limit=10):
    with registry.read() as connection:
        return events.after(connection, after, limit)


def forget(registry, before_s):
    with registry.write() as connection:
        events.forget(connection, before_s * S)


def test_they_are_read_in_the_order_in_which_they_happened(registry):
    add(registry, 3)
    add(registry, 1, 2)
    found = read(registry)
    assert [event.facts["run"] for event in found] == ["r3", "r1", "r2"]
    assert read(registry, found[0].number, limit=1) == found[1:2]
    with registry.read() as connection:
        assert events.span(connection) == (found[0].number, found[2].number)


def test_what_is_rolled_back_did_not_happen(registry):
    def fail():
        with registry.write() as connection:
            events.add(connection, KIND, "sales/orders", {}, S)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert read(registry) == ()


def test_no_number_comes_again_after_all_is_forgotten(registry):
    add(registry, 1, 2)
    last = read(registry)[-1]
    forget(registry, 100)
    assert read(registry) == (last,)
    add(registry, 101)
    assert read(registry)[-1].number > last.number
