"""Which rows are moved out, and what the report says of a dataset from which rows were moved."""

from __future__ import annotations

import pytest

from ghala.errors import CorruptError, QueryError, StepError
from ghala.model.contract import Comparison, OnFail, Operator, Rule, RuleKind, Severity, Unit
from ghala.model.scan import PhysicalScan, plain_scan
from ghala.quality.check import check
from ghala.sql.scan import scan_query

QUARANTINE = OnFail.QUARANTINE
COLUMNS = {"id": "integer", "amount": "integer", "status": "varchar"}


def positive(on_fail=None, **more):
    return Rule("positive", RuleKind.RANGE, ("amount",), minimum="0", on_fail=on_fail, **more)


def status(on_fail=None, **more):
    return Rule(
        "status", RuleKind.ENUM, ("status",), valid_values=("new",), on_fail=on_fail, **more
    )


def key(on_fail=None, **more):
    return Rule("key", RuleKind.PRIMARY_KEY, ("id",), on_fail=on_fail, **more)


def test_broken_rows_are_moved_out_and_name_their_rules(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE), status(QUARANTINE)])
    rows = [(1, 5, "new"), (2, -5, "new"), (3, -5, "old"), (4, None, None)]
    outcome = laboratory.check(dataset, rows)
    assert outcome.kept == [rows[0], rows[3]]
    assert sorted(outcome.quarantined) == [
        (2, -5, "new", ["positive"]),
        (3, -5, "old", ["positive", "status"]),
    ]
    assert outcome.separations == 1
    assert not outcome.report.is_broken
    assert (outcome.report.rows_staged, outcome.report.rows_quarantined) == (4, 2)
    finding = outcome.finding("positive")
    assert (finding.passed, finding.failed_rows, finding.quarantined_rows) == (False, 2, 2)


def test_nothing_is_separated_when_nothing_is_to_be_moved(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE), status()])
    outcome = laboratory.check(dataset, [(1, 1, "old")])
    assert outcome.separations == 0
    assert outcome.report.is_broken


def test_a_key_that_occurs_k_times_moves_all_k_rows(laboratory):
    dataset = laboratory.dataset(COLUMNS, [key(QUARANTINE)])
    rows = [(1, 1, "a"), (2, 2, "b"), (2, 2, "b"), (2, 3, "c"), (None, 4, "d")]
    outcome = laboratory.check(dataset, rows)
    assert outcome.kept == [rows[0]]
    assert len(outcome.quarantined) == 4
    assert {row[0] for row in outcome.quarantined} == {2, None}
    assert not outcome.report.is_broken


def test_equal_rows_are_kept_or_moved_together(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE)])
    outcome = laboratory.check(dataset, [(1, 1, "a")] * 3 + [(1, -1, "a")] * 2)
    assert (len(outcome.kept), len(outcome.quarantined)) == (3, 2)


def test_a_blocking_rule_that_only_moved_rows_broke_no_longer_blocks(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE), status()])
    outcome = laboratory.check(dataset, [(1, 1, "new"), (2, -1, "old")])
    assert not outcome.report.is_broken
    finding = outcome.finding("status")
    assert (finding.passed, finding.failed_rows, finding.quarantined_rows) == (False, 1, 1)
    assert outcome.quarantined == [(2, -1, "old", ["positive", "status"])]


def test_a_blocking_rule_blocks_for_the_rows_that_remain(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE), status()])
    outcome = laboratory.check(dataset, [(1, 1, "old"), (2, -1, "old")])
    assert outcome.report.is_broken
    finding = outcome.finding("status")
    assert (finding.failed_rows, finding.quarantined_rows) == (2, 1)


def test_a_blocking_key_is_judged_on_the_rows_that_remain(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE), key()])
    outcome = laboratory.check(dataset, [(1, 1, "a"), (1, -1, "b"), (2, 1, "c")])
    assert not outcome.report.is_broken
    assert sorted(outcome.kept) == [(1, 1, "a"), (2, 1, "c")]
    finding = outcome.finding("key")
    assert (finding.failed_rows, finding.quarantined_rows) == (1, 1)

    outcome = laboratory.check(dataset, [(1, 1, "a"), (1, -1, "b"), (1, 2, "c")])
    assert outcome.report.is_broken
    finding = outcome.finding("key")
    assert (finding.failed_rows, finding.quarantined_rows) == (3, 1)


def test_a_key_that_quarantines_is_judged_on_the_rows_as_staged(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE), key(QUARANTINE)])
    outcome = laboratory.check(dataset, [(1, 1, "a"), (1, -1, "b"), (2, 1, "c")])
    assert outcome.kept == [(2, 1, "c")]
    assert sorted(outcome.quarantined) == [(1, -1, "b", ["positive", "key"]), (1, 1, "a", ["key"])]


def test_the_step_decides_for_rules_that_do_not(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(), key()])
    rows = [(1, -1, "a"), (2, 1, "a"), (2, 1, "a"), (3, 1, "a")]
    assert laboratory.check(dataset, rows).report.is_broken
    outcome = laboratory.check(dataset, rows, on_fail=QUARANTINE)
    assert not outcome.report.is_broken
    assert outcome.kept == [(3, 1, "a")]
    assert {finding.on_fail for finding in outcome.report.findings} == {QUARANTINE}


