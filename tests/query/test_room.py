"""Room for kept answers: what one principal takes of it, at the same moment as others and one after the other."""

import threading
import uuid
from contextlib import suppress
from dataclasses import replace

import pytest

from ghala.errors import BusyError, QuotaError
from ghala.model.question import KeptQuestion, QuestionState
from ghala.query.room import KEPT_EACH, OPEN_EACH, Room
from ghala.registry import questions
from ghala.registry.registry import open_registry
from ghala.registry.releases import as_time

US = 1_000_000
NOW_US = 1_000 * US
END_US = NOW_US + 60 * US


@pytest.fixture
def registry(tmp_path):
    registry = open_registry(None, tmp_path)
    yield registry
    registry.close()


@pytest.fixture
def room(registry):
    return Room(registry, byte_count=1_000, part_bytes=10)


def made(who, state=QuestionState.FINISHED, byte_count=10):
    return KeptQuestion(
        id=uuid.uuid4().hex,
        principal=who,
        purpose="analytics",
        environment="prod",
        statement_sha256="0" * 64,
        server="here",
        state=state,
        made_at=as_time(NOW_US),
        until=as_time(END_US),
        byte_count=None if state.is_open else byte_count,
    )


def admit(room, question, now_us=NOW_US):
    room.admit(question, now_us, now_us - 10 * US, END_US)
    return question


def fill(room, who):
    """Let one principal take all that it gets, and return how much that is."""
    question = admit(room, made(who))
    took = 10
    with suppress(QuotaError):
        while True:
            took = room.take(question, took + 1, NOW_US, 0)
    return took


def test_nobody_gets_all_of_it_and_the_next_one_always_finds_some(room):
    assert [fill(room, f"user:{name}") for name in ("amina", "ben", "zoe")] == [500, 250, 120]


def test_an_answer_that_was_forgotten_makes_room(room, registry):
    question = admit(room, made("user:amina", byte_count=500))
    with pytest.raises(QuotaError):
        admit(room, made("user:amina"))
    with registry.write() as connection:
        questions.forget(connection, question.id)
    admit(room, made("user:amina", byte_count=500))


def test_what_nobody_works_on_any_more_takes_no_room(room):
    question = admit(room, made("user:amina", QuestionState.WAITING))
    room.take(question, 500, NOW_US, 0)
    with pytest.raises(QuotaError):
        admit(room, made("user:amina"))
    admit(room, made("user:amina"), now_us=NOW_US + 11 * US)


def test_who_has_nothing_is_told_that_the_server_is_full(registry):
    full = Room(registry, byte_count=15, part_bytes=10)
    with registry.write() as connection:
        questions.add(connection, made("user:ben"), NOW_US, END_US)
    with pytest.raises(BusyError):
        admit(full, made("user:amina"))


@pytest.mark.parametrize(
    ("state", "most"), [(QuestionState.WAITING, OPEN_EACH), (QuestionState.FINISHED, KEPT_EACH)]
)
def test_of_many_at_the_same_moment_no_more_than_the_share_get_in(registry, state, most):
    room, let_in, refused = Room(registry), [], []
    start = threading.Barrier(4)

    def ask():
        start.wait()
        for _ in range(most):
            try:
                let_in.append(admit(room, made("user:amina", state)))
            except QuotaError as error:
                refused.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(let_in), len(refused)) == (most, 3 * most)


def test_pages_that_are_being_kept_are_found_by_nobody_until_they_are_whole(room, registry):
    question = admit(room, made("user:amina"))

    def found():
        with registry.read() as connection:
            one = questions.find(connection, question.id, NOW_US, 0)
            return one, questions.of_principal(connection, "user:amina", NOW_US, 0)

    assert found() == (None, ())
    with registry.write() as connection:
        assert questions.finish(connection, replace(question, row_count=3, byte_count=7), END_US)
        assert not questions.finish(connection, made("user:amina"), END_US)
    with registry.read() as connection:
        assert questions.find(connection, question.id, NOW_US, 0).row_count == 3
