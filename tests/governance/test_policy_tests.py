"""Tests of policies: what is found beside what is expected."""

import pytest
from policy_world import World

from ghala.errors import UsageError
from ghala.model.principal import OWNER_LOCAL
from ghala.spec.policy_cases import CASES_FILE

READ = """@id("acme.read") permit (principal, action == Action::"dataset:read", resource)
when { context.now < datetime("2026-01-01") };
"""
CASE = """tests:
  - name: bob counts
    principal: bob
    dataset: sales.orders
    purpose: analytics
    at: 2025-12-31T23:59:59Z
    expect: {expect}
"""


@pytest.fixture
def world(people, tmp_path):
    world = World(people, tmp_path / "acme")
    world.write(READ)
    return world


def outcome(world, expect, **changed):
    text = CASE.replace("{expect}", expect)
    for before, after in changed.items():
        text = text.replace(before, after)
    (world.root / CASES_FILE).write_text(text)
    (found,) = world.book.test()
    return [(one.what, one.expected, one.found) for one in found.differences]


def test_what_is_expected_is_found(world):
    columns = "clear: [id, region], masked: [email, key], hidden: margin"
    expect = f"{{discover: true, read: true, {columns}, policies: acme.read}}"
    assert outcome(world, expect) == []


def test_each_difference_is_named(world):
    expect = "{discover: false, read: false, clear: [], masked: [email], hidden: [id], policies: [other]}"
    found = outcome(world, expect)
    assert found[:4] == [
        ("discover", "no", "yes"),
        ("read", "no", "yes"),
        ("clear", "none", "id, region"),
        ("masked", "email", "email, key"),
    ]
    assert found[4] == ("hidden", "id", "margin")
    assert (found[5][0], found[5][1]) == ("policies", "other")
    assert "acme.read" in found[5][2]


def test_a_test_has_a_time_teams_and_roles(world):
    assert outcome(world, "{read: false}", **{"2025-12-31T23:59:59Z": "2026-01-01"}) == []
    teams = {"principal: bob": "principal: agent:x\n    teams: [Sales-Team]\n    roles: [steward]"}
    assert outcome(world, "{clear: [id, region, email, margin]}", **teams) == []


def test_a_dataset_that_nobody_promises_is_a_difference(world):
    assert outcome(world, "{read: false}", **{"sales.orders": "sales.gone"}) == [
        ("dataset", "sales.gone", "no contract promises it")
    ]


def test_policies_whose_tests_fail_are_not_applied(world):
    outcome(world, "{read: false}")
    with pytest.raises(UsageError, match="`bob counts`"):
        world.book.apply(by=OWNER_LOCAL)
    assert world.book.apply(by=OWNER_LOCAL, is_tested=False).number == 1
