"""Keys across what is already released and what is added, and keys of several columns."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ghala.model.contract import Column, OnFail, Rule, RuleKind
from ghala.model.scan import plain_scan
from ghala.model.types import DataType, Field, Kind
from ghala.quality.check import check

PAIR = {"a": "integer", "b": "varchar"}


def unique(*columns, kind=RuleKind.UNIQUE, on_fail=OnFail.QUARANTINE):
    return Rule("key", kind, columns, on_fail=on_fail)


def test_a_key_that_is_already_released_cannot_be_added_again(laboratory, released):
    dataset = laboratory.dataset(PAIR, [unique("a")])
    existing = released(dataset, [(1, "old"), (5, "old"), (9, "old")])
    outcome = laboratory.check(dataset, [(4, "new"), (5, "new"), (6, "new")], released=existing)
    assert sorted(outcome.kept) == [(4, "new"), (6, "new")]
    assert outcome.quarantined == [(5, "new", ["key"])]
    assert outcome.finding("key").failed_rows == 1
    assert not outcome.report.is_broken
    assert ("a", 4, 6) in existing.asked


def test_a_released_key_blocks_when_the_rule_blocks(laboratory, released):
    dataset = laboratory.dataset(PAIR, [unique("a", on_fail=OnFail.BLOCK)])
    existing = released(dataset, [(1, "old")])
    outcome = laboratory.check(dataset, [(1, "new"), (2, "new")], released=existing)
    assert outcome.report.is_broken
    assert outcome.finding("key").failed_rows == 1


def test_duplicates_among_released_rows_are_not_the_new_rows_fault(laboratory, released):
    dataset = laboratory.dataset(PAIR, [unique("a")])
    existing = released(dataset, [(1, "old"), (1, "old")])
    assert laboratory.check(dataset, [(2, "new")], released=existing).finding("key").passed


def test_keys_that_repeat_and_keys_that_are_released_are_moved_together(laboratory, released):
    dataset = laboratory.dataset(PAIR, [unique("a")])
    existing = released(dataset, [(1, "old"), (2, "old")])
    rows = [(1, "x"), (2, "x"), (2, "y"), (3, "x"), (3, "y"), (4, "x")]
    outcome = laboratory.check(dataset, rows, released=existing)
    assert outcome.kept == [(4, "x")]
    assert outcome.finding("key").failed_rows == 5


@pytest.mark.parametrize("kind", [RuleKind.UNIQUE, RuleKind.PRIMARY_KEY])
def test_a_key_of_several_columns_repeats_only_as_a_whole(laboratory, released, kind):
    dataset = laboratory.dataset(PAIR, [unique("a", "b", kind=kind)])
    rows = [(1, "x"), (1, "y"), (2, "x"), (2, "x"), (3, None), (3, None), (None, None)]
    existing = released(dataset, [(1, "y"), (1, None), (None, None)])
    outcome = laboratory.check(dataset, rows, released=existing)
    moved = {(1, "y"), (2, "x")}
    if kind is RuleKind.PRIMARY_KEY:
        moved |= {(3, None), (None, None)}
    assert {row[:2] for row in outcome.quarantined} == moved
    assert set(outcome.kept) == set(rows) - moved


def test_rules_about_the_same_columns_are_measured_together_and_mean_their_own(laboratory):
    rules = [
        Rule("unique", RuleKind.UNIQUE, ("b", "a")),
        Rule("primary", RuleKind.PRIMARY_KEY, ("a", "b")),
        Rule("single", RuleKind.UNIQUE, ("a",)),
    ]
    dataset = laboratory.dataset(PAIR, rules)
    outcome = laboratory.check(dataset, [(1, "x"), (1, "x"), (2, None), (2, "y")])
    assert [finding.failed_rows for finding in outcome.report.findings] == [2, 3, 4]


@pytest.mark.parametrize(
    ("type_text", "old", "new"),
    [
        ("date", date(2024, 1, 1), date(2024, 1, 2)),
        ("timestamptz", datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)),
        ("double", float("nan"), 1.0),
        ("varchar", "", "z"),
        ("blob", b"\x00", b"\x01"),
        ("boolean", True, False),
    ],
)
def test_released_keys_of_every_type_are_found(laboratory, released, type_text, old, new):
    dataset = laboratory.dataset({"a": type_text}, [unique("a")])
    existing = released(dataset, [(old,)])
    outcome = laboratory.check(dataset, [(old,), (new,), (None,)], released=existing)
    assert len(outcome.quarantined) == 1
    assert set(outcome.kept) == {(new,), (None,)}
    if type_text == "double":
        assert existing.asked == [], "NaN is outside of all bounds, so nothing is pruned"
    else:
        assert existing.asked[0] == ("a", min(old, new), max(old, new))


def test_keys_of_a_narrower_released_type_are_found(laboratory, released):
    older = laboratory.dataset({"a": "integer"})
    dataset = laboratory.dataset({"a": "bigint"}, [unique("a")])
    outcome = laboratory.check(dataset, [(1,), (2**40,)], released=released(older, [(1,)]))
    assert outcome.kept == [(2**40,)]


def test_infinite_dates_are_compared_without_pruning(laboratory, released):
    dataset = laboratory.dataset({"a": "date"}, [unique("a")])
    path = laboratory.folder / "infinite.parquet"
    laboratory.session.copy("SELECT DATE 'infinity' AS a", path)
    existing = released(dataset, [(date(2024, 1, 1),)])

    report, _ = check(
        laboratory.session,
        dataset,
        plain_scan([(c.name, c.type) for c in dataset.columns], [(path, 1)]),
        existing,
        on_fail=None,
        separate=lambda *_: existing.state,
        run_rule=lambda *_: 0,
    )
    assert not report.is_broken
    assert existing.asked == []


def test_no_released_row_is_looked_for_when_all_keys_are_null(laboratory, released):
    dataset = laboratory.dataset(PAIR, [unique("a")])
    existing = released(dataset, [(1, "old")])
    assert laboratory.check(dataset, [(None, "new")], released=existing).finding("key").passed
    assert existing.asked == []


def test_a_key_column_that_released_rows_do_not_have_cannot_repeat_them(laboratory, released):
    older = laboratory.dataset({"b": "varchar"})
    dataset = laboratory.dataset(PAIR, [unique("a")])
    existing = released(older, [("old",)])
    assert laboratory.check(dataset, [(1, "new")], released=existing).finding("key").passed
    assert existing.asked == []


def test_an_empty_append_passes(laboratory, released):
    dataset = laboratory.dataset(PAIR, [unique("a")])
    outcome = laboratory.check(dataset, [], released=released(dataset, [(1, "a"), (1, "a")]))
    assert outcome.finding("key").passed


def test_uuids_are_keys_and_nested_columns_come_through(laboratory):
    rules = [
        unique("id"),
        Rule("known", RuleKind.ENUM, ("id",), valid_values=(f"{1:032x}", f"{2:032x}")),
    ]
    columns = [
        Column("id", DataType(Kind.UUID)),
        Column("place", DataType(Kind.STRUCT, fields=(Field("city", DataType(Kind.VARCHAR)),))),
    ]
    dataset = laboratory.dataset(columns, rules, ["id"])
    types = [(column.name, column.type) for column in columns]

    def stage(name, *numbers):
        path = laboratory.folder / name
        rows = " UNION ALL ".join(
            f"SELECT '{number:032x}'::UUID AS id, {{'city': 'c{number}'}} AS place"
            for number in numbers
        )
        return plain_scan(types, [(path, laboratory.session.copy(rows, path))])

    existing = type("Existing", (), {})()
    released = stage("old.parquet", 1)
    existing.columns = released.columns
    existing.scan = lambda: released
    existing.near = lambda *_: released
    moved = []

    def separate(kept, out):
        moved.extend(laboratory.session.rows(out.sql(dialect="duckdb")))
        path = laboratory.folder / "kept.parquet"
        return plain_scan(
            types, [(path, laboratory.session.copy(kept.sql(dialect="duckdb"), path))]
        )

    report, kept = check(
        laboratory.session,
        dataset,
        stage("new.parquet", 1, 2),
        existing,
        on_fail=None,
        separate=separate,
        run_rule=lambda *_: 0,
    )
    assert not report.is_broken
    assert kept.row_count == 1
    assert [(str(row[0])[-1], row[1], row[2]) for row in moved] == [("1", {"city": "c1"}, ["key"])]
    assert report.findings[0].samples == (("00000000-0000-0000-0000-000000000001",),)
