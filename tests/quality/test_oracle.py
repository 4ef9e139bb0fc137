"""Random tables and rules: the checks agree with a naive reading of the same rules, row by row, in Python."""

from __future__ import annotations

import math
import re
from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ghala.model.contract import Comparison, OnFail, Operator, Rule, RuleKind, Severity, Unit

COLUMNS = {"a": "integer", "b": "bigint", "s": "varchar", "x": "double"}
NAMES = tuple(COLUMNS)
KEYS = (RuleKind.UNIQUE, RuleKind.PRIMARY_KEY, RuleKind.DUPLICATE_VALUES)

small = st.none() | st.integers(0, 3)
rows_of = st.lists(
    st.tuples(
        small,
        st.none() | st.sampled_from([0, 1, -(2**63), 2**63 - 1]),
        st.none() | st.sampled_from(["", "p", "q", "pq", "ä"]),
        st.none() | st.sampled_from([-1.0, 0.0, 0.5, math.inf, math.nan]),
    ),
    max_size=9,
)
comparisons = st.builds(
    Comparison,
    st.sampled_from([Operator.MUST_BE, Operator.MUST_BE_LESS_THAN, Operator.MUST_BE_GREATER_THAN]),
    st.sampled_from([0, 1, 2, 50]),
    unit=st.sampled_from(Unit),
)


@st.composite
def rules(draw, number):
    kind = draw(st.sampled_from([kind for kind in RuleKind if kind is not RuleKind.SQL]))
    facts = {}
    columns = (draw(st.sampled_from(NAMES)),)
    if kind in KEYS or kind in (RuleKind.REQUIRED, RuleKind.NULL_VALUES):
        columns = tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)))
    match kind:
        case RuleKind.ENUM:
            columns = ("s",)
            facts["valid_values"] = draw(st.sampled_from([("p",), ("p", "q", "")]))
        case RuleKind.RANGE:
            columns = (draw(st.sampled_from(["a", "b", "x"])),)
            bound = draw(st.sampled_from(["minimum", "exclusive_minimum", "maximum", "exclusive_maximum"]))  # fmt: skip
            facts[bound] = draw(st.sampled_from(["0", "0.5", "1", "-1e30"]))
        case RuleKind.LENGTH:
            columns, facts = ("s",), {"min_length": 1, "max_length": draw(st.integers(1, 2))}
        case RuleKind.PATTERN:
            columns, facts = ("s",), {"pattern": draw(st.sampled_from(["p", "^q?$", "^.$"]))}
        case RuleKind.MISSING_VALUES:
            columns = (draw(st.sampled_from(["a", "s"])),)
            facts["missing_values"] = draw(st.sampled_from([(None, "0", ""), ("q", "1")]))
        case RuleKind.INVALID_VALUES:
            columns, facts = ("s",), {"valid_values": ("p", "pq"), "pattern": "^p"}
    if kind is RuleKind.ROW_COUNT:
        columns, facts["comparison"] = (), draw(comparisons)
    elif kind.value.endswith("_values"):
        facts["comparison"] = draw(st.none() | comparisons)
    return Rule(
        f"rule {number}",
        kind,
        columns,
        severity=draw(st.sampled_from([Severity.ERROR, Severity.ERROR, Severity.WARNING])),
        on_fail=draw(st.sampled_from([None, *OnFail])),
        **facts,
    )


@st.composite
def rule_lists(draw):
    return [draw(rules(number)) for number in range(draw(st.integers(1, 6)))]


def breaks_alone(rule, row):
    """Whether a row breaks a rule about cells."""
    return any(_cell_breaks(rule, row[NAMES.index(name)]) for name in rule.columns)


def _cell_breaks(rule, cell):
    if rule.kind in (RuleKind.REQUIRED, RuleKind.NULL_VALUES):
        return cell is None
    if rule.kind is RuleKind.MISSING_VALUES:
        texts = [str(cell)] if cell is not None else [None]
        return texts[0] in rule.missing_values
    conditions = {
        RuleKind.ENUM: lambda: cell in rule.valid_values,
        RuleKind.RANGE: lambda: _lies_within(rule, cell),
        RuleKind.LENGTH: lambda: rule.min_length <= len(cell) <= rule.max_length,
        RuleKind.PATTERN: lambda: re.search(rule.pattern, cell),
        RuleKind.INVALID_VALUES: lambda: (
            cell in rule.valid_values and re.search(rule.pattern, cell)
        ),
    }
    return cell is not None and not conditions[rule.kind]()


def _lies_within(rule, cell):
    return not math.isnan(cell) and (
        (rule.minimum is None or cell >= float(rule.minimum))
        and (rule.maximum is None or cell <= float(rule.maximum))
        and (rule.exclusive_minimum is None or cell > float(rule.exclusive_minimum))
        and (rule.exclusive_maximum is None or cell < float(rule.exclusive_maximum))
    )


