import pytest

from ghala.errors import DeniedError, NotFoundError, NotSignedInError, UsageError
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.registry import audit
from ghala.testing.people import ANOTHER, PASSWORD


def test_a_name_keeps_its_case_and_is_taken_in_any(people):
    added = people.identity.accounts.add("Amina", by=OWNER_LOCAL)
    assert (added.id, added.name) == ("user:amina", "Amina")
    for name in ("amina", "AMINA", "user:aMina"):
        with pytest.raises(UsageError, match="already"):
            people.identity.accounts.add(name, by=OWNER_LOCAL)
    assert people.identity.accounts.account("AMINA", by=OWNER_LOCAL).id == "user:amina"


def test_the_same_name_may_be_a_user_a_service_and_a_team(people):
    people.add("loader")
    people.identity.teams.add("loader", by=OWNER_LOCAL)
    people.identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="team:loader")
    ids = [account.id for account in people.identity.accounts.accounts(by=OWNER_LOCAL)]
    assert ids == ["service:loader", "user:loader"]


@pytest.mark.parametrize(
    "name",
    ["", "team:sales", "a b", "9lives", "Root", "amina.", "owner:local", "team:x:y", "ä", "x" * 64, "a\n", "product:a"],
)  # fmt: skip
def test_names_that_cannot_be_are_refused(people, name):
    with pytest.raises(UsageError):
        people.identity.accounts.add(name, by=OWNER_LOCAL)


def test_somebody_answers_for_every_service_and_agent(people):
    people.add("amina")
    accounts = people.identity.accounts
    for name, owner in [
        ("service:loader", None),
        ("agent:helper", None),
        ("service:loader", "service:other"),
        ("user:ben", "amina"),
    ]:
        with pytest.raises(UsageError):
            accounts.add(name, by=OWNER_LOCAL, owner=owner)
    with pytest.raises(NotFoundError):
        accounts.add("agent:helper", by=OWNER_LOCAL, owner="nobody.here")
    people.identity.teams.add("sales", by=OWNER_LOCAL)
    with pytest.raises(UsageError):
        accounts.add("agent:helper", by=OWNER_LOCAL, owner="team:sales")
    assert accounts.add("agent:helper", by=OWNER_LOCAL, owner="AMINA").owner == "user:amina"
    assert accounts.add("service:loader", by=OWNER_LOCAL, owner="team:Sales").owner == "team:sales"


def test_only_users_have_passwords(people):
    people.add("amina")
    for name in ("service:loader", "agent:helper"):
        with pytest.raises(UsageError, match="only users"):
            people.identity.accounts.add(name, by=OWNER_LOCAL, owner="amina", password=PASSWORD)


def test_a_weak_password_adds_nobody(people):
    with pytest.raises(UsageError, match="good enough"):
        people.identity.accounts.add("amina", by=OWNER_LOCAL, password=PASSWORD[:11])
    assert people.identity.accounts.accounts(by=OWNER_LOCAL) == ()
    assert people.tags() == []


def test_who_is_disabled_is_out_at_once(amina):
    session = amina.sign_in()
    token = amina.identity.tokens.issue(
        "amina", by=OWNER_LOCAL, scopes=["dataset:read"], purpose="analytics"
    )
    amina.identity.accounts.disable("amina", by=OWNER_LOCAL)
    for attempt in (
        lambda: amina.identity.sessions.check(session.cookie.value),
        lambda: amina.identity.tokens.check(token.text),
        amina.sign_in,
    ):
        with pytest.raises(NotSignedInError):
            attempt()
    enabled = amina.identity.accounts.enable("amina", by=OWNER_LOCAL)
    assert enabled.is_enabled
    assert amina.identity.tokens.check(token.text).id == "user:amina"
    with pytest.raises(NotSignedInError):
        amina.identity.sessions.check(session.cookie.value)
    assert amina.tags() == [
        "user:created", "session:begun", "token:issued", "user:disabled", "session:ended", "sign_in:refused",
        "user:enabled",
    ]  # fmt: skip


def test_disabling_twice_is_recorded_once(amina):
    for _ in range(2):
        assert not amina.identity.accounts.disable("amina", by=OWNER_LOCAL).is_enabled
    assert amina.tags().count("user:disabled") == 1


def test_a_password_that_an_administrator_sets_ends_the_users_sessions(amina):
    administrator = amina.administrator()
    session = amina.sign_in()
    amina.identity.accounts.set_password("amina", ANOTHER, by=administrator)
    with pytest.raises(NotSignedInError):
        amina.identity.sessions.check(session.cookie.value)
    with pytest.raises(NotSignedInError):
        amina.sign_in()
    assert amina.sign_in(password=ANOTHER).session.principal == "user:amina"


def changes(people, by):
    identity = people.identity
    return [
        lambda: identity.accounts.add("eve", by=by),
        lambda: identity.accounts.accounts(by=by),
        lambda: identity.accounts.account("ben", by=by),
        lambda: identity.accounts.disable("ben", by=by),
        lambda: identity.accounts.enable("ben", by=by),
        lambda: identity.accounts.set_password("ben", PASSWORD, by=by),
        lambda: identity.accounts.disable("not.there", by=by),
        lambda: identity.teams.add("sales", by=by),
        lambda: identity.teams.remove("sales", by=by),
        lambda: identity.teams.join("sales", "ben", by=by),
        lambda: identity.teams.leave("sales", "ben", by=by),
        lambda: identity.teams.teams(by=by),
        lambda: identity.roles.assign("amina", "administrator", by=by),
        lambda: identity.roles.withdraw("ben", "administrator", by=by),
        lambda: identity.roles.take("ben", "administrator", minutes=5, reason="x", by=by),
        lambda: identity.roles.end("ben", "administrator", by=by),
        lambda: identity.tokens.tokens(by=by),
        lambda: identity.tokens.tokens(by=by, of="ben"),
        lambda: identity.tokens.revoke("0" * 12, by=by),
        lambda: identity.sessions.sessions("ben", by=by),
        lambda: identity.sessions.end_all("ben", by=by),
        lambda: identity.sessions.end_one("x", by=by, of="ben"),
        lambda: identity.first.invite(by=by),
    ]


@pytest.mark.parametrize(
    "by",
    [
        Principal("user:amina", PrincipalKind.USER, "analytics"),
        Principal("user:amina", PrincipalKind.USER, "analytics", roles=frozenset({"administrator"})),
        Principal("service:loader", PrincipalKind.SERVICE, "analytics"),
        Principal("product:sales/orders", PrincipalKind.PRODUCT, "analytics"),
    ],
)  # fmt: skip
def test_who_is_no_administrator_changes_nothing_and_learns_nothing(people, by):
    people.add("amina", "ben")
    before = people.tags()
    for change in changes(people, by):
        with pytest.raises(DeniedError):
            change()
    assert people.tags() == before


def test_a_token_never_administers_whoever_it_belongs_to(people):
    people.administrator("boss")
    people.add("ben")
    token = people.identity.tokens.issue(
        "boss", by=OWNER_LOCAL, scopes=["dataset:read"], purpose="administration"
    )
    by = people.identity.tokens.check(token.text)
    assert by.roles == frozenset()
    for change in changes(people, by):
        with pytest.raises(DeniedError):
            change()


def test_the_chain_holds_after_all_of_it(amina):
    administrator = amina.administrator()
    amina.identity.teams.add("sales", by=administrator)
    amina.identity.teams.join("sales", "amina", by=administrator)
    amina.identity.accounts.disable("amina", by=administrator)
    with amina.registry.read() as connection:
        assert audit.first_break(connection) is None
