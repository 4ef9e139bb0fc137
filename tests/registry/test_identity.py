"""Who somebody is means the same in both databases."""

import threading

import pytest

from ghala.errors import NotSignedInError, TooManyAttemptsError, UsageError
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import audit, credentials
from ghala.registry.credentials import Attempts
from ghala.testing.people import ADDRESS, PASSWORD, START_US, People


@pytest.fixture
def people(registry):
    return People(registry)


def test_accounts_teams_roles_and_tokens_come_back_as_they_were_kept(people):
    accounts, teams = people.identity.accounts, people.identity.teams
    people.add("Amina", "ben")
    teams.add("Sales", by=OWNER_LOCAL)
    teams.join("sales", "amina", by=OWNER_LOCAL)
    people.identity.roles.assign("amina", "steward", by=OWNER_LOCAL)
    people.identity.roles.assign("amina", "auditor", by=OWNER_LOCAL)
    people.identity.roles.take("amina", "auditor", minutes=5, reason="größe", by=OWNER_LOCAL)
    accounts.add("service:loader", by=OWNER_LOCAL, owner="team:sales")
    loader, amina, ben = accounts.accounts(by=OWNER_LOCAL)
    assert (amina.id, amina.name, amina.teams) == ("user:amina", "Amina", ("team:sales",))
    assert (amina.eligible, [one.reason for one in amina.taken]) == (
        ("auditor", "steward"),
        ["größe"],
    )
    assert (loader.owner, loader.teams, ben.teams) == ("team:sales", (), ())
    assert int(amina.created_at.timestamp() * 1_000_000) == START_US
    issued = people.identity.tokens.issue(
        "amina", by=OWNER_LOCAL, scopes=["dataset:read"], purpose="analytics", label="é"
    )
    assert people.identity.tokens.tokens(by=OWNER_LOCAL) == (issued.token,)


def test_names_differ_by_more_than_case(people):
    people.add("amina")
    with pytest.raises(UsageError, match="already"):
        people.add("AMINA")


def test_sessions_begin_are_renewed_and_end(people):
    people.add("amina")
    before = people.sign_in().cookie.value
    after = people.identity.sessions.renew(before).cookie.value
    for secret in (before, after):
        assert people.identity.sessions.check(secret).principal.id == "user:amina"
    assert people.identity.sessions.end_all("amina", by=OWNER_LOCAL) == 1
    with pytest.raises(NotSignedInError):
        people.identity.sessions.check(after)


def test_an_invitation_is_used_once(people):
    text = people.identity.first.invite(by=OWNER_LOCAL).text
    people.identity.first.accept(text, "amina", PASSWORD)
    with pytest.raises(NotSignedInError):
        people.identity.first.accept(text, "ben", PASSWORD)
    with people.registry.read() as connection:
        assert audit.first_break(connection) is None


def test_attempts_are_replaced_and_forgotten(registry):
    with registry.write() as connection:
        credentials.set_attempts(connection, "a" * 64, Attempts(1, 10, 20))
        credentials.set_attempts(connection, "a" * 64, Attempts(2, 30, 40))
        credentials.set_attempts(connection, "b" * 64, Attempts(1, 5, 5))
        credentials.forget_old_attempts(connection, 30)
    with registry.read() as connection:
        assert credentials.find_attempts(connection, "a" * 64) == Attempts(2, 30, 40)
        assert credentials.find_attempts(connection, "b" * 64) is None


def test_of_many_guesses_at_the_same_moment_no_more_pass_than_of_guesses_in_turn(people):
    people.add("amina")
    answers = []

    def guess():
        try:
            people.identity.sign_in.sign_in("amina", "guess", purpose="analytics", address=ADDRESS)
        except NotSignedInError as error:
            answers.append(isinstance(error, TooManyAttemptsError))

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 6 + [True] * 10
