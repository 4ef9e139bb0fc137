"""Tokens that decide, administer or carry a role: put in by their user, for hours, and over when the role is."""

import pytest

from ghala.errors import DeniedError, NotSignedInError, UsageError
from ghala.governance.metering import require_metrics
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, Role
from ghala.model.token import POWERS, SCOPES
from ghala.testing.people import ANOTHER, PASSWORD

ADMINISTERS = {"scopes": ["user:manage"], "roles": ["administrator"]}


def issue(people, name="amina", **options):
    given = {"by": OWNER_LOCAL, "scopes": ["dataset:read"], "purpose": "analytics", **options}
    return people.identity.tokens.issue(name, **given)


def asks(people, **options):
    """Return who asks with a new token of an administrator, the token itself, and the administrator's session."""
    boss = people.administrator()
    issued = issue(people, "boss", by=boss, **options)
    return people.identity.tokens.check(issued.text), issued, boss


def test_without_the_scope_no_token_decides_or_administers(amina):
    everything_else = [scope for scope in SCOPES if scope not in POWERS]
    by, _, _ = asks(amina, scopes=everything_else, roles=["administrator"])
    assert by.roles == {Role.ADMINISTRATOR}
    identity = amina.identity
    for attempt in (
        lambda: identity.accounts.accounts(by=by),
        lambda: identity.accounts.account("boss", by=by),
        lambda: identity.teams.add("crew", by=by),
        lambda: identity.sessions.sessions("boss", by=by),
        lambda: identity.tokens.tokens(by=by, of="boss"),
        lambda: identity.roles.take("boss", "administrator", minutes=5, reason="more", by=by),
        lambda: identity.roles.end("boss", "administrator", by=by),
        lambda: issue(amina, "boss", by=by),
    ):
        with pytest.raises(DeniedError):
            attempt()
    with pytest.raises(UsageError):
        identity.sign_in.change_password(by, PASSWORD, ANOTHER, address="192.0.2.7")


def test_a_token_administers_with_the_scope_and_the_role(amina):
    by, issued, _ = asks(amina, **ADMINISTERS)
    assert (issued.token.scopes, issued.token.roles) == (("user:manage",), ("administrator",))
    amina.identity.accounts.add("cleo", by=by)
    assert amina.tags()[-1] == "user:created"
    with amina.registry.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT detail FROM audit WHERE tag IN ('token:issued', 'user:created') ORDER BY number"
        )
        details = [str(detail) for detail in rows.scalars()]
    assert f"token:{issued.token.id}" in details[-1]
    assert '"roles"' in details[-2]
    # The scope alone is nothing, and teams are another one.
    with pytest.raises(DeniedError, match="with a token"):
        amina.identity.teams.add("crew", by=by)


@pytest.mark.parametrize("scope", ["notification:manage", "team:manage", "user:manage"])
def test_what_administers_names_its_role(amina, scope):
    with pytest.raises(UsageError, match="takes the role"):
        issue(amina, scopes=[scope])
    with pytest.raises(UsageError, match="takes the role"):
        issue(amina, scopes=[scope], roles=["auditor"])


def test_a_role_is_put_in_by_a_session_in_which_it_is_in_force(amina):
    amina.add("boss")
    amina.identity.roles.assign("boss", "administrator", by=OWNER_LOCAL)
    early = amina.principal("boss")
    amina.identity.roles.take("boss", "administrator", minutes=5, reason="test", by=early)
    # The session is from before; so is nobody's who has not taken it.
    for by in (early, OWNER_LOCAL):
        with pytest.raises(DeniedError, match="may not put the role"):
            issue(amina, "boss" if by is early else "amina", by=by, **ADMINISTERS)
    issue(amina, "boss", by=amina.principal("boss"), **ADMINISTERS)


