"""Decisions that are kept are those that would be made."""

from datetime import UTC, datetime, timedelta

import pytest
from policy_world import COLUMNS, ORDERS, definitions, own

from ghala.governance.authorize import Asked
from ghala.governance.decider import EndpointDecider, ownership, standing
from ghala.governance.kept_decisions import KeptDecisions
from ghala.governance.policy import PolicyDecider
from ghala.model.agreement import Agreement
from ghala.model.policy import Action
from ghala.model.principal import Principal, PrincipalKind, Role

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BOB = Principal("user:bob", PrincipalKind.USER, "analytics")
READ = '@id("r") permit (principal, action == Action::"dataset:read", resource);'


class Running:
    """A decider whose parts a test moves; it counts how often agreements are looked up: once a decision."""

    def __init__(self, text=""):
        self.policies, self.time, self.number, self.agreements = own(text), NOW, 1, []
        self.known, self.looked_up = definitions(), 0
        made = PolicyDecider(
            self,
            standing_of=standing,
            ownership_of=lambda name: ownership(self.known, name),
            agreements_of=self.of,
            hash_key_of=lambda _: b"key",
            now=lambda: self.time,
        )
        self.decider = EndpointDecider(made, lambda: self.known, "rest", epoch=lambda: self.number)

    def now(self):
        return self.policies

    def of(self, *_):
        self.looked_up += 1
        return self.agreements

    def reads(self, who=BOB, columns=COLUMNS[ORDERS], own_terms=None):
        asked = Asked(ORDERS, columns, own_terms)
        (decision,) = self.decider.decide(who, Action.DATASET_READ, [asked])
        return decision.is_allowed


def agreement(since, until):
    return Agreement("a", "user:bob", ORDERS, frozenset({"id"}), "analytics", since, until)


def test_a_decision_is_made_once():
    running = Running(READ)
    assert [running.reads() for _ in range(3)] == [True] * 3
    assert running.looked_up == 1


def test_every_change_is_decided_again():
    running = Running(READ)
    assert running.reads()
    changes = [
        lambda: setattr(running, "number", 2),
        lambda: setattr(running, "policies", own("")),
        lambda: setattr(running, "known", definitions()),
    ]
    for count, change in enumerate(changes, 2):
        change()
        running.reads()
        assert running.looked_up == count
    assert not running.reads()


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose": "operations"},
        {"teams": frozenset({"team:sales-team"})},
        {"roles": frozenset({Role.STEWARD})},
    ],
)
def test_another_standing_is_another_decision(changed):
    running = Running(READ)
    running.reads()
    running.reads(Principal(**{"id": BOB.id, "kind": BOB.kind, "purpose": "analytics", **changed}))
    assert running.looked_up == 2


def test_other_columns_and_terms_are_another_decision():
    running = Running(READ)
    running.reads()
    running.reads(columns=COLUMNS[ORDERS][:2])
    running.reads(own_terms=COLUMNS[ORDERS])
    assert running.looked_up == 3


def test_no_decision_outlives_an_agreement():
    running = Running()
    running.agreements = [agreement(NOW + timedelta(hours=1), NOW + timedelta(hours=2))]
    for minutes, is_allowed in ((0, False), (59, False), (60, True), (119, True), (120, False)):
        running.time = NOW + timedelta(minutes=minutes)
        assert (running.reads(), running.decider.discovers(BOB, ORDERS)) == (is_allowed,) * 2
    assert running.looked_up == 6


def test_a_policy_that_looks_at_the_time_is_asked_each_time():
    until = 'datetime("2026-06-01T00:00:01Z")'
    running = Running(READ.replace(";", f" when {{ context.now < {until} }};"))
    assert running.reads()
    running.time = NOW + timedelta(seconds=1)
    assert not running.reads()


def test_without_an_epoch_nothing_is_kept():
    running = Running(READ)
    plain = EndpointDecider(running.decider.policies, lambda: running.known, "rest")
    for _ in range(2):
        plain.decide(BOB, Action.DATASET_READ, [Asked(ORDERS, COLUMNS[ORDERS])])
    assert running.looked_up == 2


def test_what_was_used_longest_ago_makes_room():
    kept = KeptDecisions(2)
    made = []

    def get(key):
        return kept.get(key, None, NOW, lambda: (made.append(key), None))

    for key in "abacab":
        get(key)
    assert made == ["a", "b", "c", "b"]
