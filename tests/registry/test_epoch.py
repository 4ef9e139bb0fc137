"""The epoch as a long-lived process knows it."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

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


def test_every_look_sees_what_others_wrote(registry, place):
    with closing(place.open()) as other:
        first = registry.epoch()
        # The connection of a look is kept for the next one, and must not keep what it saw.
        for moved in range(1, 4):
            with other.write() as connection:
                move_epoch(connection)
            assert registry.epoch() == other.epoch() == first + moved


def test_many_look_at_once(registry):
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda _: registry.epoch(), range(200)))
    assert set(found) == {registry.epoch()}
