"""What other policies would have changed for what was really asked."""

from datetime import UTC, datetime, timedelta

import pytest
from policy_world import COLUMNS, ORDERS, RATES, World

from ghala.errors import DeniedError, UsageError
from ghala.model.policy import Clearance
from ghala.model.predicate import Comparison, Operator
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind, Role
from ghala.model.simulation import RowChange

KENYA = Comparison("region", Operator.EQUAL, "KE")
READ = '@id("read") permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.orders");'
CLEAR = """@id("clear") permit (principal == User::"bob", action == Action::"column:read_clear", resource)
when { resource.is_personal };"""
NAMES = [column.name for column in COLUMNS[ORDERS]]


@pytest.fixture
def world(people, tmp_path):
    return World(people, tmp_path / "acme")


def test_an_unchanged_set_changes_nothing(world):
    world.write(READ)
    world.agree("a1", "user:bob", ["email"], KENYA)
    for who in ("user:amina", "user:bob", "service:loader", "agent:bot"):
        world.asks(who, columns=NAMES)
        world.asks(who, RATES, columns=["rate"])
    found = world.simulate(READ)
    assert (found.queries, found.skipped, found.changes) == (8, 0, ())
    assert not found.has_losers


def test_who_loses_the_answer_is_named_first(world):
    world.write(READ)
    for _ in range(3):
        world.asks("user:bob", columns=["id", "email"])
    world.asks("service:loader", denied=True)
    found = world.simulate(
        '@id("s") permit (principal is Service, action == Action::"dataset:read", resource);'
    )
    bob, loader = found.changes
    assert (bob.principal, bob.queries, bob.before, bob.after) == ("user:bob", 3, True, False)
    assert [(one.name, one.before, one.after) for one in bob.lost] == [
        ("id", Clearance.CLEAR, Clearance.HIDDEN), ("email", Clearance.MASKED, Clearance.HIDDEN),
    ]  # fmt: skip
    assert (loader.principal, loader.before, loader.after) == ("service:loader", False, True)
    assert (bob.loses, loader.loses, found.has_losers) == (True, False, True)


def test_columns_are_gained_and_only_those_that_were_read_count(world):
    world.write(READ)
    world.asks("user:bob", columns=["id", "email"])
    world.asks("user:bob", columns=["id"])
    (change,) = world.simulate(READ + CLEAR).changes
    assert [(one.name, one.after) for one in change.gained] == [("email", Clearance.CLEAR)]
    assert (change.queries, change.loses) == (1, False)


def test_a_question_that_read_no_column_loses_none(world):
    world.write(READ + CLEAR)
    world.asks("user:bob", columns=[])
    assert world.simulate(READ).changes == ()


def test_rows_are_lost_where_only_an_agreement_stays(world):
    world.write(READ)
    world.agree("a1", "user:bob", ["id"], KENYA)
    world.asks("user:bob", columns=["id"])
    (change,) = world.simulate("").changes
    assert (change.rows, change.loses) == (RowChange.LOST, True)
    world.write("")
    (back,) = world.simulate(READ).changes
    assert (back.rows, back.loses) == (RowChange.GAINED, False)


def test_a_question_is_decided_by_what_its_asker_was_then(world):
    steward = '@id("s") permit (principal, action, resource is Dataset) when { context.roles.contains("steward") };'
    world.write(steward)
    identity = world.people.identity
    identity.roles.take("zoe", "steward", minutes=5, reason="test", by=OWNER_LOCAL)
    world.asks("user:zoe", columns=["id"])
    identity.roles.end("zoe", "steward", by=OWNER_LOCAL)
    world.asks("user:zoe", denied=True)
    (change,) = world.simulate("").changes
    assert (change.queries, change.before, change.after) == (1, True, False)


def test_an_agreement_counts_only_for_questions_of_its_time(world):
    world.asks("user:bob", denied=True)
    world.agree("a1", "user:bob", ["id"])
    world.asks("user:bob", columns=["id"])
    found = world.simulate(
        '@id("f") forbid (principal, action == Action::"dataset:read", resource);'
    )
    (change,) = found.changes
    assert (change.queries, change.before, change.after) == (1, True, False)


def test_a_policy_that_looks_at_the_time_sees_that_of_the_question(world):
    world.asks("user:bob", denied=True)
    for begins, expected in ((-1, 1), (1, 0)):
        moment = (datetime.now(UTC) + timedelta(hours=begins)).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = READ.replace(";", f' when {{ context.now > datetime("{moment}") }};')
        assert len(world.simulate(text).changes) == expected


def test_what_is_no_longer_there_is_counted_and_the_owner_is_not(world):
    world.asks("user:gone", columns=["id"])
    world.asks("owner:local", columns=["id"])
    world.asks("product:sales/orders", columns=["id"])
    found = world.simulate("")
    assert (found.queries, found.skipped) == (1, 1)


def test_who_may_not_know_what_others_ask_does_not_simulate(world):
    bob = Principal("user:bob", PrincipalKind.USER, "analytics")
    amina = Principal(
        "user:amina", PrincipalKind.USER, "analytics", teams=frozenset({"team:sales-team"})
    )
    for who in (bob, amina):
        with pytest.raises(DeniedError):
            world.simulate("", by=who)
    world.people.identity.roles.take("zoe", "steward", minutes=5, reason="test", by=OWNER_LOCAL)
    zoe = Principal("user:zoe", PrincipalKind.USER, "analytics", roles=frozenset({Role.STEWARD}))
    assert world.simulate("", by=zoe).changes == ()


@pytest.mark.parametrize("days", [0, -1, 10**9])
def test_days_are_a_number_of_them(world, days):
    with pytest.raises(UsageError):
        world.simulate("", days)
