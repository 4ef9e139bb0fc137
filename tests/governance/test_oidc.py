"""Signing in with a provider: who is let in, what that makes them, and every answer that must not count."""

import base64
from dataclasses import replace

import pytest
from oidc_world import BACK, ISSUER, SETTINGS, Browser, Provider, refused

from ghala.errors import (
    DeniedError,
    NotFoundError,
    NotSignedInError,
    StorageError,
    TooManyAttemptsError,
    UsageError,
)
from ghala.governance.oidc import LIVES_S, MOST_UNDER_WAY
from ghala.governance.oidc_provider import ProviderClient
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import ADDRESS


def test_who_is_known_outside_is_let_in_with_the_teams_of_their_groups(people, browser, provider):
    one = browser.sign_in()
    assert (one.id, one.purpose, one.teams) == ("user:amina", "analytics", {"team:sales-team"})
    assert people.tags()[-4:] == ["user:linked", "team:changed", "team:changed", "session:begun"]
    # Groups are looked at each time, and teams that no group gives are left alone.
    people.identity.teams.add("crew", by=OWNER_LOCAL)
    people.identity.teams.join("crew", "amina", by=OWNER_LOCAL)
    provider.changes = {"groups": "HR"}
    assert browser.sign_in().teams == {"team:hr-team", "team:crew"}
    provider.changes = {"groups": None}
    assert browser.sign_in().teams == {"team:crew"}


def test_the_browser_is_sent_with_a_challenge_and_the_code_is_exchanged_with_its_verifier(
    browser, provider
):
    browser.sign_in()
    assert (browser.sent["code_challenge_method"], browser.sent["redirect_uri"]) == ("S256", BACK)
    assert browser.sent["scope"].split()[0] == "openid"
    url, form, headers = next(one for one in provider.asked if one[1])
    assert url == f"{ISSUER}/token"
    assert (form["code"], form["redirect_uri"]) == ("good", BACK)
    assert len(form["code_verifier"]) >= 43
    assert form["code_verifier"] not in str(browser.sent)
    assert "client_secret" not in form
    assert base64.b64decode(headers["Authorization"].split()[1]) == b"ghala:s3cret"


def test_somebody_is_known_by_issuer_and_subject_and_by_no_name(browser, provider):
    browser.sign_in()
    provider.changes = {"preferred_username": "zoe", "email": "boss@acme.example"}
    assert browser.sign_in().id == "user:amina"
    # Another person of the same name gets no account that is there.
    provider.changes = {"sub": "0008"}
    with pytest.raises(UsageError, match="already"):
        browser.finish(browser.begin())


def test_an_account_that_was_there_before_is_linked_by_its_user(people, browser):
    people.add("amina")
    with pytest.raises(UsageError, match="already"):
        browser.finish(browser.begin())
    mine = people.principal("amina")
    assert browser.sign_in(linking=mine).id == "user:amina"
    assert browser.sign_in().id == "user:amina"
    people.add("ben")
    with pytest.raises(UsageError, match="another user"):
        browser.finish(browser.begin(linking=people.principal("ben")))
    token = people.identity.tokens.issue(
        "amina", by=mine, scopes=["dataset:read"], purpose="analytics"
    )
    with pytest.raises(DeniedError):
        browser.begin(linking=people.identity.tokens.check(token.text))


def test_no_name_makes_anybody_an_approver(people, browser, provider):
    provider.changes = {"preferred_username": "Boss@acme.example"}
    with pytest.raises(UsageError, match="approves access"):
        browser.finish(browser.begin())
    assert "user:created" not in people.tags()
    people.add("boss")
    assert browser.sign_in(linking=people.principal("boss")).id == "user:boss"


def test_signing_in_there_ends_the_session_that_the_browser_had(people, browser):
    people.add("zoe")
    before = people.sign_in("zoe").cookie.value
    answer = browser.begin()
    browser.outside.finish(answer, browser.secret, address=ADDRESS, ending=before)
    with pytest.raises(NotSignedInError):
        people.identity.sessions.check(before)


def test_who_is_disabled_stays_out(people, browser):
    browser.sign_in()
    people.identity.accounts.disable("amina", by=OWNER_LOCAL)
    refused(browser, browser.begin(), "disabled")
    assert people.tags()[-1] == "sign_in:refused"


def test_a_state_is_good_once_and_not_for_long(people, browser):
    answer = browser.begin()
    browser.finish(answer)
    refused(browser, answer, "came before, or too late")
    late = browser.begin()
    people.clock.pass_s(LIVES_S)
    refused(browser, late, "came before, or too late")


def test_an_answer_is_for_the_browser_that_began(browser):
    theirs = browser.begin()
    attacker = browser.secret
    mine = browser.begin()
    refused(browser, theirs, "another browser")
    refused(browser, mine, "another browser", secret=attacker)
    refused(browser, {"code": "good"}, "another browser")
    with pytest.raises(NotSignedInError, match="another browser"):
        browser.outside.finish(theirs, "", address=ADDRESS)


def test_an_answer_to_what_never_began_leaves_no_trace(people, browser):
    answer = browser.begin()
    browser.finish(answer)
    before = people.tags()
    refused(browser, answer, "came before, or too late")
    refused(browser, {"state": "made-up", "code": "good"}, "another browser")
    assert people.tags() == before
    refused(browser, {**browser.begin(), "iss": "https://evil.example"}, "another provider")
    assert people.tags() == [*before, "sign_in:refused"]


