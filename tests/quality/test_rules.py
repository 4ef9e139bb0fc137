"""What each kind of rule means for the rows that it looks at."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from ghala.model.contract import Column, Comparison, Operator, Rule, RuleKind, Severity, Unit
from ghala.model.types import DataType, Kind

NONE = Comparison(Operator.MUST_BE, 0)


def broken(laboratory, type_text, values, **rule):
    """Return the number of values that break one rule about a column `x`."""
    dataset = laboratory.dataset({"x": type_text}, [Rule("rule", columns=("x",), **rule)])
    finding = laboratory.check(dataset, [(value,) for value in values]).finding("rule")
    assert finding.error is None
    assert finding.passed == (finding.failed_rows == 0)
    assert finding.measured == finding.failed_rows
    return finding.failed_rows


def fault(laboratory, type_text, **rule):
    dataset = laboratory.dataset(
        {"x": type_text},
        [Rule("rule", columns=("x",), **rule), Rule("other", RuleKind.REQUIRED, ("x",))],
    )
    outcome = laboratory.check(dataset, [(None,)])
    assert outcome.finding("other").failed_rows == 1, "the other rules are measured all the same"
    finding = outcome.finding("rule")
    assert finding.blocks
    return finding.error


def test_required_is_broken_by_null_alone(laboratory):
    assert broken(laboratory, "varchar", ["", " ", None, None], kind=RuleKind.REQUIRED) == 2


def test_required_over_several_columns_is_broken_by_any_null(laboratory):
    rules = [Rule("both", RuleKind.REQUIRED, ("a", "b"))]
    dataset = laboratory.dataset({"a": "integer", "b": "integer"}, rules)
    rows = [(1, 1), (None, 1), (1, None), (None, None)]
    assert laboratory.check(dataset, rows).finding("both").failed_rows == 3


def test_required_works_on_lists(laboratory):
    column = Column("x", DataType(Kind.LIST, element=DataType(Kind.INTEGER)))
    dataset = laboratory.dataset([column], [Rule("rule", RuleKind.REQUIRED, ("x",))])
    assert laboratory.check(dataset, [([1],), (None,), ([],)]).finding("rule").failed_rows == 1


@pytest.mark.parametrize(
    ("type_text", "valid", "values", "expected"),
    [
        ("varchar", ("new", "paid"), ["new", "paid", "NEW", "", None], 2),
        ("varchar", ("it's",), ["it's", "its"], 1),
        ("integer", ("1", "2.5", "99999999999"), [1, 2, None], 1),
        ("integer", ("2.5",), [1, None], 1),
        ("decimal(6,2)", ("1.5",), [Decimal("1.50"), Decimal("1.51")], 1),
        ("double", ("0.1",), [0.1, 0.2], 1),
        ("boolean", ("TRUE",), [True, False, None], 1),
        ("date", ("2024-02-29",), [date(2024, 2, 29), date(2024, 3, 1)], 1),
    ],
)
def test_enum_takes_only_its_values_and_null(laboratory, type_text, valid, values, expected):
    assert broken(laboratory, type_text, values, kind=RuleKind.ENUM, valid_values=valid) == expected


@pytest.mark.parametrize(
    ("type_text", "bounds", "values", "expected"),
    [
        ("integer", {"minimum": "0", "maximum": "10"}, [-1, 0, 10, 11, None], 2),
        ("integer", {"exclusive_minimum": "0", "exclusive_maximum": "10"}, [0, 1, 9, 10], 2),
        ("integer", {"minimum": "0.5"}, [0, 1], 1),
        ("integer", {"maximum": "0.5"}, [0, 1], 1),
        ("integer", {"exclusive_minimum": "-0.5"}, [-1, 0], 1),
        ("integer", {"exclusive_maximum": "-0.5"}, [-1, 0], 1),
        ("bigint", {"minimum": "-1e30", "maximum": "1e30"}, [-(2**63), 2**63 - 1, None], 0),
        ("bigint", {"minimum": "1e30"}, [2**63 - 1, None], 1),
        ("bigint", {"maximum": "-1e999999"}, [0, None], 1),
        ("bigint", {"minimum": "0e99999"}, [-1, 0], 1),
        ("decimal(5,2)", {"minimum": "0.005"}, [Decimal("0.00"), Decimal("0.01")], 1),
        ("decimal(5,2)", {"maximum": "1000"}, [Decimal("999.99"), None], 0),
        ("double", {"minimum": "0"}, [-0.1, 0.0, float("inf"), float("nan"), None], 2),
        ("double", {"maximum": "1"}, [1.0, 1.1, float("-inf"), float("nan"), None], 2),
        ("real", {"minimum": "0.1", "maximum": "1e300"}, [0.1, 0.09], 1),
        ("date", {"minimum": "2024-01-01"}, [date(2023, 12, 31), date(2024, 1, 1), None], 1),
        ("time", {"maximum": "12:00"}, [time(12), time(12, 0, 1)], 1),
        ("timestamp", {"minimum": "2024-01-01"}, [datetime(2024, 1, 1), datetime(2023, 1, 1)], 1),  # noqa: DTZ001 - without a zone
        (
            "timestamptz",
            {"minimum": "2024-01-01T00:00:00+02:00"},
            [datetime(2023, 12, 31, 22, tzinfo=UTC), datetime(2023, 12, 31, 21, tzinfo=UTC)],
            1,
        ),
    ],
)  # fmt: skip
def test_range_compares_in_the_columns_own_type(laboratory, type_text, bounds, values, expected):
    assert broken(laboratory, type_text, values, kind=RuleKind.RANGE, **bounds) == expected


def test_length_counts_characters_not_bytes(laboratory):
    values = ["", "a", "äöü", "äöüß", "日本語", None]
    assert broken(laboratory, "varchar", values, kind=RuleKind.LENGTH, max_length=3) == 1
    assert broken(laboratory, "varchar", values, kind=RuleKind.LENGTH, min_length=1) == 1
    limits = {"min_length": 1, "max_length": 1}
    assert broken(laboratory, "varchar", values, kind=RuleKind.LENGTH, **limits) == 4


@pytest.mark.parametrize(
    ("pattern", "values", "expected"),
    [
        ("[0-9]", ["a1b", "1", "ab", "", None], 2),
        ("^[0-9]+$", ["1", "1b", "b1", "12\n"], 3),
        ("^[A-Z]{2}'x$", ["AB'x", "ab'x"], 1),
        ("", ["", "a"], 0),
    ],
)
def test_pattern_is_found_anywhere_unless_anchored(laboratory, pattern, values, expected):
    assert broken(laboratory, "varchar", values, kind=RuleKind.PATTERN, pattern=pattern) == expected


def test_null_values_counts_nulls(laboratory):
    rule = {"kind": RuleKind.NULL_VALUES, "comparison": NONE}
    assert broken(laboratory, "varchar", ["", None], **rule) == 1


@pytest.mark.parametrize(
    ("type_text", "missing", "values", "expected"),
    [
        ("varchar", (None, "", "n/a"), ["", "n/a", "N/A", None], 3),
        ("varchar", ("", "n/a"), ["", None], 1),
        ("integer", (None, "-1", "n/a"), [-1, 0, None], 2),
        ("integer", ("n/a", "1.5"), [0, None], 0),
    ],
)
def test_missing_values_are_those_listed(laboratory, type_text, missing, values, expected):
    rule = {"kind": RuleKind.MISSING_VALUES, "comparison": NONE, "missing_values": missing}
    assert broken(laboratory, type_text, values, **rule) == expected


def test_invalid_values_break_any_of_the_rules_conditions(laboratory):
    rule = {"kind": RuleKind.INVALID_VALUES, "comparison": NONE}
    values = ["a", "ab", "b", "abc", None]
    assert broken(laboratory, "varchar", values, valid_values=("a", "ab", "b"), **rule) == 1
    assert broken(laboratory, "varchar", values, pattern="^a", **rule) == 1
    both = {"valid_values": ("a", "ab", "b"), "pattern": "^a", "max_length": 1}
    assert broken(laboratory, "varchar", values, **both, **rule) == 3
    assert broken(laboratory, "integer", [1, 9, None], minimum="2", **rule) == 1


@pytest.mark.parametrize("kind", [RuleKind.UNIQUE, RuleKind.PRIMARY_KEY, RuleKind.DUPLICATE_VALUES])
@pytest.mark.parametrize("type_text", ["bigint", "varchar", "double", "decimal(9,2)"])
def test_every_row_of_a_repeated_key_is_broken(laboratory, kind, type_text):
    values = [1, 2, 2, 3, 3, 3, 4]
    cells = [str(value) if type_text == "varchar" else value for value in values]
    assert broken(laboratory, type_text, cells, kind=kind) == 5
    assert broken(laboratory, type_text, cells[:2], kind=kind) == 0


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(RuleKind.UNIQUE, 0), (RuleKind.DUPLICATE_VALUES, 0), (RuleKind.PRIMARY_KEY, 2)],
)
def test_null_repeats_nothing_but_cannot_be_a_primary_key(laboratory, kind, expected):
    assert broken(laboratory, "integer", [None, None, 1], kind=kind) == expected


def test_whole_numbers_far_apart_and_close_together_are_compared_alike(laboratory):
    values = [-(2**63), 0, 2**63 - 1]
    assert broken(laboratory, "bigint", values, kind=RuleKind.UNIQUE) == 0
    assert broken(laboratory, "bigint", [*values, 0], kind=RuleKind.UNIQUE) == 2
    assert broken(laboratory, "integer", [-5, 5, 5], kind=RuleKind.UNIQUE) == 2


def test_zero_has_one_value_and_nan_equals_itself(laboratory):
    assert broken(laboratory, "double", [0.0, -0.0], kind=RuleKind.UNIQUE) == 2
    assert broken(laboratory, "double", [float("nan"), float("nan")], kind=RuleKind.UNIQUE) == 2


@pytest.mark.parametrize(("rows", "passes"), [([(1,)], False), ([(1,), (2,)], True), ([], False)])
def test_row_count_is_compared(laboratory, rows, passes):
    rule = Rule("count", RuleKind.ROW_COUNT, comparison=Comparison(Operator.MUST_BE, 2))
    finding = laboratory.check(laboratory.dataset({"x": "integer"}, [rule]), rows).finding("count")
    assert finding.passed is passes
    assert finding.measured == len(rows)
    assert finding.failed_rows == 0


@pytest.mark.parametrize(
    ("type_text", "rule", "words"),
    [
        ("integer", {"kind": RuleKind.ENUM, "valid_values": ("a",)}, "not a number"),
        ("integer", {"kind": RuleKind.ENUM}, "no valid value"),
        ("integer", {"kind": RuleKind.LENGTH, "max_length": 1}, "only text"),
        ("varchar", {"kind": RuleKind.LENGTH}, "neither"),
        ("varchar", {"kind": RuleKind.PATTERN, "pattern": "(?=a)"}, "RE2"),
        ("varchar", {"kind": RuleKind.PATTERN, "pattern": "["}, "RE2"),
        ("varchar", {"kind": RuleKind.PATTERN}, "no pattern"),
        ("varchar", {"kind": RuleKind.RANGE, "minimum": "1"}, "does not apply"),
        ("date", {"kind": RuleKind.RANGE, "minimum": "31.12.2024"}, "not a value of DATE"),
        ("time", {"kind": RuleKind.RANGE, "minimum": "10:00+02:00"}, "not a value of TIME"),
        ("integer", {"kind": RuleKind.RANGE}, "neither"),
        ("boolean", {"kind": RuleKind.ENUM, "valid_values": ("yes",)}, "not a value of BOOLEAN"),
        ("blob", {"kind": RuleKind.ENUM, "valid_values": ("00",)}, "cannot be written"),
        ("varchar", {"kind": RuleKind.MISSING_VALUES}, "lists no value"),
        ("varchar", {"kind": RuleKind.INVALID_VALUES}, "does not say"),
    ],
)
def test_a_rule_that_means_nothing_is_broken_and_says_why(laboratory, type_text, rule, words):
    assert words in fault(laboratory, type_text, **rule)


@pytest.mark.parametrize("columns", [(), ("nowhere",)])
def test_a_rule_without_its_column_is_broken(laboratory, columns):
    dataset = laboratory.dataset({"x": "integer"}, [Rule("rule", RuleKind.REQUIRED, columns)])
    assert "column" in laboratory.check(dataset, [(1,)]).finding("rule").error


def test_a_list_cannot_be_a_key(laboratory):
    column = Column("x", DataType(Kind.LIST, element=DataType(Kind.INTEGER)))
    dataset = laboratory.dataset([column], [Rule("rule", RuleKind.UNIQUE, ("x",))])
    assert "cannot be a key" in laboratory.check(dataset, [([1],)]).finding("rule").error


def test_a_column_is_found_whatever_its_case(laboratory):
    dataset = laboratory.dataset(
        {"Kunde": "integer"}, [Rule("rule", RuleKind.REQUIRED, ("KUNDE",))]
    )
    assert laboratory.check(dataset, [(None,)]).finding("rule").failed_rows == 1


@pytest.mark.parametrize(
    ("comparison", "passes"),
    [
        (Comparison(Operator.MUST_BE_LESS_THAN, 50, unit=Unit.PERCENT), False),
        (Comparison(Operator.MUST_BE_LESS_OR_EQUAL_TO, 50, unit=Unit.PERCENT), True),
        (Comparison(Operator.MUST_BE_BETWEEN, 10, 60, Unit.PERCENT), True),
        (Comparison(Operator.MUST_NOT_BE_BETWEEN, 10, 60, Unit.PERCENT), False),
        (Comparison(Operator.MUST_BE_GREATER_THAN, 1), True),
        (Comparison(Operator.MUST_BE_GREATER_OR_EQUAL_TO, 3), False),
        (Comparison(Operator.MUST_NOT_BE, 2), False),
        (Comparison(Operator.MUST_BE, 2), True),
    ],
)
@pytest.mark.parametrize("kind", [RuleKind.NULL_VALUES, RuleKind.DUPLICATE_VALUES])
def test_thresholds_compare_rows_or_percent_of_rows(laboratory, kind, comparison, passes):
    rows = (
        [(None,), (None,), (1,), (2,)] if kind is RuleKind.NULL_VALUES else [(1,), (1,), (2,), (3,)]
    )
    dataset = laboratory.dataset({"x": "integer"}, [Rule("rule", kind, ("x",), comparison)])
    finding = laboratory.check(dataset, rows).finding("rule")
    assert finding.passed is passes
    assert finding.blocks is not passes
    assert finding.measured == (50 if comparison.unit is Unit.PERCENT else 2)
    assert finding.failed_rows == 0


@pytest.mark.parametrize(
    "kind", [kind for kind in RuleKind if kind not in (RuleKind.SQL, RuleKind.ROW_COUNT)]
)
def test_no_rows_break_no_rule(laboratory, kind):
    rule = Rule(
        "rule", kind, ("x",), valid_values=("a",), missing_values=("b",), pattern="a", min_length=1
    )
    if kind is RuleKind.RANGE:
        rule = Rule("rule", kind, ("n",), minimum="0")
    percent = Rule(
        "percent", RuleKind.NULL_VALUES, ("x",), Comparison(Operator.MUST_BE, 0, unit=Unit.PERCENT)
    )
    dataset = laboratory.dataset({"x": "varchar", "n": "integer"}, [rule, percent], ["x"])
    outcome = laboratory.check(dataset, [])
    assert not outcome.report.is_broken
    assert all(finding.passed for finding in outcome.report.findings)
    assert outcome.report.rows_staged == outcome.report.rows_released == 0


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.INFO])
def test_a_warning_is_recorded_and_never_blocks(laboratory, severity):
    rule = Rule("rule", RuleKind.REQUIRED, ("x",), severity=severity)
    outcome = laboratory.check(laboratory.dataset({"x": "integer"}, [rule]), [(None,), (1,)])
    finding = outcome.finding("rule")
    assert (finding.passed, finding.failed_rows, finding.blocks) == (False, 1, False)
    assert not outcome.report.is_broken


def test_rows_in_several_files_are_one_dataset(laboratory):
    rules = [Rule("key", RuleKind.UNIQUE, ("x",)), Rule("low", RuleKind.RANGE, ("x",), maximum="8")]
    dataset = laboratory.dataset({"x": "integer"}, rules)
    outcome = laboratory.check(dataset, [(n % 9,) for n in range(10)], files=3)
    assert outcome.finding("key").failed_rows == 2
    assert outcome.finding("low").passed
