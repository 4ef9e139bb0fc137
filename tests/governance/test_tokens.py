import pytest

from ghala.errors import DeniedError, NotFoundError, NotSignedInError, UsageError
from ghala.governance.metering import require_metrics
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, PrincipalKind
from ghala.model.token import TokenText, is_entrusted


def issue(people, name="amina", **options):
    given = {"by": OWNER_LOCAL, "scopes": ["dataset:read"], "purpose": "analytics", **options}
    return people.identity.tokens.issue(name, **given)


def test_a_token_says_who_asks_for_what_and_what_it_allows(amina):
    issued = issue(amina, scopes=["product:run", "dataset:read", "dataset:read"], label="notebook")
    principal = amina.identity.tokens.check(issued.text)
    assert (principal.id, principal.kind) == ("user:amina", PrincipalKind.USER)
    assert principal.purpose == "analytics"
    assert principal.scopes == {"dataset:read", "product:run"}
    assert principal.roles == frozenset()
    assert issued.token.scopes == ("dataset:read", "product:run")
    assert amina.tags()[-1] == "token:issued"


def test_an_agent_acts_on_behalf_of_its_user(amina):
    amina.identity.teams.add("sales", by=OWNER_LOCAL)
    amina.identity.teams.join("sales", "amina", by=OWNER_LOCAL)
    amina.identity.accounts.add("agent:helper", by=OWNER_LOCAL, owner="amina")
    issued = issue(amina, "agent:helper")
    principal = amina.identity.tokens.check(issued.text)
    assert (principal.id, principal.on_behalf_of) == ("agent:helper", "user:amina")
    assert principal.teams == {"team:sales"}
    amina.identity.accounts.disable("amina", by=OWNER_LOCAL)
    with pytest.raises(NotSignedInError, match="disabled"):
        amina.identity.tokens.check(issued.text)


def test_a_token_expires(amina):
    text = issue(amina, days=1).text
    amina.clock.pass_s(86_399)
    amina.identity.tokens.check(text)
    amina.clock.pass_s(1)
    with pytest.raises(NotSignedInError, match="expired"):
        amina.identity.tokens.check(text)


def test_a_token_lives_ninety_days_unless_told(amina):
    token = issue(amina).token
    assert (token.until - token.issued_at).days == 90


def test_a_revoked_token_opens_nothing(amina):
    kept, lost = issue(amina), issue(amina)
    for _ in range(2):
        revoked = amina.identity.tokens.revoke(lost.token.id, by=OWNER_LOCAL)
        assert revoked.revoked_at is not None
    with pytest.raises(NotSignedInError, match="revoked"):
        amina.identity.tokens.check(lost.text)
    amina.identity.tokens.check(kept.text)
    assert amina.tags().count("token:revoked") == 1


def test_a_token_that_was_found_is_revoked_by_its_text(amina):
    issued = issue(amina)
    assert amina.identity.tokens.revoke(issued.text, by=OWNER_LOCAL).id == issued.token.id


def test_the_right_id_with_another_secret_opens_nothing(amina):
    issued = issue(amina)
    forged = TokenText(issued.token.id, "0" * 43).written()
    unknown = TokenText("0" * 12, TokenText.parse(issued.text).secret).written()
    for text in (forged, unknown):
        with pytest.raises(NotSignedInError, match="not known"):
            amina.identity.tokens.check(text)


@pytest.mark.parametrize("text", ["", "ghala_", "Bearer x", "\ud800", "ghala_" + "0" * 62])
def test_what_is_no_token_is_told_without_repeating_it(amina, text):
    with pytest.raises(NotSignedInError) as caught:
        amina.identity.tokens.check(text)
    assert caught.value.__cause__ is None
    assert not text or text not in str(caught.value)


def test_a_use_is_written_at_most_once_a_minute(amina):
    text = issue(amina).text

    def used():
        (token,) = amina.identity.tokens.tokens(by=OWNER_LOCAL, of="amina")
        return token.used_at

    assert used() is None
    amina.identity.tokens.check(text)
    first = used()
    amina.clock.pass_s(59)
    amina.identity.tokens.check(text)
    assert used() == first
    amina.clock.pass_s(1)
    amina.identity.tokens.check(text)
    assert (used() - first).total_seconds() == 60


@pytest.mark.parametrize(
    "options",
    [{"scopes": []}, {"scopes": ["dataset:*"]}, {"scopes": ["user:manage"]}, {"scopes": ["dataset:read", "x"]},
     {"purpose": "curiosity"}, {"days": 0}, {"days": 366}, {"label": "a\nb"}, {"label": "x" * 201}],
)  # fmt: skip
def test_what_a_token_cannot_be_is_refused(amina, options):
    with pytest.raises(UsageError):
        issue(amina, **options)
    assert amina.identity.tokens.tokens(by=OWNER_LOCAL) == ()


def test_nobody_issues_a_token_of_another_user_not_even_an_administrator(amina):
    administrator = amina.administrator()
    with pytest.raises(DeniedError):
        issue(amina, by=administrator)
    with pytest.raises(DeniedError):
        issue(amina, "not.there", by=administrator)
    assert issue(amina, by=amina.principal()).token.issued_by == "user:amina"


