"""The outbox: nothing is told that did not happen, and of several processes one tries each delivery."""

import pytest

from ghala.model.notification import DeliveryState, Notification, NotificationKind
from ghala.registry import outbox

FAILED = Notification(
    NotificationKind.RUN_FAILED,
    "prod:sales/orders",
    "sales",
    "product:sales/orders",
    product="sales/orders",
    datasets=("sales.orders",),
    dataset_ids=("orders",),
    facts={"run": "r1", "rows": 3},
)
S = 1_000_000


def add(registry, channels=("ops",), now_us=S):
    with registry.write() as connection:
        outbox.add(connection, FAILED, now_us)
        kept = outbox.unsettled(connection, 1)[0]
        outbox.settle(connection, kept.number, dict.fromkeys(channels, True), now_us)
    return kept


def claim(registry, holder, now_us, *, channels=("ops",), lease_s=60, limit=10):
    with registry.write() as connection:
        return outbox.claim(
            connection, channels, holder, now_us=now_us, until_us=now_us + lease_s * S, limit=limit
        )


def finish(registry, delivery, holder, state, *, next_us=0, fault=None):
    with registry.write() as connection:
        outbox.finish(
            connection, delivery.number, holder, state, now_us=9 * S, next_us=next_us, fault=fault
        )


def listed(registry, state=None):
    with registry.read() as connection:
        return outbox.deliveries(connection, state, 10)


def test_what_is_kept_comes_back_as_it_was(registry):
    kept = add(registry)
    assert kept.notification == FAILED
    (delivery,) = listed(registry)
    assert (delivery.notification, delivery.channel, delivery.state) == (FAILED, "ops", "waiting")
    assert delivery.is_named


def test_what_is_rolled_back_is_not_told(registry):
    def fail():
        with registry.write() as connection:
            outbox.add(connection, FAILED, S)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with registry.read() as connection:
        assert outbox.unsettled(connection, 10) == ()


def test_one_settles_what_two_have_read(registry):
    kept = add(registry, ("ops", "mail"))
    with registry.write() as connection:
        outbox.settle(connection, kept.number, {"ops": False}, 2 * S)
    assert len(listed(registry)) == 2


def test_one_claims_what_is_due_and_the_other_finds_nothing(registry):
    add(registry, ("ops", "mail"))
    first = claim(registry, "a", 2 * S, channels=("ops", "mail"))
    assert {one.channel for one in first} == {"mail", "ops"}
    assert claim(registry, "b", 2 * S, channels=("ops", "mail")) == ()
    assert claim(registry, "b", 61 * S) == ()


def test_a_lease_that_ended_is_taken_over_and_its_holder_changes_nothing(registry):
    add(registry)
    (lost,) = claim(registry, "a", 2 * S)
    (taken,) = claim(registry, "b", 63 * S)
    assert (taken.number, taken.attempts) == (lost.number, 2)
    finish(registry, lost, "a", DeliveryState.DEAD, fault="late")
    assert listed(registry)[0].state == "waiting"
    finish(registry, taken, "b", DeliveryState.DELIVERED)
    assert listed(registry)[0].state == "delivered"
    assert listed(registry)[0].fault is None


def test_what_failed_waits_until_its_time(registry):
    add(registry)
    (tried,) = claim(registry, "a", 2 * S)
    finish(registry, tried, "a", DeliveryState.WAITING, next_us=40 * S, fault="down")
    assert claim(registry, "a", 39 * S) == ()
    assert listed(registry)[0].fault == "down"
    assert claim(registry, "a", 40 * S)[0].attempts == 2


def test_what_was_not_tried_is_given_back_without_counting(registry):
    add(registry)
    (held,) = claim(registry, "a", 2 * S)
    with registry.write() as connection:
        outbox.give_back(connection, [held.number], "b", 3 * S)
    assert claim(registry, "c", 3 * S) == ()
    with registry.write() as connection:
        outbox.give_back(connection, [held.number], "a", 3 * S)
    assert claim(registry, "c", 3 * S)[0].attempts == 1


def test_what_nobody_could_try_is_given_up_and_can_be_revived(registry):
    add(registry)
    with registry.write() as connection:
        assert outbox.give_up(connection, S, 5 * S, "gone") == 0
        assert outbox.give_up(connection, 2 * S, 5 * S, "gone") == 1
        assert outbox.counts(connection)[DeliveryState.DEAD] == 1
    (dead,) = listed(registry, DeliveryState.DEAD)
    assert dead.fault == "gone"
    assert claim(registry, "a", 9 * S) == ()
    with registry.write() as connection:
        assert outbox.revive(connection, dead.number, 9 * S)
        assert not outbox.revive(connection, dead.number, 9 * S)
    assert claim(registry, "a", 9 * S)[0].attempts == 1


def test_what_is_long_past_is_forgotten_and_what_waits_is_not(registry):
    add(registry)
    waiting = add(registry, ("mail",))
    (done,) = claim(registry, "a", 2 * S)
    finish(registry, done, "a", DeliveryState.DELIVERED)
    with registry.write() as connection:
        outbox.forget(connection, 2 * S)
        assert not outbox.has_work(connection, ("ops",), 3 * S)
        assert outbox.has_work(connection, ("mail",), 3 * S)
    (left,) = listed(registry)
    assert left.channel == "mail"
    assert waiting.notification == left.notification
