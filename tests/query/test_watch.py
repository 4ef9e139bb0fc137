"""The watch over what is on its way."""

import logging
import threading
from dataclasses import dataclass, field, replace

import pytest

from ghala.engines.stop import Stop
from ghala.errors import DeniedError, NotSignedInError, StorageError
from ghala.model.mask import Mask, MaskKind
from ghala.model.names import DatasetName
from ghala.model.policy import Admission, Decision
from ghala.model.predicate import Comparison, Operator
from ghala.model.principal import Principal, PrincipalKind
from ghala.query.asking import Going as Question
from ghala.query.watch import Watch, covers

ORDERS = DatasetName("sales", "orders")
EU = Comparison("region", Operator.EQUAL, "EU")
HASH = Mask(MaskKind.KEYED_HASH)


@dataclass
class Going:
    """Something on its way, and whether it is still allowed."""

    stop: Stop = field(default_factory=Stop)
    is_allowed: bool = True
    fault: Exception | None = None
    looks: list = field(default_factory=list)
    decided: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def decide_again(self, proved):
        self.looks.append(proved)
        self.decided.release()
        if self.fault is not None:
            raise self.fault
        if not self.is_allowed:
            raise DeniedError("withdrawn", reasons=())


def stopped(going):
    told = threading.Event()
    going.stop.tell(told.set)
    assert told.wait(10)
    return going.stop.error


def watch(epoch, **options):
    return Watch(epoch, look_s=0.01, **options)


def test_what_is_withdrawn_is_stopped_and_the_rest_goes_on():
    epoch = [1]
    watching = watch(lambda: epoch[0], again_s=60)
    first, second = Going(), Going()
    with watching.over(first), watching.over(second):
        # The first look may have come before the second was there.
        epoch[0] += 1
        assert first.decided.acquire(timeout=10)
        assert second.decided.acquire(timeout=10)
        first.is_allowed = False
        epoch[0] += 1
        assert isinstance(stopped(first), DeniedError)
        assert second.decided.acquire(timeout=10)
        assert second.stop.error is None
    watching.close()


def test_time_alone_can_end_a_right():
    watching = watch(lambda: 1, again_s=0.02)
    going = Going()
    with watching.over(going):
        assert going.decided.acquire(timeout=10)
        going.is_allowed = False
        stopped(going)
    watching.close()


def test_what_nobody_can_know_is_stopped():
    def away():
        raise StorageError("the registry is away")

    watching = watch(away, again_s=60)
    going = Going()
    with watching.over(going):
        assert isinstance(stopped(going), StorageError)
    watching.close()


def test_a_fault_while_deciding_stops_that_one_and_the_rest_stays_watched(caplog):
    epoch = [1]
    watching = watch(lambda: epoch[0], again_s=60)
    faulty, other = Going(fault=OSError("canaryvalue")), Going()
    with caplog.at_level(logging.ERROR), watching.over(faulty), watching.over(other):
        assert isinstance(stopped(faulty), StorageError)
        # That look may have come before the other was there.
        epoch[0] += 1
        assert other.decided.acquire(timeout=10)
        other.is_allowed = False
        epoch[0] += 1
        assert isinstance(stopped(other), DeniedError)
    watching.close()
    assert "OSError" in caplog.text
    assert "canaryvalue" not in caplog.text


def test_who_cannot_be_told_of_a_stop_does_not_end_the_watch():
    def gone():
        raise RuntimeError("the loop is closed")

    watching = watch(lambda: 1, again_s=0.02)
    first, second = Going(is_allowed=False), Going()
    first.stop.tell(gone)
    with watching.over(first), watching.over(second):
        assert first.decided.acquire(timeout=10)
        assert second.decided.acquire(timeout=10)
        second.is_allowed = False
        stopped(second)
    assert isinstance(first.stop.error, DeniedError)
    watching.close()


def test_any_fault_of_the_epoch_is_a_look_that_saw_nothing(caplog):
    looks = [OSError("canaryvalue")]

    def epoch():
        if looks:
            raise looks.pop()
        return 1

    watching = watch(epoch, again_s=0.02)
    going = Going()
    with watching.over(going):
        assert going.decided.acquire(timeout=10)
        going.is_allowed = False
        assert isinstance(stopped(going), DeniedError)
    watching.close()
    assert "OSError" in caplog.text
    assert "canaryvalue" not in caplog.text


def test_a_watch_whose_thread_ended_begins_again():
    class Ended(BaseException):
        pass

    ends = [Ended()]

    def epoch():
        if ends:
            raise ends.pop()
        return 1

    watching = watch(epoch, again_s=0.02)
    threading.excepthook, before = lambda _: None, threading.excepthook
    try:
        with watching.over(Going()):
            watching._thread.join(10)
    finally:
        threading.excepthook = before
    going = Going(is_allowed=False)
    with watching.over(going):
        assert isinstance(stopped(going), DeniedError)
    watching.close()


WIDE = Decision(
    ORDERS, is_allowed=True, admissions=(Admission(frozenset({"id", "region", "email"})),)
)
MASKED = Decision(
    ORDERS, is_allowed=True, admissions=(Admission(frozenset({"id"})),), masks={"email": HASH}
)
FILTERED = Decision(
    ORDERS, is_allowed=True, admissions=(Admission(frozenset({"id"}), EU),), masks={"email": HASH}
)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (WIDE, WIDE, True),
        (WIDE, MASKED, True),
        (MASKED, WIDE, False),
        (MASKED, FILTERED, True),
        (FILTERED, MASKED, False),
        (replace(WIDE, is_allowed=False), WIDE, False),
        (replace(MASKED, masks={"email": Mask(MaskKind.REPLACE_WITH_NULL)}), MASKED, False),
        (replace(MASKED, masks={}), MASKED, False),
    ],
)
def test_less_than_before_is_seen_as_less(now, before, expected):
    assert covers(now, before) is expected


def test_one_look_proves_a_principal_once_and_the_next_one_again():
    amina = Principal("user:amina", PrincipalKind.USER, "analytics", credential="token:1")
    moved = replace(amina, teams=frozenset({"team:sales"}))
    asked, decided_for = [], []

    class Proofs:
        def again(self, principal):
            asked.append(principal)
            return moved

    class Decider:
        def decide(self, principal, _action, _asked):
            decided_for.append(principal)
            return ()

    questions = [Question(amina, Decider(), Proofs()) for _ in range(3)]
    for look in range(1, 3):
        proved = {}
        for question in questions:
            question.decide_again(proved)
        assert asked == [amina] * look
    assert decided_for == [moved] * 6


def test_a_principal_whose_proof_has_ended_ends_all_its_questions():
    amina = Principal("user:amina", PrincipalKind.USER, "analytics", credential="token:1")

    class Proofs:
        def again(self, _principal):
            raise NotSignedInError("the token with which this was asked has ended")

    watching = watch(lambda: 1)
    first, second = (Question(amina, None, Proofs()) for _ in range(2))
    with watching.over(first), watching.over(second):
        assert stopped(first).code == stopped(second).code == "not_signed_in"
    watching.close()


def test_looks_share_nothing_and_goings_of_one_look_do():
    epoch = [1]
    watching = watch(lambda: epoch[0], again_s=0)
    first, second = Going(), Going()
    with watching.over(first), watching.over(second):
        for _ in range(3):
            assert second.decided.acquire(timeout=10)
    watching.close()
    shared = {id(look) for look in first.looks} & {id(look) for look in second.looks}
    assert shared
    assert len({id(look) for look in first.looks}) == len(first.looks)