def test_a_network_has_so_many_sign_ins_under_way(people, browser):
    for number in range(MOST_UNDER_WAY):
        browser.begin(address=f"2001:db8::{number:x}")
    with pytest.raises(TooManyAttemptsError, match="under way"):
        browser.begin(address="2001:db8::ffff")
    browser.finish(browser.begin(address="2001:db8:1::1"))
    people.clock.pass_s(LIVES_S)
    browser.begin(address="2001:db8::ffff")


def test_linking_ends_with_the_session_that_began_it(people, browser):
    people.add("amina")
    mine = people.principal("amina")
    answer = browser.begin(linking=mine)
    people.identity.sessions.end_all("amina", by=OWNER_LOCAL)
    # Another session of the same user is none in which it began.
    people.principal("amina")
    refused(browser, answer, "has ended")
    assert "user:linked" not in people.tags()
    with pytest.raises(DeniedError):
        browser.begin(linking=replace(mine, credential=None))


def test_unlinking_ends_the_sessions_that_began_at_the_provider_and_no_other(people, browser):
    people.add("amina")
    with_password = people.principal("amina")
    there = browser.sign_in(linking=with_password)
    unlink = people.identity.outside.unlink
    (linked,) = people.identity.outside.identities("amina", by=with_password)
    assert (linked.issuer, linked.subject) == (ISSUER, "0007")
    people.add("ben")
    with pytest.raises(DeniedError):
        unlink("amina", by=people.principal("ben"))
    with pytest.raises(NotFoundError, match="not linked to `https://other") as caught:
        unlink("amina", by=with_password, issuer="https://other.example")
    assert ISSUER in caught.value.hint
    assert unlink("amina", by=with_password) == 1
    assert people.tags()[-2:] == ["user:unlinked", "session:ended"]
    open_ones = people.identity.sessions.sessions("amina", by=with_password)
    credentials = {f"session:{one.id}" for one in open_ones}
    assert with_password.credential in credentials
    assert there.credential not in credentials
    # Whoever it is at the provider is a stranger again, to whom a name gives nothing.
    with pytest.raises(UsageError, match="already"):
        browser.finish(browser.begin())
    with pytest.raises(NotFoundError):
        unlink("amina", by=OWNER_LOCAL)


def test_nobody_locks_themselves_out_by_unlinking(people, browser):
    mine = browser.sign_in()
    with pytest.raises(UsageError, match="could not sign in any more"):
        people.identity.outside.unlink("amina", by=mine)
    assert people.identity.outside.unlink("amina", by=OWNER_LOCAL) == 1


def test_an_answer_of_another_provider_is_refused(browser, provider):
    refused(browser, {**browser.begin(), "iss": "https://evil.example"}, "another provider")
    assert not [form for _, form, _ in provider.asked if form], "the code went to nobody"
    provider.metadata["authorization_response_iss_parameter_supported"] = True
    refused(browser, browser.begin(), "another provider")
    browser.finish({**browser.begin(), "iss": ISSUER})


def test_an_answer_without_a_code_lets_nobody_in(browser):
    denied = {"state": browser.begin()["state"], "error": "access_denied"}
    refused(browser, denied, "did not let you in")


def test_the_same_subject_of_another_provider_is_somebody_else(people, browser, provider):
    assert browser.sign_in().id == "user:amina"
    elsewhere = "https://id.other.example"
    other = Provider(people.clock)
    other.metadata = {
        name: value.replace(ISSUER, elsewhere) for name, value in provider.metadata.items()
    }
    other.changes = {"iss": elsewhere, "preferred_username": "amina", "email": "amina@acme.example"}
    client = ProviderClient(replace(SETTINGS, issuer=elsewhere), other.fetch)
    there = Browser(replace(browser.outside, provider=client), other)
    with pytest.raises(UsageError, match="already"):
        there.finish(there.begin())
    other.changes["preferred_username"] = "mallory"
    assert there.sign_in().id == "user:mallory"


def test_a_provider_that_calls_itself_otherwise_is_not_asked(browser, provider):
    provider.metadata["issuer"] = "https://evil.example"
    with pytest.raises(StorageError, match="another name"):
        browser.begin()


@pytest.mark.parametrize(
    "url", ["http://id.acme.example.evil/t", "file:///etc/passwd", "", None, "//x"]
)
def test_a_provider_is_asked_over_https_alone(browser, provider, url):
    answer = browser.begin()
    provider.metadata["token_endpoint"] = url
    with pytest.raises(StorageError, match="token_endpoint"):
        browser.finish(answer)


@pytest.mark.parametrize(
    "path", ["https://evil.example", "//evil.example", "/\\evil", "x", "/a\nb"]
)
def test_nobody_is_sent_elsewhere_afterwards(browser, path):
    with pytest.raises(UsageError, match="return_to"):
        browser.begin(return_to=path)


def test_a_purpose_is_one_of_the_list(browser):
    with pytest.raises(UsageError, match="purpose"):
        browser.outside.begin("curiosity", address=ADDRESS)