def test_a_rule_that_blocks_does_so_whatever_the_step_says(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(OnFail.BLOCK)])
    outcome = laboratory.check(dataset, [(1, -1, "a")], on_fail=QUARANTINE)
    assert outcome.report.is_broken
    assert outcome.report.rows_quarantined == 0


def test_a_rule_that_quarantines_does_so_whatever_the_step_says(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE)])
    outcome = laboratory.check(dataset, [(1, -1, "a")], on_fail=OnFail.BLOCK)
    assert outcome.report.rows_quarantined == 1


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.INFO])
def test_a_warning_never_moves_a_row_but_is_named_on_moved_ones(laboratory, severity):
    rules = [positive(QUARANTINE, severity=severity), status(QUARANTINE)]
    dataset = laboratory.dataset(COLUMNS, rules)
    outcome = laboratory.check(dataset, [(1, -1, "new"), (2, -1, "old")], on_fail=QUARANTINE)
    assert outcome.kept == [(1, -1, "new")]
    assert outcome.quarantined == [(2, -1, "old", ["positive", "status"])]
    finding = outcome.finding("positive")
    assert (finding.failed_rows, finding.quarantined_rows, finding.blocks) == (2, 1, False)


def test_a_library_rule_that_allows_none_moves_rows(laboratory):
    none = Comparison(Operator.MUST_BE, 0)
    rules = [
        Rule("null", RuleKind.NULL_VALUES, ("amount",), none, on_fail=QUARANTINE),
        Rule("twice", RuleKind.DUPLICATE_VALUES, ("id", "status"), none, on_fail=QUARANTINE),
        Rule("n/a", RuleKind.MISSING_VALUES, ("status",), none, on_fail=QUARANTINE, missing_values=("",)),
    ]  # fmt: skip
    dataset = laboratory.dataset(COLUMNS, rules)
    rows = [(1, None, "a"), (2, 1, "a"), (2, 2, "a"), (2, 2, "b"), (3, 1, "")]
    outcome = laboratory.check(dataset, rows)
    assert outcome.kept == [(2, 2, "b")]
    assert not outcome.report.is_broken


def test_a_rule_that_allows_some_moves_none_and_is_measured_on_what_remains(laboratory):
    half = Comparison(Operator.MUST_BE_LESS_THAN, 50, unit=Unit.PERCENT)
    rules = [
        Rule("null", RuleKind.NULL_VALUES, ("status",), half, on_fail=QUARANTINE),
        Rule("same", RuleKind.DUPLICATE_VALUES, ("status",), half),
        positive(QUARANTINE),
    ]
    dataset = laboratory.dataset(COLUMNS, rules)
    rows = [(1, 1, None), (2, 1, "a"), (3, 1, "a"), (4, 1, "b"), (5, -1, None), (6, -1, None)]
    outcome = laboratory.check(dataset, rows)
    assert outcome.finding("null").measured == 25, "of the four kept rows, not of the six staged"
    assert outcome.finding("null").passed
    assert outcome.finding("null").on_fail is OnFail.BLOCK
    assert outcome.finding("same").measured == 50
    assert outcome.report.is_broken
    assert outcome.report.rows_quarantined == 2


def test_row_count_is_that_of_the_state_after_quarantine(laboratory, released):
    rules = [
        Rule("count", RuleKind.ROW_COUNT, comparison=Comparison(Operator.MUST_BE, 3)),
        positive(QUARANTINE),
    ]
    dataset = laboratory.dataset(COLUMNS, rules)
    existing = released(dataset, [(7, 1, "a"), (8, 1, "a")])
    outcome = laboratory.check(dataset, [(1, 1, "a"), (2, -1, "a")], released=existing)
    assert outcome.finding("count").passed
    assert outcome.finding("count").measured == 3


def test_when_all_rows_are_moved_none_remain(laboratory):
    rules = [
        Rule("count", RuleKind.ROW_COUNT, comparison=Comparison(Operator.MUST_BE_GREATER_THAN, 0)),
        positive(QUARANTINE),
        key(),
    ]
    dataset = laboratory.dataset(COLUMNS, rules)
    outcome = laboratory.check(dataset, [(1, -1, "a"), (1, -1, "a")])
    assert outcome.report.rows_released == 0
    assert not outcome.finding("count").passed
    assert not outcome.finding("key").blocks


def test_a_sql_rule_sees_existing_and_kept_rows_together(laboratory, released):
    seen = []

    def run_rule(rule: Rule, candidate: PhysicalScan) -> float:
        seen.append(rule.id)
        rows = laboratory.session.rows(scan_query(candidate, ["id"]).sql(dialect="duckdb"))
        assert candidate.row_count == len(rows)
        return sum(number for (number,) in rows)

    rules = [
        Rule("sum", RuleKind.SQL, comparison=Comparison(Operator.MUST_BE, 11), query="…"),
        positive(QUARANTINE),
    ]
    dataset = laboratory.dataset(COLUMNS, rules)
    existing = released(dataset, [(10, 1, "a")])
    outcome = laboratory.check(
        dataset, [(1, 1, "a"), (2, -1, "a")], released=existing, run_rule=run_rule
    )
    assert seen == ["sum"]
    assert outcome.finding("sum").passed
    assert outcome.finding("sum").measured == 11


