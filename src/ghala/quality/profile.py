"""The profile of one dataset: one scan for what all rows say, which keeps a sample for how values are distributed.

Columns are looked at in groups, so that a wide table needs no more memory at once than a narrow one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ghala.errors import LimitError, QueryError
from ghala.model.profile import (
    ColumnProfile,
    Coverage,
    DatasetProfile,
    Histogram,
    Measure,
    TopValue,
)
from ghala.model.types import Kind
from ghala.quality.profile_columns import Bins, Profiled, bins_of, end_names, fact_names
from ghala.quality.profile_queries import (
    FACTS,
    SAMPLE,
    ends_query,
    facts_query,
    known_query,
    sample_query,
    spread_query,
    top_query,
)
from ghala.quality.rows import together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ghala.engines.duckdb import Session
    from ghala.model.names import DatasetName
    from ghala.model.scan import PhysicalScan
    from ghala.quality.keys import Existing

MOST_EXISTING_ROWS = 1_000_000
"""Released rows that are looked at again beside those that are added; where there are more, only these are."""
EXISTING_ROWS_AT_ANY_RATE = 50_000
_TIMES_THE_ADDED = 100
"""So many times as many rows as are added are looked at again: who adds little, and often, does not pay for all."""
_GROUP = 50
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def profile(
    session: Session,
    dataset: DatasetName,
    staged: PhysicalScan,
    existing: Existing | None,
    *,
    sample_rows: int,
) -> DatasetProfile:
    """Return the profile of a state that is about to be released.

    Args:
        session: where the queries run; it gets temporary tables, gone when this returns.
        dataset: its name.
        staged: the rows that are released, without those that were moved out.
        existing: released rows that stay beside them; None when the staged rows are all.
        sample_rows: from about so many rows distributions are taken; at least 1.

    Raises:
        StorageError: the engine could not read or write a file.
    """
    scan, coverage = staged, Coverage.RELEASE
    if existing is not None:
        released = existing.scan()
        wanted = max(EXISTING_ROWS_AT_ANY_RATE, _TIMES_THE_ADDED * staged.row_count)
        if released.row_count > min(MOST_EXISTING_ROWS, wanted):
            coverage = Coverage.ADDED
        else:
            scan = together(released, staged)
    made = DatasetProfile(dataset, coverage, scan.row_count)
    try:
        return replace(made, columns=tuple(_columns(session, scan, sample_rows)))
    except (LimitError, QueryError) as error:
        # A release does not wait for its portrait.
        return replace(made, fault=error.message)


def _columns(session: Session, scan: PhysicalScan, sample_rows: int) -> Iterator[ColumnProfile]:
    for begin in range(0, len(scan.columns), _GROUP):
        group = [
            Profiled(name, data_type, place)
            for place, (name, data_type) in enumerate(scan.columns[begin : begin + _GROUP])
        ]
        if not scan.groups:
            yield from (ColumnProfile(one.name, str(one.type), 0) for one in group)
            continue
        is_part = scan.row_count > sample_rows
        share = sample_rows / scan.row_count if is_part else None
        try:
            facts = _facts(session, scan, group, share)
            seen = [one for one in group if one.has_distinct and facts[one.name]["present"]]
            spread = _spread(session, seen, facts, is_part=is_part) if seen else {}
        finally:
            _drop(session)
        for one in group:
            yield _column(one, scan.row_count, facts[one.name] | spread.get(one.name, {}))


def _facts(
    session: Session, scan: PhysicalScan, group: Sequence[Profiled], share: float | None
) -> dict[str, dict[str, Any]]:
    """Return what all rows say of each column, and keep a sample of them."""
    session.execute(facts_query(scan, group, share).sql(dialect="duckdb"))
    (row,) = session.rows(known_query(group).sql(dialect="duckdb"))
    values = iter(row)
    found = {one.name: {name: next(values) for name in fact_names(one)} for one in group}
    query = ends_query(scan, group)
    if query is not None:
        (row,) = session.rows(query.sql(dialect="duckdb"))
        values = iter(row)
        for one in group:
            found[one.name] |= {name: next(values) for name in end_names(one)}
    return found


def _spread(
    session: Session,
    columns: Sequence[Profiled],
    facts: Mapping[str, Mapping[str, Any]],
    *,
    is_part: bool,
) -> dict[str, dict[str, Any]]:
    """Return how the values of each column are distributed in the sample."""
    binned = [(one, _bins(one, facts[one.name])) for one in columns]
    session.execute(sample_query(columns).sql(dialect="duckdb"))
    (row,) = session.rows(spread_query(binned).sql(dialect="duckdb"))
    tops = session.rows(top_query(columns, int(row[0])).sql(dialect="duckdb"))
    sampled, *values = row
    return {
        one.name: {
            "sampled": int(sampled) if is_part else None,
            "quantiles": values[3 * place],
            "stddev": values[3 * place + 1],
            "histogram": _histogram(one, bins, values[3 * place + 2]),
            "top": [(value, rows) for number, value, rows in tops if number == one.place],
        }
        for place, (one, bins) in enumerate(binned)
    }


def _drop(session: Session) -> None:
    for name in (SAMPLE, FACTS):
        gone = exp.Drop(tables=[exp.to_table(name)], kind="TABLE", exists=True)
        session.execute(gone.sql(dialect="duckdb"))


def _bins(column: Profiled, facts: Mapping[str, Any]) -> Bins | None:
    return bins_of(facts.get("low"), facts.get("high"), is_whole=column.is_whole)


def _histogram(
    column: Profiled, bins: Bins | None, found: Sequence[tuple[int, int]] | None
) -> Histogram | None:
    edges = None if bins is None else _edges(column, bins)
    if column.of is None or bins is None or edges is None:
        return None
    counts = dict(found or ())
    return Histogram(column.of, edges, tuple(int(counts.get(one, 0)) for one in range(bins.count)))


def _edges(column: Profiled, bins: Bins) -> tuple[float | str, ...] | None:
    """Return the edges as people read them; None where moments lie outside of what can be written."""
    if column.of is not Measure.TIME:
        return bins.edges
    is_date = column.type.kind is Kind.DATE
    unit = timedelta(days=1) if is_date else timedelta(microseconds=1)
    try:
        moments = [_FIRST + int(edge) * unit for edge in bins.edges]
    except OverflowError:
        return None
    if is_date:
        return tuple(one.date().isoformat() for one in moments)
    zone = UTC if column.type.kind is Kind.TIMESTAMPTZ else None
    return tuple(one.replace(tzinfo=zone).isoformat() for one in moments)


def _column(column: Profiled, rows: int, known: Mapping[str, Any]) -> ColumnProfile:
    distinct, true_rows = known.get("distinct"), known.get("true_rows")
    present = int(known["present"])
    return ColumnProfile(
        name=column.name,
        type=str(column.type),
        nulls=rows - present,
        # An estimate must not say what cannot be.
        distinct=None if distinct is None else min(int(distinct), present),
        minimum=known.get("minimum"),
        maximum=known.get("maximum"),
        mean=known.get("mean"),
        stddev=known.get("stddev"),
        true_rows=None if true_rows is None else int(true_rows),
        sampled=known.get("sampled"),
        quantiles=tuple(known.get("quantiles") or ()),
        histogram=known.get("histogram"),
        top=tuple(TopValue(str(value), int(count)) for value, count in known.get("top", ())),
    )
