"""The epoch as a long-lived process knows it."""

import time

from ghala.registry.epoch import EpochWatch
from ghala.registry.registry import move_epoch


def test_a_change_is_seen_in_time(registry):
    watch = EpochWatch(registry, fresh_s=0.05)
    first = watch.now()
    with registry.write() as connection:
        move_epoch(connection)
    deadline = time.monotonic() + 5
    while watch.now() == first:
        assert time.monotonic() < deadline
    assert watch.now() == first + 1


def test_a_fresh_epoch_is_not_looked_up(registry):
    watch = EpochWatch(registry, fresh_s=3600)
    first = watch.now()
    with registry.write() as connection:
        move_epoch(connection)
    assert watch.now() == first
    watch.forget()
    assert watch.now() == first + 1