def test_a_column_that_old_files_lack_is_null_in_the_state(laboratory, released):
    def run_rule(_: Rule, candidate: PhysicalScan) -> float:
        query = scan_query(candidate).sql(dialect="duckdb")
        assert sorted(laboratory.session.rows(query), key=str) == [(1, 1, "a"), (9, None, None)]
        return 0

    older = laboratory.dataset({"id": "integer"})
    rules = [
        Rule("sql", RuleKind.SQL, comparison=Comparison(Operator.MUST_BE, 0), query="…"),
        Rule("pair", RuleKind.UNIQUE, ("amount", "id")),
    ]
    dataset = laboratory.dataset(COLUMNS, rules)
    outcome = laboratory.check(
        dataset, [(1, 1, "a")], released=released(older, [(9,)]), run_rule=run_rule
    )
    assert not outcome.report.is_broken


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.WARNING])
def test_a_sql_rule_that_fails_to_run_is_broken_and_says_why(laboratory, severity):
    def run_rule(rule: Rule, _: PhysicalScan) -> float:
        raise QueryError(f"{rule.id} took too long")

    comparison = Comparison(Operator.MUST_BE, 0)
    rule = Rule("sum", RuleKind.SQL, comparison=comparison, query="…", severity=severity)
    outcome = laboratory.check(laboratory.dataset(COLUMNS, [rule]), [], run_rule=run_rule)
    finding = outcome.finding("sum")
    assert (finding.passed, finding.error) == (False, "sum took too long")
    assert finding.blocks is (severity is Severity.ERROR)


def test_a_sql_rule_without_a_finite_number_or_a_condition_is_broken(laboratory):
    rules = [
        Rule("nan", RuleKind.SQL, comparison=Comparison(Operator.MUST_NOT_BE, 0), query="…"),
        Rule("bare", RuleKind.SQL, query="…"),
    ]
    dataset = laboratory.dataset(COLUMNS, rules)
    outcome = laboratory.check(dataset, [], run_rule=lambda *_: float("nan"))
    assert "finite" in outcome.finding("nan").error
    assert "compare" in outcome.finding("bare").error


def test_rows_lost_while_they_are_separated_are_noticed(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive(QUARANTINE)])
    staged = laboratory.stage(dataset, [(1, 1, "a"), (2, 1, "a"), (3, -1, "a")])

    def forgetful(kept, _):
        path = laboratory.folder / "kept.parquet"
        number = laboratory.session.copy(kept.limit(1).sql(dialect="duckdb"), path)
        return plain_scan(staged.columns, [(path, number)])

    with pytest.raises(StepError, match="3 rows were staged, but 1 kept and 1 quarantined"):
        check(
            laboratory.session,
            dataset,
            staged,
            None,
            on_fail=None,
            separate=forgetful,
            run_rule=lambda *_: 0,
        )


def test_staged_files_that_hold_other_rows_than_they_should_are_noticed(laboratory):
    dataset = laboratory.dataset(COLUMNS, [positive()])
    staged = laboratory.stage(dataset, [(1, 1, "a")])
    lying = PhysicalScan(staged.columns, staged.groups, 2)
    with pytest.raises(CorruptError, match="2 rows were staged, the files hold 1"):
        check(
            laboratory.session,
            dataset,
            lying,
            None,
            on_fail=None,
            separate=lambda *_: staged,
            run_rule=lambda *_: 0,
        )


def test_a_dataset_cannot_have_the_column_that_quarantine_adds(laboratory):
    dataset = laboratory.dataset({"ghala_rules": "varchar"})
    with pytest.raises(StepError, match="ghala_rules"):
        laboratory.check(dataset, [])


def test_columns_may_have_any_name(laboratory):
    names = {'a "b"': "integer", "key_0": "integer", "checked_rows": "varchar", "select": "integer"}
    rules = [
        Rule("r'1", RuleKind.UNIQUE, ('a "b"',), on_fail=QUARANTINE),
        Rule("r2", RuleKind.REQUIRED, ("select",), on_fail=QUARANTINE),
        Rule("r3", RuleKind.ENUM, ("checked_rows",), valid_values=("'",), on_fail=QUARANTINE),
    ]
    dataset = laboratory.dataset(names, rules, ['a "b"'])
    rows = [(1, 1, "'", 1), (1, 1, "'", 1), (2, 1, "x", 1), (3, 1, "'", None), (4, 1, "'", 1)]
    outcome = laboratory.check(dataset, rows)
    assert outcome.kept == [rows[4]]
    assert [row[4] for row in sorted(outcome.quarantined)] == [["r'1"], ["r'1"], ["r3"], ["r2"]]