def test_a_token_never_issues_another(amina):
    amina.identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="amina")
    by = amina.identity.tokens.check(issue(amina).text)
    for name in ("amina", "service:loader"):
        with pytest.raises(DeniedError):
            issue(amina, name, by=by)


def test_who_answers_for_a_service_issues_its_tokens(amina):
    amina.add("ben", "cleo")
    amina.identity.teams.add("sales", by=OWNER_LOCAL)
    amina.identity.teams.join("sales", "ben", by=OWNER_LOCAL)
    amina.identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="team:sales")
    amina.identity.accounts.add("agent:helper", by=OWNER_LOCAL, owner="amina")
    issue(amina, "service:loader", by=amina.principal("ben"))
    issue(amina, "agent:helper", by=amina.principal("amina"))
    issue(amina, "service:loader", by=amina.administrator())
    for name in ("service:loader", "agent:helper", "service:not.there"):
        with pytest.raises(DeniedError):
            issue(amina, name, by=amina.principal("cleo"))


def test_a_disabled_account_gets_no_token(amina):
    amina.identity.accounts.disable("amina", by=OWNER_LOCAL)
    with pytest.raises(UsageError, match="disabled"):
        issue(amina)


def test_users_see_and_revoke_their_own_tokens_only(amina):
    amina.add("ben")
    theirs, ben = issue(amina), amina.principal("ben")
    issue(amina, "ben")
    assert [token.principal for token in amina.identity.tokens.tokens(by=ben, of="ben")] == [
        "user:ben"
    ]
    for attempt in (
        lambda: amina.identity.tokens.tokens(by=ben, of="amina"),
        lambda: amina.identity.tokens.tokens(by=ben),
        lambda: amina.identity.tokens.revoke(theirs.token.id, by=ben),
        lambda: amina.identity.tokens.revoke("0" * 12, by=ben),
    ):
        with pytest.raises(DeniedError):
            attempt()
    amina.identity.tokens.revoke(theirs.token.id, by=amina.principal("amina"))
    with pytest.raises(NotFoundError):
        amina.identity.tokens.revoke("0" * 12, by=OWNER_LOCAL)


def test_what_takes_a_role_is_given_to_a_service_by_whoever_has_such_a_role(amina):
    amina.add("ben")
    amina.identity.accounts.add("service:siem", by=OWNER_LOCAL, owner="ben")
    with pytest.raises(DeniedError, match="audit:read"):
        issue(amina, "service:siem", scopes=["audit:read"], by=amina.principal("ben"))
    issue(amina, "service:siem", by=amina.principal("ben"))
    given = issue(amina, "service:siem", scopes=["audit:read"], by=amina.administrator())
    siem = amina.identity.tokens.check(given.text)
    assert is_entrusted(siem, Action.AUDIT_READ)
    assert not is_entrusted(siem, Action.METRICS_READ)


def test_the_same_scope_only_narrows_what_a_user_may(amina):
    own = amina.identity.tokens.check(issue(amina, scopes=["audit:read", "metrics:read"]).text)
    assert not is_entrusted(own, Action.AUDIT_READ)
    with pytest.raises(DeniedError):
        require_metrics(own)


def test_a_token_is_remembered_until_something_moves(amina):
    tokens = amina.identity.tokens
    lost, kept = issue(amina), issue(amina)
    assert tokens.remembered(kept.text) is None
    principal = tokens.check(kept.text)
    tokens.check(lost.text)
    assert tokens.remembered(kept.text) == principal
    tokens.revoke(lost.token.id, by=OWNER_LOCAL)
    assert tokens.remembered(lost.text) is None
    assert tokens.remembered(kept.text) is None
    tokens.check(kept.text)
    assert tokens.remembered(kept.text) == principal
    amina.identity.accounts.disable("amina", by=OWNER_LOCAL)
    assert tokens.remembered(kept.text) is None


def test_a_token_is_remembered_no_longer_than_it_lives_and_its_use_is_noted(amina):
    tokens = amina.identity.tokens
    issued = issue(amina, days=1)
    tokens.check(issued.text)
    # What is to be written is the business of `check`.
    amina.clock.pass_s(60)
    assert tokens.remembered(issued.text) is None
    amina.clock.pass_s(86_340 - 1)
    tokens.check(issued.text)
    assert tokens.remembered(issued.text) is not None
    amina.clock.pass_s(1)
    assert tokens.remembered(issued.text) is None


def test_what_is_no_token_or_has_another_secret_is_not_remembered(amina):
    tokens = amina.identity.tokens
    issued = issue(amina)
    tokens.check(issued.text)
    assert tokens.remembered("ghala_") is None
    assert tokens.remembered(issued.text[:-1] + ("a" if issued.text[-1] != "a" else "b")) is None


def test_where_a_look_waits_for_a_network_nothing_is_said_without_a_check(amina, monkeypatch):
    tokens = amina.identity.tokens
    issued = issue(amina)
    tokens.check(issued.text)
    monkeypatch.setattr(tokens.registry.database, "is_at_hand", False)
    assert tokens.remembered(issued.text) is None
