"""Decisions by policies and agreements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ghala.governance.authorize import Asked
from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.policy import Ownership, PolicyDecider, Standing
from ghala.model.agreement import Agreement
from ghala.model.contract import Column
from ghala.model.mask import MaskKind
from ghala.model.names import DatasetName
from ghala.model.policy import Clearance
from ghala.model.predicate import Comparison, Operator
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.types import parse_type

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ORDERS = DatasetName("sales", "orders")
COLUMNS = (
    Column("id", parse_type("bigint")),
    Column("region", parse_type("varchar"), classification="public"),
    Column("email", parse_type("varchar"), tags=("pii.email",)),
    Column("margin", parse_type("decimal(9,2)"), classification="restricted"),
    Column("key", parse_type("varchar"), tags=("secret",)),
    Column("odd", parse_type("varchar"), classification="cosmic top secret"),
)
ASKED = Asked(ORDERS, COLUMNS)
KENYA = Comparison("region", Operator.EQUAL, "KE")


def agreement(number="a1", grantee="user:bob", columns=("id", "email"), rows=None, **changed):
    fields = {
        "purpose": "planning",
        "since": NOW - timedelta(days=1),
        "until": NOW + timedelta(days=1),
        **changed,
    }
    return Agreement(number, grantee, ORDERS, frozenset(columns), rows=rows, **fields)


def decider(agreements=(), policies="", owners=("sales",)):
    teams = {"user:amina": {"sales"}, "user:bob": {"logistics"}, "agent:bot": {"sales"}}
    return PolicyDecider(
        Policies.of([PolicyFile("own.cedar", policies)]),
        standing_of=lambda who: Standing(frozenset(teams.get(who.id, ()))),
        ownership_of=lambda _: Ownership("sales/orders", owners) if owners else None,
        agreements_of=lambda name, grantees, purpose: [
            one
            for one in agreements
            if one.dataset == name and one.grantee in grantees and one.purpose == purpose
        ],
        hash_key_of=lambda purpose: f"key of {purpose}".encode(),
        now=lambda: NOW,
    )


def user(name, purpose="planning"):
    return Principal(f"user:{name}", PrincipalKind.USER, purpose)


def read(made, who):
    return made.read(who, ASKED, endpoint="cli")


def seen(decision):
    return {column.name: decision.clearance(column.name).value for column in COLUMNS}


def test_owners_see_all_but_secrets():
    decision = read(decider(), user("amina"))
    assert seen(decision) == dict.fromkeys(("id", "region", "email", "margin", "odd"), "clear") | {
        "key": "masked"
    }
    assert decision.reasons == (
        "allowed by policy ghala.owners-discover-and-read: members of the owning team use their own data",
    )


def test_others_are_denied_without_an_agreement():
    decision = read(decider(), user("bob"))
    assert not decision.is_allowed
    assert "user:bob" in decision.reasons[0]
    assert "planning" in decision.reasons[0]


def test_an_agreement_gives_its_columns_in_its_rows():
    decision = read(decider([agreement(rows=KENYA)]), user("bob"))
    assert decision.is_allowed
    assert [admission.rows for admission in decision.admissions] == [KENYA]
    assert seen(decision) == {
        "id": "clear",
        "region": "masked",
        "email": "clear",
        "margin": "hidden",
        "key": "masked",
        "odd": "hidden",
    }
    assert decision.masks["email"].kind is MaskKind.KEYED_HASH
    assert decision.hash_key == b"key of planning"
    assert decision.reasons == ("agreement a1 with user:bob",)


@pytest.mark.parametrize(
    "one",
    [
        agreement(purpose="marketing"),
        agreement(grantee="user:eve"),
        agreement(until=NOW),
        agreement(since=NOW + timedelta(seconds=1)),
    ],
)
def test_an_agreement_of_another_time_purpose_or_person_gives_nothing(one):
    assert not read(decider([one]), user("bob")).is_allowed


def test_members_have_what_their_team_was_granted():
    assert read(decider([agreement(grantee="team:logistics")]), user("bob")).is_allowed


def test_agreements_add_up_row_by_row():
    both = [agreement(rows=KENYA), agreement("a2", columns=("id", "margin"))]
    decision = read(decider(both), user("bob"))
    assert len(decision.admissions) == 2
    assert decision.clearance("id") is Clearance.CLEAR
    assert decision.clearance("email") is Clearance.MASKED
    assert decision.clearance("margin") is Clearance.CLEAR


def test_no_agreement_gives_what_a_policy_forbids():
    everything = agreement(columns=[column.name for column in COLUMNS])
    decision = read(decider([everything]), user("bob"))
    assert decision.clearance("key") is Clearance.MASKED
    assert decision.clearance("margin") is Clearance.CLEAR
    forbid = '@id("freeze") forbid (principal, action == Action::"dataset:read", resource);'
    frozen = read(decider([everything], forbid), user("bob"))
    assert not frozen.is_allowed
    assert frozen.reasons == ("forbidden by policy freeze",)


def test_who_may_read_by_agreement_discovers():
    assert not decider().discovers(user("bob"), ASKED, endpoint="cli")
    assert decider([agreement()]).discovers(user("bob"), ASKED, endpoint="cli")


def test_what_a_policy_hides_is_there_for_nobody():
    hidden = '@id("dark") forbid (principal, action == Action::"dataset:discover", resource);'
    for name in ("amina", "bob"):
        assert not decider([agreement()], hidden).discovers(user(name), ASKED, endpoint="cli")


def test_a_dataset_that_nobody_owns_is_closed():
    assert not read(decider(owners=()), user("amina")).is_allowed


def test_only_users_services_and_agents_are_decided_here():
    assert not read(decider(), OWNER_LOCAL).is_allowed
    bot = Principal("agent:bot", PrincipalKind.AGENT, "planning")
    assert read(decider(), bot).is_allowed
