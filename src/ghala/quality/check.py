"""The check of one dataset: its contract and the staged rows in, a report and the rows to release out.

The order is: count what breaks each rule among the rows as staged; move out what breaks a rule that quarantines; count
again, on what remains, whatever can have changed; then measure the rules about the whole state.

One round is enough, always. A rule that quarantines is one that no row may break, and such a rule, be it about cells
or about keys, cannot be broken by taking rows away. So after one round no rule has rows left to move out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.errors import CorruptError, GhalaError, StepError
from ghala.model.contract import RuleKind
from ghala.model.report import Report
from ghala.quality.compile import compile_rules
from ghala.quality.judge import (
    Moved,
    fault_finding,
    strict_finding,
    threshold_finding,
    whole_finding,
)
from ghala.quality.keys import Existing, KeyTables
from ghala.quality.measure import Measured, measure
from ghala.quality.rows import together
from ghala.quality.separate import (
    RULES_COLUMN,
    kept_query,
    moved_query,
    quarantined_query,
    read_samples,
    sample_columns,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.engines.duckdb import Session
    from ghala.model.contract import Dataset, OnFail, Rule
    from ghala.model.report import Finding
    from ghala.model.scan import PhysicalScan
    from ghala.quality.compile import Test

__all__ = ["Existing", "check"]


def check(
    session: Session,
    dataset: Dataset,
    staged: PhysicalScan,
    existing: Existing | None,
    *,
    on_fail: OnFail | None,
    separate: Callable[[exp.Query, exp.Query], PhysicalScan],
    run_rule: Callable[[Rule, PhysicalScan], float],
) -> tuple[Report, PhysicalScan]:
    """Check staged rows and return the report with the rows that would be released.

    Rules about rows look at the staged rows; keys must also differ from those of `existing` rows; row counts and SQL
    rules look at the state that would be released, existing and kept rows together.

    Args:
        session: where the queries run; it gets temporary tables, gone when this returns.
        dataset: its rules are checked; `staged` has its columns.
        staged: the rows that a run wants to release.
        existing: released rows that stay (`append`); None when the staged rows replace everything.
        on_fail: the step's default for rules that no row may break and that do not ask for quarantine themselves.
        separate: called at most once, with the query of the kept rows and that of the quarantined rows, which have
            one more column, `ghala_rules`. Both must be run on `session`, since they read its temporary tables.
            Returns the kept rows, written anew.
        run_rule: evaluates a SQL rule over a state; a GhalaError that it raises becomes the finding's `error`.

    Raises:
        StepError: rows were lost or doubled while they were separated, or the dataset and the rows do not fit.
        CorruptError: the staged files do not hold as many rows as were staged.
    """
    _refuse_unfit(dataset, staged)
    tests = _without_bad_patterns(session, compile_rules(dataset, on_fail))
    checked = [test for test in tests if test.predicate is not None or test.keys is not None]
    tables = KeyTables(session)
    try:
        first = measure(tables, staged, checked, existing)
        if first.rows != staged.row_count:
            raise CorruptError(
                f"{dataset.name}: {staged.row_count} rows were staged, the files hold {first.rows}",
                dataset=str(dataset.name),
            )
        moved_by = [t for t in checked if t.may_quarantine and first.broken[t.number]]
        broken = [t for t in checked if t.is_strict and first.broken[t.number]]
        quarantined, moved = _look_closer(
            session, dataset, staged, first, moved_by=moved_by, broken=broken
        )
        kept, last = staged, first
        if quarantined:
            kept = separate(
                kept_query(staged, moved_by, first.tables),
                quarantined_query(staged, moved_by, broken, first.tables),
            )
            # What no staged row broke, none of the kept rows breaks.
            again = [t for t in checked if not t.is_strict or first.broken[t.number]]
            last = measure(tables, kept, again, existing)
            _refuse_imbalance(dataset, first, last, kept, quarantined)
            _refuse_unmoved(dataset, first, last, moved, broken)
    finally:
        tables.drop()

    @cache
    def candidate() -> PhysicalScan:
        return together(None if existing is None else existing.scan(), kept)

    findings = tuple(_finding(test, last, moved, candidate, run_rule) for test in tests)
    return Report(dataset.name, first.rows, quarantined, last.rows, findings), kept


def _refuse_unfit(dataset: Dataset, staged: PhysicalScan) -> None:
    names = {name for name, _ in staged.columns}
    if missing := [column.name for column in dataset.columns if column.name not in names]:
        raise StepError(f"{dataset.name}: the staged rows have no column " + ", ".join(missing))
    if dataset.column(RULES_COLUMN) is not None:
        raise StepError(
            f"{dataset.name} has a column `{RULES_COLUMN}`, which quarantined rows need",
            hint="rename the column",
            place=dataset.place,
        )


def _without_bad_patterns(session: Session, tests: Sequence[Test]) -> tuple[Test, ...]:
    """Return the tests, those with a pattern that the engine does not understand as faults.

    One bad pattern in the common scan would fail all other rules with it.
    """
    patterns = {
        test.number: exp.Literal.string(test.rule.pattern)
        for test in tests
        if test.predicate is not None and test.rule.pattern is not None
    }
    if not patterns:
        return tuple(tests)
    numbered = exp.values(
        list(patterns.items()),
        alias="patterns",
        columns=["number", "pattern"],
    )
    tried = exp.Anonymous(
        this="try",
        expressions=[
            exp.Anonymous(
                this="regexp_matches", expressions=[exp.Literal.string(""), exp.column("pattern")]
            )
        ],
    )
    bad_query = (
        exp.select("number").from_(numbered).where(exp.Is(this=tried, expression=exp.null()))
    )
    bad = {number for (number,) in session.rows(bad_query.sql(dialect="duckdb"))}
    message = "the pattern is not a regular expression that the engine knows (RE2 syntax)"
    return tuple(
        replace(test, predicate=None, fault=message) if test.number in bad else test
        for test in tests
    )


def _look_closer(
    session: Session,
    dataset: Dataset,
    staged: PhysicalScan,
    first: Measured,
    *,
    moved_by: Sequence[Test],
    broken: Sequence[Test],
) -> tuple[int, dict[int, Moved]]:
    """Return how many rows are moved out, and what becomes of the rows of each broken rule, by its number."""
    if not broken:
        return 0, {}
    sampled = sample_columns(dataset)
    query = moved_query(staged, moved_by, broken, sampled, first.tables)
    (row,) = session.rows(query.sql(dialect="duckdb"))
    moved = {
        test.number: Moved(int(row[1 + 2 * position]), read_samples(row[2 + 2 * position]))
        for position, test in enumerate(broken)
    }
    return int(row[0]), moved


def _refuse_imbalance(
    dataset: Dataset, first: Measured, last: Measured, kept: PhysicalScan, quarantined: int
) -> None:
    if last.rows != kept.row_count or first.rows != last.rows + quarantined:
        raise StepError(
            f"{dataset.name}: {first.rows} rows were staged, but {last.rows} kept and {quarantined} quarantined",
            hint="nothing was released; please report this as a fault of Ghala",
            rows_staged=first.rows,
            rows_kept=last.rows,
            rows_quarantined=quarantined,
        )


def _refuse_unmoved(
    dataset: Dataset,
    first: Measured,
    last: Measured,
    moved: Mapping[int, Moved],
    broken: Sequence[Test],
) -> None:
    for test in broken:
        remaining = last.broken[test.number]
        is_lost = (
            test.predicate is not None
            and first.broken[test.number] != moved[test.number].rows + remaining
        )
        if is_lost or (test.may_quarantine and remaining):
            raise StepError(
                f"{dataset.name}: the rows that break `{test.rule.id}` were not all separated",
                hint="nothing was released; please report this as a fault of Ghala",
            )


def _finding(
    test: Test,
    last: Measured,
    moved: Mapping[int, Moved],
    candidate: Callable[[], PhysicalScan],
    run_rule: Callable[[Rule, PhysicalScan], float],
) -> Finding:
    if test.fault is not None:
        return fault_finding(test, test.fault)
    if test.rule.kind is RuleKind.ROW_COUNT:
        return whole_finding(test, float(candidate().row_count))
    if test.rule.kind is RuleKind.SQL:
        try:
            measured = float(run_rule(test.rule, candidate()))
        except GhalaError as error:
            return fault_finding(test, error.message)
        return whole_finding(test, measured)
    count = last.broken.get(test.number, 0)
    if test.is_strict:
        return strict_finding(test, count, moved.get(test.number, Moved()))
    return threshold_finding(test, count, last.rows)
