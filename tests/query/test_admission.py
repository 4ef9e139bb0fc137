"""Who may ask now: decided without a clock and without threads."""

import threading

import pytest

from ghala.engines.stop import Stop
from ghala.errors import BusyError, QueryError, QuotaError
from ghala.query.admission import Admission


def entered(admission, *names):
    """Let principals ask in this order, and return their turns and in which order they got places."""
    order = []
    turns = [admission.enter(name, lambda name=name: order.append(name)) for name in names]
    return turns, order


def test_nobody_has_more_than_their_share():
    admission = Admission(places=4, each=2)
    turns, order = entered(admission, "a", "a", "a", "a", "b")
    assert order == ["a", "a", "b"]
    assert [turn.has_place for turn in turns] == [True, True, False, False, True]
    admission.leave(turns[0])
    assert order == ["a", "a", "b", "a"]


def test_principals_come_in_turn_however_many_questions_wait():
    admission = Admission(places=1, each=1)
    turns, order = entered(admission, "a", "a", "a", "a", "b", "c", "b")
    for _ in range(7):
        held = next(turn for turn in turns if turn.has_place)
        turns.remove(held)
        admission.leave(held)
    assert order == ["a", "a", "b", "c", "a", "b", "a"]
    assert admission.counts() == (0, 0)


def test_who_stops_waiting_leaves_no_gap():
    admission = Admission(places=1, each=1)
    (first, second, _), order = entered(admission, "a", "b", "c")
    admission.leave(second)
    admission.leave(first)
    assert order == ["a", "c"]


def test_a_queue_has_an_end():
    admission = Admission(places=1, each=1, waiting_each=2)
    entered(admission, "a", "a", "a")
    with pytest.raises(QuotaError) as caught:
        admission.enter("a", lambda: None)
    assert caught.value.evidence["retry_after_s"] == 1
    entered(admission, "b")


def test_a_place_is_waited_for_only_so_long():
    admission = Admission(places=1, each=1)
    with admission.place("a", Stop()), pytest.raises(BusyError), admission.place("b", Stop(), 0.01):
        pass
    assert admission.counts() == (0, 0)


def test_who_shall_stop_waits_no_longer():
    admission = Admission(places=1, each=1)
    stop = Stop()
    told = threading.Timer(0.05, stop.stop, [QueryError("withdrawn")])
    with admission.place("a", Stop()):
        told.start()
        with pytest.raises(QueryError, match="withdrawn"), admission.place("b", stop, 30):
            pass
    told.join()
