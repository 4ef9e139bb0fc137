"""Policies that admit the rows about one's own domains."""

from datetime import UTC, datetime

import pytest

from ghala.errors import DefinitionError
from ghala.governance.authorize import Asked
from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.policy import Ownership, PolicyDecider, Standing
from ghala.model.agreement import Agreement
from ghala.model.contract import Column
from ghala.model.policy import Clearance
from ghala.model.predicate import AnyOf, Comparison, OneOf, Operator
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.system import USAGE
from ghala.model.types import parse_type

TEXT = parse_type("varchar")
COLUMNS = (
    Column("domain", TEXT, classification="internal"),
    Column("region", TEXT, classification="internal"),
    Column("principal", TEXT, classification="confidential", tags=("pii.account",)),
)
DOMAINS = {"sales": {"orders", "goods"}, "web": set()}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = '@id("own.all") permit (principal, action == Action::"dataset:read", resource);'
BY_REGION = (
    '@id("own.region") @rows("region in context.domains")'
    ' permit (principal, action in [Action::"dataset:read"], resource);'
)
FORBIDS = (
    '@id("own.no") forbid (principal == User::"ann", action == Action::"dataset:read", resource);'
)


def read(team, *, policies="", agreements=(), roles=(), columns=COLUMNS):
    made = PolicyDecider(
        Policies.of([PolicyFile("own.cedar", policies)]),
        standing_of=lambda _: Standing(frozenset({team}), frozenset(roles)),
        ownership_of=lambda _: Ownership("system/usage", ("system",)),
        agreements_of=lambda *_: agreements,
        hash_key_of=lambda _: b"key",
        now=lambda: NOW,
        domains_of=lambda teams: frozenset().union(*(DOMAINS.get(one, set()) for one in teams)),
    )
    ann = Principal("user:ann", PrincipalKind.USER, "planning")
    asked = Asked(USAGE, columns)
    return made.discovers(ann, asked, endpoint="cli"), made.read(ann, asked, endpoint="cli")


def test_owners_see_the_rows_about_their_domains_and_no_names():
    is_there, decision = read("sales")
    assert is_there
    assert [one.rows for one in decision.admissions] == [OneOf("domain", ("goods", "orders"))]
    assert decision.clearance("domain") is Clearance.CLEAR
    assert decision.clearance("principal") is Clearance.MASKED


@pytest.mark.parametrize("team", ["web", "nobody"])
def test_without_a_domain_there_is_nothing(team):
    is_there, decision = read(team)
    assert (is_there, decision.is_allowed) == (False, False)


def test_a_policy_that_admits_all_rows_wins():
    _, decision = read("sales", roles=["auditor"])
    assert [one.rows for one in decision.admissions] == [None]
    assert decision.clearance("principal") is Clearance.CLEAR
    assert [one.rows for one in read("sales", policies=ALL)[1].admissions] == [None]


def test_several_policies_admit_what_any_of_them_does():
    _, decision = read("sales", policies=BY_REGION)
    values = ("goods", "orders")
    assert decision.admissions[0].rows == AnyOf((OneOf("domain", values), OneOf("region", values)))


def test_a_policy_about_a_column_that_is_not_there_admits_nothing():
    _, decision = read("sales", columns=COLUMNS[1:])
    assert not decision.is_allowed


def test_an_agreement_adds_its_rows_and_columns():
    since = datetime(2025, 1, 1, tzinfo=UTC)
    until = datetime(2027, 1, 1, tzinfo=UTC)
    rows = Comparison("domain", Operator.EQUAL, "web")
    one = Agreement(
        "a1", "user:ann", USAGE, frozenset({"principal"}), "planning", since, until, rows
    )
    _, decision = read("sales", agreements=[one])
    assert [(sorted(ad.columns), ad.rows) for ad in decision.admissions] == [
        (["domain", "region"], OneOf("domain", ("goods", "orders"))),
        (["principal"], rows),
    ]


def test_what_is_forbidden_stays_so():
    assert not read("sales", policies=FORBIDS)[1].is_allowed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '@rows("region = 1") permit (principal, action == Action::"dataset:read", resource);',
            "@rows",
        ),
        ('@rows permit (principal, action == Action::"dataset:read", resource);', "@rows"),
        (
            '@rows("a in context.domains") permit (principal, action, resource);',
            "to discover and read",
        ),
        (
            '@rows("a in context.domains") permit (principal, action in ACTIONS, resource);',
            "to discover and read",
        ),
        (
            '@rows("a in context.domains") forbid (principal, action in READS, resource);',
            "to discover and read",
        ),
    ],
)
def test_rows_that_mean_nothing_are_refused(text, message):
    text = text.replace("ACTIONS", '[Action::"dataset:read", Action::"column:read_clear"]')
    text = text.replace("READS", '[Action::"dataset:read"]')
    with pytest.raises(DefinitionError, match=message):
        Policies.of([PolicyFile("own.cedar", f'@id("x") {text}')])