def key_of(rule, row):
    cells = [row[NAMES.index(name)] for name in sorted(rule.columns)]
    return tuple("nan" if cell != cell else cell for cell in cells)  # noqa: PLR0124 - NaN differs from itself


def breaking(rule, rows, released):
    """Return for each row whether it breaks the rule, among the others."""
    if rule.kind not in KEYS:
        return [breaks_alone(rule, row) for row in rows]
    keys = [key_of(rule, row) for row in rows]
    times = Counter(keys)
    there = {key_of(rule, row) for row in released}
    return [
        rule.kind is RuleKind.PRIMARY_KEY if None in key else times[key] > 1 or key in there
        for key in keys
    ]


def allows_none(rule):
    comparison = rule.comparison
    if rule.kind is RuleKind.ROW_COUNT:
        return False
    if comparison is None or (comparison.operator is Operator.MUST_BE and comparison.low == 0):
        return True
    is_less = comparison.operator is Operator.MUST_BE_LESS_THAN
    return is_less and comparison.low == 1 and comparison.unit is Unit.ROWS


def meets(comparison, measured):
    return {
        Operator.MUST_BE: measured == comparison.low,
        Operator.MUST_BE_LESS_THAN: measured < comparison.low,
        Operator.MUST_BE_GREATER_THAN: measured > comparison.low,
    }[comparison.operator]


def comparable(row):
    return tuple("nan" if isinstance(c, float) and math.isnan(c) else c for c in row[:4])


def bag(rows):
    return Counter(comparable(row) for row in rows)


def expected_finding(rule, staged, is_moved, kept, released):
    """Return (passed, measured, failed, quarantined) of one rule."""
    if rule.kind is RuleKind.ROW_COUNT:
        count = len(released) + len(kept)
        return meets(rule.comparison, count), count, 0, 0
    remaining = sum(breaking(rule, kept, released))
    if allows_none(rule):
        broke = breaking(rule, staged, released)
        moved = sum(b and m for b, m in zip(broke, is_moved, strict=True))
        return moved + remaining == 0, moved + remaining, moved + remaining, moved
    measured = remaining
    if rule.comparison.unit is Unit.PERCENT:
        measured = 100 * remaining / len(kept) if kept else 0
    return meets(rule.comparison, measured), measured, 0, 0


UNIQUE_A = Rule("rule 0", RuleKind.UNIQUE, ("a",), on_fail=OnFail.QUARANTINE)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(
    staged=[(1, 0, "p", 0.0), (1, 0, "p", -1.0)],
    before=[(1, 1, "p", 0.0)],
    listed=[
        UNIQUE_A,
        Rule("rule 1", RuleKind.RANGE, ("x",), minimum="0"),
        Rule("rule 2", RuleKind.UNIQUE, ("b",)),
    ],
    is_append=True,
    step=None,
)
@given(
    staged=rows_of,
    before=rows_of,
    listed=rule_lists(),
    is_append=st.booleans(),
    step=st.none() | st.sampled_from(OnFail),
)
def test_checks_agree_with_a_naive_reading(
    *, laboratory, released, staged, before, listed, is_append, step
):
    dataset = laboratory.dataset(COLUMNS, listed)
    existing = released(dataset, before) if is_append else None
    before = before if is_append else []
    outcome = laboratory.check(dataset, staged, released=existing, on_fail=step)

    moving = [
        rule
        for rule in listed
        if allows_none(rule)
        and rule.severity is Severity.ERROR
        and (rule.on_fail or step) is OnFail.QUARANTINE
    ]
    broke = {rule.id: breaking(rule, staged, before) for rule in listed if allows_none(rule)}
    is_moved = [any(broke[rule.id][i] for rule in moving) for i in range(len(staged))]
    kept = [row for row, moved in zip(staged, is_moved, strict=True) if not moved]

    assert bag(outcome.kept) == bag(kept)
    named = Counter(
        (comparable(row), tuple(rule_id for rule_id in broke if broke[rule_id][i]))
        for i, row in enumerate(staged)
        if is_moved[i]
    )
    assert Counter((comparable(row), tuple(row[4])) for row in outcome.quarantined) == named
    report = outcome.report
    assert report.rows_staged == len(staged) == report.rows_released + report.rows_quarantined
    blocks = False
    for rule, finding in zip(listed, report.findings, strict=True):
        expected = expected_finding(rule, staged, is_moved, kept, before)
        found = (finding.passed, finding.measured, finding.failed_rows, finding.quarantined_rows)
        assert found == expected, rule
        assert finding.error is None
        if rule.severity is Severity.ERROR:
            remains = sum(breaking(rule, kept, before)) if allows_none(rule) else not expected[0]
            blocks = blocks or bool(remains)
            assert finding.blocks is bool(remains)
    assert report.is_broken is blocks
