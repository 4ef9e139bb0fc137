"""Two versions of a contract: every change is told once, with whether it breaks those who rely on it."""

from dataclasses import replace

import pytest

from ghala.model.contract import Column, Dataset, Rule, RuleKind, Severity
from ghala.model.difference import Bump, Change, ChangeKind, bump_of, needed_bump, suffices
from ghala.model.names import DatasetName
from ghala.model.types import parse_type
from ghala.spec.diff import changes


def column(name, kind="bigint", **facts):
    return Column(name, parse_type(kind), **facts)


def dataset(*columns, rules=(), key=()):
    return Dataset(DatasetName("sales", "orders"), "orders", columns, tuple(rules), tuple(key))


def told(before, after):
    return [(one.kind, one.columns, one.is_breaking) for one in changes(before, after)]


def test_the_same_contract_has_no_changes():
    one = dataset(column("id"), rules=[Rule("r", RuleKind.ENUM, ("id",), valid_values=("1",))])
    assert changes(one, one) == ()
    described = replace(one.rules[0], description="other words")
    assert changes(one, replace(one, rules=(described,), description="other words")) == ()


def test_columns_come_and_go():
    before, after = (
        dataset(column("id"), column("old")),
        dataset(column("ID"), column("new", "date")),
    )
    assert told(before, after) == [
        (ChangeKind.COLUMN_REMOVED, ("old",), True),
        (ChangeKind.COLUMN_ADDED, ("new",), False),
    ]


@pytest.mark.parametrize(
    ("old", "new", "is_breaking"),
    [
        ("integer", "bigint", False),
        ("bigint", "integer", True),
        ("real", "double", False),
        ("decimal(10,2)", "decimal(12,2)", False),
        ("decimal(10,2)", "decimal(12,3)", True),
        ("decimal(10,2)", "decimal(9,2)", True),
        ("integer", "double", True),
        ("date", "timestamp", True),
    ],
)
def test_a_type_that_keeps_every_value_breaks_nothing(old, new, is_breaking):
    (change,) = changes(dataset(column("n", old)), dataset(column("n", new)))
    assert (change.kind, change.is_breaking) == (ChangeKind.COLUMN_RETYPED, is_breaking)
    assert (change.before, change.after) == (str(parse_type(old)), str(parse_type(new)))


def test_a_column_that_may_be_null_now_breaks_and_is_told_once():
    required = Rule("id.required", RuleKind.REQUIRED, ("id",))
    before = dataset(column("id", required=True), rules=[required])
    after = dataset(column("id"))
    assert told(before, after) == [(ChangeKind.COLUMN_MADE_OPTIONAL, ("id",), True)]
    assert told(after, before) == [(ChangeKind.COLUMN_MADE_REQUIRED, ("id",), False)]


def test_what_shows_less_breaks():
    before = dataset(column("a", classification="public"), column("b", tags=("money",)))
    after = dataset(column("a"), column("b", tags=("money", "pii.email")))
    assert told(before, after) == [
        (ChangeKind.COLUMN_RECLASSIFIED, ("a",), True),
        (ChangeKind.COLUMN_RETAGGED, ("b",), True),
    ]
    assert [breaks for _, _, breaks in told(after, before)] == [False, False]


def test_another_key_breaks_and_a_first_one_does_not():
    columns = column("id"), column("day", "date")
    without, single, double = (dataset(*columns, key=key) for key in ((), ("id",), ("id", "day")))
    assert told(without, single) == [(ChangeKind.KEY_CHANGED, ("id",), False)]
    assert told(single, double) == [(ChangeKind.KEY_CHANGED, ("id", "day"), True)]
    assert told(single, without) == [(ChangeKind.KEY_CHANGED, ("id",), True)]


def test_a_rule_that_is_promised_no_longer_breaks_if_it_was_an_error():
    error = Rule("e", RuleKind.RANGE, ("id",), minimum="0")
    warning = Rule("w", RuleKind.SQL, severity=Severity.WARNING, query="SELECT 1")
    before = dataset(column("id"), rules=[error, warning])
    after = dataset(column("id"), rules=[replace(error, minimum="1")])
    found = changes(before, after)
    assert [(one.kind, one.rule, one.is_breaking) for one in found] == [
        (ChangeKind.RULE_CHANGED, "e", True),
        (ChangeKind.RULE_REMOVED, "w", False),
    ]
    # One in SQL may be about any column, and is told to those alone who know them all.
    assert [one.concerns_all for one in found] == [False, True]
    assert [(one.kind, one.is_breaking) for one in changes(dataset(column("id")), before)] == [
        (ChangeKind.RULE_ADDED, False),
        (ChangeKind.RULE_ADDED, False),
    ]


def test_rules_of_a_column_that_is_gone_go_with_it():
    rule = Rule("r", RuleKind.RANGE, ("old",), minimum="0")
    before = dataset(column("id"), column("old"), rules=[rule])
    assert told(before, dataset(column("id"))) == [(ChangeKind.COLUMN_REMOVED, ("old",), True)]


def test_a_version_must_move_as_far_as_its_changes():
    added = Change(ChangeKind.COLUMN_ADDED, ("a",), is_breaking=False)
    removed = Change(ChangeKind.COLUMN_REMOVED, ("a",), is_breaking=True)
    assert [needed_bump(one) for one in ((), (added,), (added, removed))] == [
        Bump.NONE,
        Bump.MINOR,
        Bump.MAJOR,
    ]
    assert suffices(bump_of("1.0.0", "1.1.0"), needed_bump((added,)))
    assert not suffices(bump_of("1.0.0", "1.1.0"), needed_bump((removed,)))
