import pytest

from ghala.errors import ConflictError, DeniedError, NotFoundError, NotSignedInError
from ghala.model.principal import OWNER_LOCAL, Role
from ghala.testing.people import ADDRESS


def check(people, secret):
    return people.identity.sessions.check(secret)


def gone(people, secret):
    with pytest.raises(NotSignedInError, match="session has ended"):
        check(people, secret)


def elevate(people, name="amina"):
    people.identity.roles.assign(name, "steward", by=OWNER_LOCAL)
    people.identity.roles.take(name, "steward", minutes=30, reason="request 17", by=OWNER_LOCAL)


def test_a_cookie_is_as_strict_as_browsers_can_be_told(amina):
    begun = amina.sign_in()
    cookie = begun.cookie
    assert (cookie.name, cookie.path, cookie.same_site) == ("__Host-ghala", "/", "Lax")
    assert (cookie.is_secure, cookie.is_http_only) == (True, True)
    assert cookie.max_age_s == 12 * 3600
    assert len(cookie.value) == 43
    assert amina.sign_in().cookie.value != cookie.value


def test_a_session_says_who_asks_and_for_what(amina):
    amina.identity.teams.add("sales", by=OWNER_LOCAL)
    amina.identity.teams.join("sales", "amina", by=OWNER_LOCAL)
    checked = check(amina, amina.sign_in().cookie.value)
    assert checked.principal.id == "user:amina"
    assert checked.principal.purpose == "analytics"
    assert checked.principal.teams == {"team:sales"}
    assert checked.principal.scopes is None
    assert checked.session.address == ADDRESS
    assert not checked.is_stale


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "\ud800", "'; DROP TABLE sessions; --"])
def test_what_is_no_secret_opens_nothing(amina, secret):
    amina.sign_in()
    gone(amina, secret)


def test_a_session_ends_when_it_is_idle(amina):
    secret = amina.sign_in().cookie.value
    for _ in range(3):
        amina.clock.pass_s(3599)
        check(amina, secret)
    amina.clock.pass_s(3600)
    gone(amina, secret)
    assert amina.identity.sessions.sessions("amina", by=OWNER_LOCAL) == ()


def test_a_session_ends_at_last_however_busy_it_is(amina):
    secret = amina.sign_in().cookie.value
    for _ in range(24):
        check(amina, secret)
        amina.clock.pass_s(1800)
    gone(amina, secret)


def test_a_use_is_written_at_most_once_a_minute(amina):
    secret = amina.sign_in().cookie.value
    begun = check(amina, secret).session.used_at
    amina.clock.pass_s(59)
    check(amina, secret)
    assert check(amina, secret).session.used_at == begun
    amina.clock.pass_s(1)
    check(amina, secret)
    assert check(amina, secret).session.used_at > begun


def test_renewing_changes_the_secret_and_spares_requests_on_their_way(amina):
    before = amina.sign_in()
    after = amina.identity.sessions.renew(before.cookie.value)
    assert after.cookie.value != before.cookie.value
    assert after.csrf != before.csrf
    assert after.session.id == before.session.id
    check(amina, before.cookie.value)
    amina.clock.pass_s(29)
    check(amina, before.cookie.value)
    amina.clock.pass_s(1)
    gone(amina, before.cookie.value)
    check(amina, after.cookie.value)


def test_the_secret_before_the_last_is_worth_nothing(amina):
    first = amina.sign_in().cookie.value
    second = amina.identity.sessions.renew(first).cookie.value
    amina.identity.sessions.renew(second)
    gone(amina, first)


def test_of_two_requests_that_renew_one_wins(amina):
    secret = amina.sign_in().cookie.value
    amina.identity.sessions.renew(secret)
    with pytest.raises(ConflictError):
        amina.identity.sessions.renew(secret)


def test_a_role_counts_from_the_renewal_on_and_never_with_an_old_secret(amina):
    before = amina.sign_in().cookie.value
    amina.clock.pass_s(10)
    elevate(amina)
    stale = check(amina, before)
    assert (stale.principal.roles, stale.is_stale) == (frozenset(), True)
    after = amina.identity.sessions.renew(before).cookie.value
    checked = check(amina, after)
    assert (checked.principal.roles, checked.is_stale) == ({Role.STEWARD}, False)
    assert check(amina, before).principal.roles == frozenset()


def test_a_role_ends_by_itself(amina):
    elevate(amina)
    secret = amina.sign_in().cookie.value
    assert check(amina, secret).principal.roles == {Role.STEWARD}
    amina.clock.pass_s(30 * 60)
    assert check(amina, secret).principal.roles == frozenset()


def test_a_csrf_value_fits_its_own_session_only(amina):
    one, other = amina.sign_in(), amina.sign_in()
    fits = amina.identity.sessions.csrf_fits
    assert fits(one.cookie.value, one.csrf)
    for wrong in (other.csrf, "", one.csrf[:-1], one.cookie.value, "é", "\ud800"):
        assert not fits(one.cookie.value, wrong)


def test_signing_out_ends_one_session(amina):
    one, other = amina.sign_in(), amina.sign_in()
    amina.identity.sessions.end(one.cookie.value)
    gone(amina, one.cookie.value)
    check(amina, other.cookie.value)
    amina.identity.sessions.end(one.cookie.value)
    amina.identity.sessions.end("nothing")
    assert amina.tags().count("session:ended") == 1


def test_a_user_sees_and_ends_the_own_sessions(amina):
    secrets = [amina.sign_in().cookie.value for _ in range(3)]
    by = check(amina, secrets[0]).principal
    sessions = amina.identity.sessions.sessions("amina", by=by)
    assert len(sessions) == 3
    mine = check(amina, secrets[0]).session.id
    other = next(one.id for one in sessions if one.id != mine)
    amina.identity.sessions.end_one(other, by=by, of="amina")
    assert len(amina.identity.sessions.sessions("amina", by=by)) == 2
    with pytest.raises(NotFoundError):
        amina.identity.sessions.end_one(other, by=by, of="amina")
    assert amina.identity.sessions.end_all("amina", by=by) == 2
    for secret in secrets:
        gone(amina, secret)


def test_one_user_does_not_end_anothers_session_even_by_its_id(amina):
    amina.add("ben")
    theirs = amina.sign_in()
    ben = amina.principal("ben")
    with pytest.raises(DeniedError):
        amina.identity.sessions.end_one(theirs.session.id, by=ben, of="amina")
    with pytest.raises(NotFoundError):
        amina.identity.sessions.end_one(theirs.session.id, by=ben, of="ben")
    check(amina, theirs.cookie.value)
