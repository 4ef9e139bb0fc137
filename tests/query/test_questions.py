"""Questions whose server went away, and keys whose first request broke off."""

import uuid

import pytest

from ghala.errors import ConflictError, NotFoundError, UsageError
from ghala.governance.repeats import KEPT_S, Claim, Repeats
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.question import KeptQuestion, QuestionState
from ghala.query.kept import KeptAnswers
from ghala.query.questions import LOST_S, Questions
from ghala.query.room import Room
from ghala.registry import questions
from ghala.registry.registry import open_registry
from ghala.registry.releases import as_time

AMINA = Principal("user:amina", PrincipalKind.USER, "analytics")
US = 1_000_000


@pytest.fixture
def registry(tmp_path):
    registry = open_registry(None, tmp_path)
    yield registry
    registry.close()


def added(registry, now_us, state=QuestionState.RUNNING):
    """Add a question of another server, which is good for a minute."""
    made = KeptQuestion(
        id=uuid.uuid4().hex,
        principal=AMINA.id,
        purpose=AMINA.purpose,
        environment="prod",
        statement_sha256="0" * 64,
        server="gone",
        state=state,
        made_at=as_time(now_us),
        until=as_time(now_us + 60 * US),
    )
    with registry.write() as connection:
        questions.add(connection, made, now_us, now_us + 60 * US)
    return made.id


def server(registry, tmp_path, now_us):
    room = Room(registry)
    return Questions(registry, None, KeptAnswers(tmp_path), None, room, now_us=lambda: now_us[0])


def test_a_question_on_which_nobody_works_shows_as_interrupted(registry, tmp_path):
    now_us = [1_000 * US]
    mine = server(registry, tmp_path, now_us)
    which = added(registry, now_us[0])
    assert mine.find(which, AMINA).state is QuestionState.RUNNING
    now_us[0] += int((LOST_S + 1) * US)
    assert mine.find(which, AMINA).state is QuestionState.INTERRUPTED
    with registry.write() as connection:
        questions.see(connection, "gone", now_us[0])
    assert mine.find(which, AMINA).state is QuestionState.RUNNING


def test_a_question_is_known_to_who_asked_it_for_its_purpose_until_its_time_is_over(
    registry, tmp_path
):
    now_us = [1_000 * US]
    mine = server(registry, tmp_path, now_us)
    which = added(registry, now_us[0])
    assert [one.id for one in mine.list(AMINA)] == [which]
    for other in ("user:ben", "analytics"), ("user:amina", "fraud"):
        principal = Principal(other[0], PrincipalKind.USER, other[1])
        with pytest.raises(NotFoundError):
            mine.find(which, principal)
        assert mine.list(principal) == () or other[0] == "user:amina"
    now_us[0] += 61 * US
    with pytest.raises(NotFoundError):
        mine.find(which, AMINA)


def test_a_question_that_was_forgotten_has_no_answer(registry):
    which = added(registry, 1_000 * US)
    with registry.write() as connection:
        questions.forget(connection, which)
        assert not questions.fail(connection, which, QuestionState.FAILED, None)
        assert not questions.begin(connection, which, 1_000 * US)


def test_a_request_that_broke_off_is_not_done_again(registry):
    now_us = [1_000 * US]
    repeats = Repeats(registry, now_us=lambda: now_us[0])
    claim = repeats.claim(AMINA, "key", b"change")
    assert isinstance(claim, Claim)
    with pytest.raises(ConflictError):
        repeats.claim(AMINA, "key", b"change")
    with pytest.raises(UsageError):
        repeats.claim(AMINA, "key", b"another change")
    claim.answer(201, "application/json", b"{}")
    assert repeats.claim(AMINA, "key", b"change").body == b"{}"
    claim.answer(201, "application/json", None)
    with pytest.raises(ConflictError):
        repeats.claim(AMINA, "key", b"change")
    now_us[0] += (KEPT_S + 1) * US
    assert isinstance(repeats.claim(AMINA, "key", b"another change"), Claim)
