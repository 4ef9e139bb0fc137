"""From numbers to outcomes: comparisons, and the finding of one rule. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.model.contract import Comparison, Operator, Unit
from ghala.model.report import Finding

if TYPE_CHECKING:
    from ghala.quality.compile import Test


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the rows that broke one rule as staged: how many were moved out, and some of their keys."""

    rows: int = 0
    samples: tuple[tuple[str, ...], ...] = ()


def holds(comparison: Comparison, measured: float) -> bool:
    """Return whether a measured number meets a condition; the ends belong to a `Between`.

    >>> holds(Comparison(Operator.MUST_BE_BETWEEN, 1, 5), 5)
    True
    >>> holds(Comparison(Operator.MUST_NOT_BE_BETWEEN, 1, 5), 5)
    False
    """
    low = comparison.low
    high = low if comparison.high is None else comparison.high
    return {
        Operator.MUST_BE: measured == low,
        Operator.MUST_NOT_BE: measured != low,
        Operator.MUST_BE_GREATER_THAN: measured > low,
        Operator.MUST_BE_GREATER_OR_EQUAL_TO: measured >= low,
        Operator.MUST_BE_LESS_THAN: measured < low,
        Operator.MUST_BE_LESS_OR_EQUAL_TO: measured <= low,
        Operator.MUST_BE_BETWEEN: low <= measured <= high,
        Operator.MUST_NOT_BE_BETWEEN: not low <= measured <= high,
    }[comparison.operator]


def percentage(count: int, rows: int) -> float:
    """Return how many percent of the rows a count is; no rows have 0 percent of anything.

    >>> percentage(3, 30), percentage(0, 0)
    (10.0, 0.0)
    """
    return 100 * count / rows if rows else 0.0


def strict_finding(test: Test, remaining: int, moved: Moved) -> Finding:
    """Return the outcome of a rule that no row may break.

    A row counts as failed if it was moved out or still breaks the rule in what remains. So a key that was staged
    twice, and of which another rule moved one row out, has one failed row, not two: the other is unique now.
    """
    failed = moved.rows + remaining
    return _finding(
        test,
        passed=failed == 0,
        measured=float(failed),
        failed_rows=failed,
        quarantined_rows=moved.rows,
        samples=moved.samples if failed else (),
    )


def threshold_finding(test: Test, count: int, rows: int) -> Finding:
    """Return the outcome of a rule that allows some rows to break it, measured on what remains."""
    comparison = test.rule.comparison
    is_percent = comparison is not None and comparison.unit is Unit.PERCENT
    return whole_finding(test, percentage(count, rows) if is_percent else float(count))


def whole_finding(test: Test, measured: float) -> Finding:
    """Return the outcome of a rule that compares one number."""
    comparison = test.rule.comparison
    if comparison is None:
        return fault_finding(test, "the rule says nothing to compare with")
    if not math.isfinite(measured):
        return fault_finding(test, "the rule did not return a finite number")
    return _finding(test, passed=holds(comparison, measured), measured=measured)


def fault_finding(test: Test, message: str) -> Finding:
    """Return the outcome of a rule that could not be evaluated: broken."""
    return _finding(test, passed=False, measured=0.0, error=message)


def _finding(
    test: Test,
    *,
    passed: bool,
    measured: float,
    failed_rows: int = 0,
    quarantined_rows: int = 0,
    samples: tuple[tuple[str, ...], ...] = (),
    error: str | None = None,
) -> Finding:
    return Finding(
        rule_id=test.rule.id,
        kind=test.rule.kind,
        columns=test.rule.columns,
        severity=test.rule.severity,
        on_fail=test.on_fail,
        passed=passed,
        measured=measured,
        failed_rows=failed_rows,
        quarantined_rows=quarantined_rows,
        samples=samples,
        description=test.rule.description,
        error=error,
    )
