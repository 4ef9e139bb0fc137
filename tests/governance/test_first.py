import pytest

from ghala.errors import NotSignedInError, UsageError
from ghala.model.principal import OWNER_LOCAL, Role
from ghala.testing.people import PASSWORD


def invite(people):
    return people.identity.first.invite(by=OWNER_LOCAL).text


def refused(people, text, name="amina"):
    with pytest.raises(NotSignedInError, match="does not hold"):
        people.identity.first.accept(text, name, PASSWORD)


def test_an_invitation_makes_the_first_administrator_once(people):
    assert people.identity.first.is_missing()
    text = invite(people)
    account = people.identity.first.accept(text, "Amina", PASSWORD)
    assert (account.id, account.eligible) == ("user:amina", (Role.ADMINISTRATOR,))
    # Administration is taken, also by the first one.
    assert account.taken == ()
    assert not people.identity.first.is_missing()
    refused(people, text, "ben")
    with pytest.raises(UsageError, match="already"):
        invite(people)
    assert people.sign_in().session.principal == "user:amina"
    assert people.tags()[:3] == ["invitation:made", "user:created", "role:assigned"]


def test_an_invitation_lives_half_an_hour(people):
    text = invite(people)
    people.clock.pass_s(1800)
    refused(people, text)


def test_only_the_newest_invitation_holds(people):
    before, after = invite(people), invite(people)
    refused(people, before)
    people.identity.first.accept(after, "amina", PASSWORD)


@pytest.mark.parametrize("text", ["", "ghala_first_", "\ud800"])
def test_what_was_not_made_does_not_hold(people, text):
    refused(people, text)
    invite(people)
    refused(people, text)


def test_a_weak_password_or_a_taken_name_does_not_use_it_up(people):
    people.add("ben")
    text = invite(people)
    for name, password in (("amina", "short"), ("ben", PASSWORD), ("root", PASSWORD)):
        with pytest.raises(UsageError):
            people.identity.first.accept(text, name, password)
    people.identity.first.accept(text, "amina", PASSWORD)


def test_an_administrator_who_was_made_meanwhile_ends_it(people):
    text = invite(people)
    people.administrator()
    refused(people, text)


def test_a_workspace_whose_only_administrator_is_disabled_can_have_another(people):
    people.identity.first.accept(invite(people), "amina", PASSWORD)
    people.identity.accounts.disable("amina", by=OWNER_LOCAL)
    assert people.identity.first.accept(invite(people), "ben", PASSWORD).id == "user:ben"
