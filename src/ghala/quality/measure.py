"""One pass of measuring: how many of some staged rows break each rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.quality.compile import cell
from ghala.quality.keys import count_keys, find_near, find_span
from ghala.quality.rows import BrokenKeys, breaks, count_if, rows_query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.engines.duckdb import Session
    from ghala.model.scan import PhysicalScan
    from ghala.quality.compile import KeySet, Test
    from ghala.quality.keys import Existing, KeyTables


@dataclass(frozen=True, slots=True)
class Measured:
    """What one pass found: `broken` counts the breaking rows by the test's number, `tables` has the broken keys."""

    rows: int
    broken: Mapping[int, int]
    tables: Mapping[KeySet, BrokenKeys]


def measure(
    tables: KeyTables, scan: PhysicalScan, tests: Sequence[Test], existing: Existing | None
) -> Measured:
    """Count the rows that break each test: one scan for all rules about cells, and a narrow one for each key."""
    session = tables.session
    if not scan.groups:
        return Measured(0, {test.number: 0 for test in tests}, {})
    row_tests = [test for test in tests if test.predicate is not None]
    key_tests = [test for test in tests if test.keys is not None]
    key_sets = list(dict.fromkeys(test.keys for test in key_tests if test.keys is not None))

    aggregates = [exp.Count(this=exp.Star()), *(_counted(test) for test in row_tests)]
    (row,) = session.rows(rows_query(scan, aggregates).sql(dialect="duckdb"))
    rows, *counts = (int(number) for number in row)
    broken = {
        test.number: rows - count if test.null_column else count
        for test, count in zip(row_tests, counts, strict=True)
    }

    found: dict[KeySet, BrokenKeys] = {}
    incomplete: set[KeySet] = set()
    for keys in key_sets:
        span = find_span(session, scan, keys, is_append=existing is not None)
        present, different = count_keys(session, scan, keys, span)
        if present < rows:
            incomplete.add(keys)
        near = find_near(existing, keys, span)
        broken_keys = tables.fill(scan, keys, near, may_repeat=different != present)
        if broken_keys is not None:
            found[keys] = broken_keys
    suspects = [
        test
        for test in key_tests
        if test.keys in found or (test.key_nulls is not None and test.keys in incomplete)
    ]
    broken |= {test.number: 0 for test in key_tests}
    broken |= _broken_by_key(session, scan, suspects, found)
    return Measured(rows, broken, found)


def _counted(test: Test) -> exp.Expr:
    if test.null_column is not None:
        # Counting what is there is what the engine can take from a file's statistics.
        return exp.Count(this=cell(test.null_column))
    return count_if(exp.false() if test.predicate is None else test.predicate.copy())


def _broken_by_key(
    session: Session,
    scan: PhysicalScan,
    suspects: Sequence[Test],
    found: Mapping[KeySet, BrokenKeys],
) -> dict[int, int]:
    if not suspects:
        return {}
    aggregates = [count_if(breaks(test, found)) for test in suspects]
    query = rows_query(scan, aggregates, found.values())
    (row,) = session.rows(query.sql(dialect="duckdb"))
    return {test.number: int(count) for test, count in zip(suspects, row, strict=True)}