@pytest.mark.parametrize("ends", ["end", "withdraw", "disable", "time", "again"])
def test_a_token_with_a_role_ends_with_it(amina, ends):
    by, issued, boss = asks(amina, **ADMINISTERS)
    identity = amina.identity
    if ends == "end":
        identity.roles.end("boss", "administrator", by=boss)
    elif ends == "withdraw":
        identity.roles.withdraw("boss", "administrator", by=OWNER_LOCAL)
    elif ends == "disable":
        identity.accounts.disable("boss", by=OWNER_LOCAL)
    elif ends == "time":
        amina.clock.pass_s(3600)
    else:
        amina.clock.pass_s(1)
        identity.roles.take("boss", "administrator", minutes=60, reason="again", by=boss)
    with pytest.raises(NotSignedInError):
        identity.tokens.check(issued.text)
    if ends != "again":
        with pytest.raises(DeniedError):
            identity.accounts.accounts(by=by)


def test_it_lives_an_hour_eight_at_most_and_no_longer_than_the_role(amina):
    boss = amina.administrator()

    def lives_s(**options):
        token = issue(amina, "boss", by=boss, **options).token
        return (token.until - token.issued_at).total_seconds()

    assert lives_s(scopes=["agreement:decide"]) == 3600
    assert lives_s(scopes=["agreement:decide"], minutes=480) == 480 * 60
    assert lives_s(minutes=480, **ADMINISTERS) == 3600
    assert lives_s(scopes=["audit:read"], roles=["administrator"], minutes=5) == 300
    assert lives_s(minutes=5) == 300
    for options in ({"minutes": 481}, {"days": 1}, {"minutes": 0}):
        with pytest.raises(UsageError):
            lives_s(scopes=["agreement:decide"], **options)
    with pytest.raises(UsageError):
        lives_s(minutes=5, days=1)


@pytest.mark.parametrize("name", ["service:loader", "agent:helper"])
def test_powers_and_roles_are_for_users(amina, name):
    amina.identity.accounts.add(name, by=OWNER_LOCAL, owner="amina")
    for options in ({"scopes": ["agreement:decide"]}, {"roles": ["auditor"]}):
        with pytest.raises(UsageError, match="for tokens of users"):
            issue(amina, name, **options)


def test_a_token_gives_away_what_it_has_and_no_longer_than_it_lives(amina):
    amina.identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="amina")
    own = issue(amina, scopes=["token:manage", "dataset:read"], by=amina.principal(), minutes=30)
    by = amina.identity.tokens.check(own.text)
    for name in ("amina", "service:loader"):
        given = issue(amina, name, by=by)
        assert given.token.until == own.token.until
        for more in (["dataset:discover"], ["token:manage"], ["dataset:read", "agreement:decide"]):
            with pytest.raises(DeniedError):
                issue(amina, name, by=by, scopes=more)
    assert amina.identity.tokens.tokens(by=by, of="amina")
    amina.identity.tokens.revoke(own.token.id, by=by)
    with pytest.raises(NotSignedInError):
        amina.identity.tokens.check(own.text)


def test_a_token_takes_a_role_for_its_user_and_gains_nothing(amina):
    amina.identity.roles.assign("amina", "administrator", by=OWNER_LOCAL)
    scopes = ["role:take", "token:manage", "account:manage"]
    own = issue(amina, scopes=scopes, by=amina.principal())
    by = amina.identity.tokens.check(own.text)
    amina.identity.roles.take("amina", "administrator", minutes=30, reason="import", by=by)
    again = amina.identity.tokens.check(own.text)
    assert again.roles == frozenset()
    for attempt in (
        lambda: amina.identity.accounts.accounts(by=again),
        lambda: issue(amina, by=again, **ADMINISTERS),
    ):
        with pytest.raises(DeniedError):
            attempt()
    assert amina.identity.accounts.account("amina", by=again).taken
    assert amina.identity.roles.end("amina", "administrator", by=again)
    amina.identity.sign_in.change_password(again, PASSWORD, ANOTHER, address="192.0.2.7")


def test_a_carried_role_counts_for_what_its_scopes_allow(amina):
    by, _, _ = asks(amina, scopes=["metrics:read"], roles=["administrator"])
    require_metrics(by)
    other = amina.identity.tokens.check(
        issue(amina, "boss", scopes=["dataset:read"], roles=["administrator"]).text
    )
    with pytest.raises(DeniedError):
        require_metrics(other)
    assert Action.METRICS_READ not in (other.scopes or ())
