"""Reports as plain values and as text."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ghala.model.contract import OnFail, RuleKind, Severity
from ghala.model.names import DatasetName
from ghala.model.report import Finding, Report
from ghala.quality.report import from_dict, to_dict, to_text

counts = st.integers(0, 10**12)
findings = st.builds(
    Finding,
    rule_id=st.text(max_size=8),
    kind=st.sampled_from(RuleKind),
    columns=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    severity=st.sampled_from(Severity),
    on_fail=st.sampled_from(OnFail),
    passed=st.booleans(),
    measured=st.floats(allow_nan=False, allow_infinity=False),
    failed_rows=counts,
    quarantined_rows=counts,
    samples=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=3).map(tuple),
    description=st.text(max_size=8),
    error=st.none() | st.text(max_size=8),
)
reports = st.builds(
    Report,
    dataset=st.just(DatasetName("sales", "orders")),
    rows_staged=counts,
    rows_quarantined=counts,
    rows_released=counts,
    findings=st.lists(findings, max_size=3).map(tuple),
)


@given(reports)
def test_a_report_survives_json(report):
    assert from_dict(json.loads(json.dumps(to_dict(report), allow_nan=False))) == report


def finding(rule_id, kind=RuleKind.REQUIRED, **facts):
    given_facts = {
        "columns": ("id",),
        "severity": Severity.ERROR,
        "on_fail": OnFail.BLOCK,
        "passed": False,
        "measured": 0.0,
    }
    return Finding(rule_id, kind, **(given_facts | facts))


REPORT = Report(
    DatasetName("sales", "orders"),
    1200,
    4,
    1196,
    (
        finding("fine", passed=True),
        finding("bad", measured=3.0, failed_rows=3, samples=(("1",), ("2",), ("3",), ("4",))),
        finding("out", measured=4.0, failed_rows=4, quarantined_rows=4, on_fail=OnFail.QUARANTINE),
        finding("late", RuleKind.ROW_COUNT, columns=(), measured=1196.0, severity=Severity.WARNING),
        finding("sum", RuleKind.SQL, columns=(), error="took too long"),
    ),
)


def test_text_says_in_words_what_became_of_each_rule():
    assert to_text(REPORT).splitlines() == [
        "sales.orders: 1,200 rows staged, 1,196 kept, 4 quarantined; 2 of 5 rules block",
        "  passed       fine  required(id)",
        "  BLOCKS       bad   required(id)  3 rows; keys: 1 | 2 | 3 …",
        "  quarantined  out   required(id)  4 rows, 4 quarantined",
        "  warning      late  row_count     measured 1,196",
        "  BLOCKS       sum   sql           not evaluated: took too long",
    ]


def test_text_can_leave_out_what_passed():
    assert "fine" not in to_text(REPORT, only_broken=True)


def test_a_report_without_rules_is_one_line():
    assert to_text(Report(DatasetName("a", "b"), 0, 0, 0, ())).count("\n") == 0
