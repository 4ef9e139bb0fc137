"""Why somebody sees what they see, now and at a time that has passed; who sees it; who may know."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy_world import COLUMNS, ORDERS, PURPOSES, World, own

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.authorize import Asked
from ghala.governance.domain_owners import DomainOwners
from ghala.governance.explain import Explainer
from ghala.model.policy import Action, Clearance
from ghala.model.predicate import Comparison, Operator
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind, Role
from ghala.registry import identity
from ghala.spec.kept import Definitions

KENYA = Comparison("region", Operator.EQUAL, "KE")
READ = """@id("acme.read") @reason("for counting")
permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.orders")
when { context.purpose == "analytics" };
"""
KNOWN = '@id("known") permit (principal, action == Action::"dataset:discover", resource);'


@pytest.fixture
def world(people, tmp_path):
    return World(people, tmp_path / "acme")


def ids(reasons):
    return [one.id for one in reasons]


def seen(explained):
    return {one.name: one.clearance.value for one in explained.columns}


def test_a_decision_names_every_reason(world):
    world.write(READ)
    world.agree("a1", "team:logistics", ["id", "email"], KENYA)
    found = world.why("bob")
    assert (found.may_discover, found.may_read, ids(found.read)) == (True, True, ["acme.read"])
    assert str(found.read[0].place) == "policies/own.cedar:1:1"
    assert found.read[0].reason == "for counting"
    assert [(one.id, one.grantee, one.rows) for one in found.agreements] == [
        ("a1", "team:logistics", {"column": "region", "is": "=", "value": "KE"})
    ]
    assert seen(found) == {
        "id": "clear", "region": "clear", "email": "masked", "margin": "hidden", "key": "masked",
    }  # fmt: skip
    email, key = found.columns[2], found.columns[4]
    assert (email.agreements, email.mask, email.mask_because) == (
        ("a1",), "keyed-hash", "its tag pii.email",
    )  # fmt: skip
    assert ids(key.policies) == ["ghala.secrets-are-never-clear"]
    assert (found.teams, found.owners) == (("team:logistics",), ("team:sales-team",))


def test_one_column_is_explained_in_any_case(world):
    assert [one.name for one in world.why("amina", "Sales.orders.EMAIL").columns] == ["email"]
    with pytest.raises(NotFoundError, match="no column `nothing`"):
        world.why("amina", "sales.orders.nothing")


def test_an_agent_has_the_teams_of_its_user(world):
    assert world.why("agent:bot").may_read
    assert not world.why("service:loader").may_read


def test_a_denied_decision_says_why(world):
    found = world.why("bob")
    assert not found.may_read
    assert "user:bob for analytics" in found.reasons[0]


def test_roles_that_are_not_taken_are_named(world):
    assert world.why("zoe").not_taken == (Role.STEWARD,)
    world.people.identity.roles.take("zoe", "steward", minutes=5, reason="test", by=OWNER_LOCAL)
    found = world.why("zoe")
    assert (found.roles, found.not_taken) == (("steward",), ())


def test_a_purpose_is_one_of_the_list(world):
    world.write(READ)
    assert not world.why("bob", purpose="operations").may_read
    with pytest.raises(UsageError, match="not a purpose"):
        world.why("bob", purpose="fun")
    lacking = Explainer(world.book.explainer.worlds, lambda: {"fun": PURPOSES["operations"]})
    with pytest.raises(UsageError, match="for which purpose"):
        lacking.why("bob", "sales.orders", by=OWNER_LOCAL)


@pytest.mark.parametrize("at", [timedelta(days=1), -timedelta(days=40_000)])
def test_a_time_without_decisions_is_refused(world, at):
    with pytest.raises(UsageError):
        world.why("bob", at=datetime.now(UTC) + at)


def test_the_past_is_decided_by_what_held_then(world):
    world.write(READ)
    identity = world.people.identity
    world.book.apply(by=OWNER_LOCAL)
    world.agree("a1", "team:logistics", ["email"], days=1)
    identity.roles.take("zoe", "steward", minutes=5, reason="test", by=OWNER_LOCAL)
    before = moment()
    world.write("")
    world.book.apply(by=OWNER_LOCAL)
    identity.teams.leave("logistics", "bob", by=OWNER_LOCAL)
    identity.roles.end("zoe", "steward", by=OWNER_LOCAL)
    identity.accounts.disable("bob", by=OWNER_LOCAL)
    after = moment()
    then = world.why("bob", at=before)
    assert (ids(then.read), [one.id for one in then.agreements]) == (["acme.read"], ["a1"])
    assert (then.teams, then.is_enabled) == (("team:logistics",), True)
    assert then.policy_version != world.why("bob").policy_version
    assert not any("owners are those of today" in note for note in then.unknown)
    assert any("no release was current" in note for note in then.unknown)
    for found in (world.why("bob", at=after), world.why("bob")):
        assert (found.may_read, found.teams, found.is_enabled) == (False, (), False)
    assert world.why("zoe", at=before).roles == ("steward",)
    assert world.why("zoe", at=after).roles == ()


def test_who_owned_the_domain_then_is_who_counts(world):
    today = world.book.definitions()
    other = Definitions(today.workspace, owned={"sales": "logistics"})
    DomainOwners(world.people.registry, lambda: other).note()
    before = moment()
    DomainOwners(world.people.registry, lambda: today).note()
    then, now = world.why("bob", at=before), world.why("bob")
    assert (then.owners, then.may_read) == (("team:logistics",), True)
    assert (now.owners, now.may_read) == (("team:sales-team",), False)
    assert not world.why("amina", at=before).may_read
    assert world.why("amina", at=moment()).may_read
    assert not any("owners are those of today" in note for note in then.unknown)


def test_owners_are_noted_when_they_change_and_when_a_domain_goes(world):
    registry, today = world.people.registry, world.book.definitions()
    served = [today]
    owners = DomainOwners(registry, lambda: served[0])
    for _ in range(3):
        owners.note()
    served[0] = Definitions(today.workspace, owned={"market": None})
    owners.note()
    # Another process that decides by the same says nothing new.
    DomainOwners(registry, lambda: served[0]).note()
    noted = [tag for tag in world.people.tags() if tag == "domain:owned"]
    assert len(noted) == len(today.owners) + 1
    assert world.why("amina", "market.rates", at=moment()).owners == ()


def test_before_the_first_policies_the_answer_says_so(world):
    early = datetime.now(UTC) - timedelta(days=1)
    assert any("owners are those of today" in note for note in world.why("bob", at=early).unknown)
    assert any("no policies were in force" in note for note in world.why("bob", at=early).unknown)
    world.write(READ)
    world.book.apply(by=OWNER_LOCAL)
    found = world.why("bob", at=early)
    assert ids(found.read) == ["acme.read"]
    assert any("no policies were in force" in note for note in found.unknown)


def test_a_team_that_was_removed_counts_until_then(world):
    before = moment()
    world.people.identity.teams.remove("logistics", by=OWNER_LOCAL)
    assert world.why("bob", at=before).teams == ("team:logistics",)
    assert world.why("bob", at=moment()).teams == ()


def moment():
    """Return a moment between what was done and what comes."""
    found = clock_passed()
    clock_passed()
    return found


def clock_passed():
    """Return the time once the clock of the registry has moved on."""
    begun = datetime.now(UTC)
    while (now := datetime.now(UTC)) <= begun + timedelta(microseconds=2):
        pass
    return now


def user(name, **changed):
    return Principal(f"user:{name}", PrincipalKind.USER, "analytics", **changed)


def test_everybody_may_know_their_own_and_some_that_of_others(world):
    world.write(KNOWN)
    bob, amina = user("bob"), user("amina", teams=frozenset({"team:sales-team"}))
    assert not world.why("bob", by=bob).may_read
    assert world.why("bob", by=amina).principal == "user:bob"
    with pytest.raises(DeniedError, match="explain what"):
        world.why("amina", by=bob)
    with pytest.raises(DeniedError):
        world.who(by=bob)
    assert world.who(by=amina)
    world.people.identity.roles.take("zoe", "steward", minutes=5, reason="test", by=OWNER_LOCAL)
    steward = user("zoe", roles=frozenset({Role.STEWARD}))
    assert world.why("bob", by=steward)
    world.people.identity.roles.end("zoe", "steward", by=OWNER_LOCAL)
    with pytest.raises(DeniedError):
        world.why("bob", by=steward)


def test_hidden_columns_are_in_no_explanation_of_ones_own(world):
    world.write(READ)
    assert "margin" not in seen(world.why("bob", by=user("bob")))
    with pytest.raises(NotFoundError):
        world.why("bob", "sales.orders.margin", by=user("bob"))
    assert world.why("bob", "sales.orders.margin").columns[0].clearance is Clearance.HIDDEN


def test_what_is_not_discovered_is_not_there(world):
    dark = '@id("dark") forbid (principal == User::"bob", action == Action::"dataset:discover", resource);'
    world.write(dark)
    messages = []
    for target in ("sales.orders", "sales.nothing"):
        with pytest.raises(NotFoundError) as caught:
            world.why("bob", target, by=user("bob"))
        messages.append(caught.value.message.replace(target, "X"))
    assert messages[0] == messages[1]


@pytest.mark.parametrize(
    ("who", "target", "near"),
    [
        ("bobb", "sales.orders", "`user:bob`"),
        ("loader", "sales.orders", "`service:loader`"),
        ("xq", "sales.orders", "`ghala user list`"),
        ("bob", "sales.ordres", "`sales.orders`"),
        ("bob", "nothing", "domain.dataset"),
        ("bob", "sales.orders.Emial", "`email`"),
        ("bob", "sales.orders.zzzz", "`region`"),
    ],
)
def test_who_mistypes_is_told_what_is_near(world, who, target, near):
    with pytest.raises(NotFoundError) as caught:
        world.why(who, target)
    assert near in caught.value.hint
    if who == "bob":
        with pytest.raises(NotFoundError) as caught:
            world.who(target)
        assert near in caught.value.hint


def test_what_is_near_is_told_to_nobody_who_may_not_know_it(world):
    world.write(READ)
    with pytest.raises(NotFoundError) as caught:
        world.why("bob", "sales.orders.margni", by=user("bob"))
    assert "margin" not in caught.value.hint
    world.write('@id("dark") forbid (principal, action == Action::"dataset:discover", resource);')
    with pytest.raises(NotFoundError) as caught:
        world.why("bob", "sales.ordres", by=user("bob"))
    assert "orders" not in caught.value.hint


def test_a_token_needs_the_scope(world):
    world.write(KNOWN)
    narrow = user("bob", scopes=frozenset({Action.DATASET_READ}))
    with pytest.raises(DeniedError, match="token"):
        world.why("bob", by=narrow)
    wide = user("bob", scopes=frozenset({Action.POLICY_EXPLAIN}))
    assert world.why("bob", by=wide)


READS = 'action == Action::"dataset:read", resource'
CLEAR = 'action == Action::"column:read_clear", resource'
FINDS = 'action == Action::"dataset:discover", resource'
POLICIES = st.lists(
    st.sampled_from(
        [
            READ,
            f'@id("f1") forbid (principal, {READS}) when {{ context.purpose == "operations" }};',
            f'@id("f2") forbid (principal == User::"bob", {CLEAR}) when {{ resource.is_personal }};',
            f'@id("p1") permit (principal in Team::"logistics", {READS});',
            f'@id("p2") permit (principal, {READS}) when {{ context.roles.contains("steward") }};',
            f'@id("p3") permit (principal is Service, {READS}) when {{ context.endpoint == "rest" }};',
            f'@id("p4") permit (principal, {CLEAR}) when {{ resource.is_personal }};',
            f'@id("f3") forbid (principal is User, {FINDS}) unless {{ principal in resource.owners }};',
        ]
    ),
    unique=True,
)
AGREEMENTS = st.lists(
    st.tuples(
        st.sampled_from(["user:bob", "team:logistics", "service:loader", "agent:bot", "user:zoe"]),
        st.sets(st.sampled_from([one.name for one in COLUMNS[ORDERS]])),
        st.sampled_from([None, KENYA]),
        st.sampled_from(["analytics", "operations"]),
    ),
    max_size=3,
)


@pytest.fixture
def random_world(world):
    """A world whose policies and agreements a test replaces again and again."""

    def make(texts, granted):
        world.write("\n".join(texts))
        with world.people.registry.write() as connection:
            connection.exec_driver_sql("DELETE FROM agreements")
        for number, (grantee, columns, rows, purpose) in enumerate(granted):
            world.agree(f"a{number}", grantee, columns, rows, purpose)
        return world

    return make


def everybody(world, purpose, extra=()):
    """Yield all accounts as principals, as tokens and sessions make them."""
    now = world.book.explainer.worlds.at(None)
    with world.people.registry.read() as connection:
        for account in identity.accounts(connection, now.at_us):
            yield account, now.principal(connection, account, purpose, extra)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=POLICIES, granted=AGREEMENTS, purpose=st.sampled_from(["analytics", "operations"]))
def test_why_says_what_is_decided_and_who_is_everybody(random_world, texts, granted, purpose):
    world = random_world(texts, granted)
    now = world.book.explainer.worlds.at(None)
    asked, names = Asked(ORDERS, COLUMNS[ORDERS]), [one.name for one in COLUMNS[ORDERS]]
    expected = set()
    for account, principal in everybody(world, purpose):
        decision = now.decider.read(principal, asked, endpoint="rest")
        explained = world.why(account.id, purpose=purpose)
        assert explained.may_read is decision.is_allowed
        assert explained.reasons == decision.reasons
        assert seen(explained) == {name: decision.clearance(name).value for name in names}
        assert explained.may_discover is now.decider.discovers(principal, asked, endpoint="rest")
        if decision.is_allowed:
            expected |= {(account.id, name, decision.clearance(name)) for name in names}
    found = set()
    for reader in world.who(purpose=purpose):
        if reader.if_taken is None:
            found |= {(reader.principal, name, Clearance.CLEAR) for name in reader.clear}
            found |= {(reader.principal, name, Clearance.MASKED) for name in reader.masked}
            assert reader.through
    assert found == {one for one in expected if one[2] is not Clearance.HIDDEN}


def test_who_names_the_way(world):
    world.write(
        '@id("p") permit (principal, action, resource is Dataset) when { context.roles.contains("steward") };'
    )
    world.agree("a1", "team:logistics", ["email"], KENYA)
    readers = {(one.principal, one.if_taken): one for one in world.who(purpose="analytics")}
    assert set(readers) == {
        ("agent:bot", None), ("user:amina", None), ("user:bob", None), ("user:zoe", Role.STEWARD),
    }  # fmt: skip
    bob, zoe = readers["user:bob", None], readers["user:zoe", Role.STEWARD]
    assert bob.through == ("agreement a1 with team:logistics", "team:logistics")
    assert (bob.clear, bob.some_rows) == (("email",), True)
    assert zoe.through == ("policy p", "role steward")
    assert "team:sales-team" in readers["agent:bot", None].through


def test_who_sees_a_column(world):
    world.write(READ)
    found = {one.principal: (one.clear, one.masked) for one in world.who("sales.orders.EMAIL")}
    assert found["user:amina"] == (("email",), ())
    assert found["user:bob"] == ((), ("email",))
    assert {one.principal for one in world.who("sales.orders.margin")} == {
        "user:amina",
        "agent:bot",
    }
    with pytest.raises(NotFoundError):
        world.who("sales.orders.nothing")


def test_purposes_with_the_same_answer_are_one_line(world):
    (amina,) = [one for one in world.who() if one.principal == "user:amina"]
    assert set(amina.purposes) == set(PURPOSES)


def test_who_cannot_sign_in_reads_nothing(world):
    world.people.identity.accounts.disable("amina", by=OWNER_LOCAL)
    assert "user:amina" not in {one.principal for one in world.who()}


def test_a_policy_that_is_wrong_is_told_when_it_is_made():
    assert own(READ).reads_clock is False
    assert own(
        '@id("t") permit (principal, action, resource) when { context.now > datetime("2026-01-01") };'
    ).reads_clock
