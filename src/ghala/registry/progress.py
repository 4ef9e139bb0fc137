"""How far runs are, in the registry: steps with their times and rows, and lines of what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from ghala.model.run_progress import RunLine, RunStep, RunStepKind, RunStepState
from ghala.registry import tables
from ghala.registry.parts import parts
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


def set_steps(connection: Connection, run_id: str, steps: Mapping[int, RunStep]) -> None:
    """Record steps as they are now, each by its position."""
    if not steps:
        return
    table = tables.run_steps
    again = table.c.position.in_(list(steps))
    connection.execute(delete(table).where((table.c.run_id == run_id) & again))
    connection.execute(
        insert(table),
        [
            {
                "run_id": run_id,
                "position": position,
                "name": step.name,
                "kind": step.kind.value,
                "reads": list(step.reads),
                "dataset": step.dataset,
                "state": step.state.value,
                "began_at": _us(step.began_at),
                "ended_at": _us(step.ended_at),
                "rows_in": step.rows_in,
                "rows_out": step.rows_out,
                "quarantined": step.quarantined,
            }
            for position, step in steps.items()
        ],
    )


def set_lines(connection: Connection, run_id: str, lines: Sequence[RunLine]) -> None:
    """Record lines; one that is there already is written again."""
    if not lines:
        return
    table = tables.run_lines
    again = table.c.number >= lines[0].number
    connection.execute(delete(table).where((table.c.run_id == run_id) & again))
    connection.execute(
        insert(table),
        [
            # PostgreSQL keeps every character but this one.
            {
                "run_id": run_id,
                "number": line.number,
                "at": _us(line.at),
                "text": line.text.replace("\0", "\N{REPLACEMENT CHARACTER}"),
            }
            for line in lines
        ],
    )


def end_steps(connection: Connection, run_ids: Collection[str], at_us: int) -> None:
    """Mark what runs did that ended without a word: what they were at failed, what they had not begun is left out."""
    table = tables.run_steps
    for before, after in (
        (RunStepState.RUNNING, {"state": RunStepState.FAILED.value, "ended_at": at_us}),
        (RunStepState.WAITING, {"state": RunStepState.LEFT_OUT.value}),
    ):
        which = table.c.run_id.in_(list(run_ids)) & (table.c.state == before.value)
        connection.execute(update(table).where(which).values(**after))


def steps_of(connection: Connection, run_id: str) -> tuple[RunStep, ...]:
    """Return the steps of a run in order; none of one that an older version ran."""
    return tuple(steps_of_runs(connection, [run_id]).get(run_id, ()))


def steps_of_runs(connection: Connection, run_ids: Collection[str]) -> dict[str, list[RunStep]]:
    """Return the steps of some runs in order, by the runs' ids."""
    table = tables.run_steps
    found: dict[str, list[RunStep]] = {}
    for part in parts(run_ids):
        query = select(table).where(table.c.run_id.in_(part)).order_by(table.c.position)
        for row in connection.execute(query).mappings():
            found.setdefault(row["run_id"], []).append(_step(row))
    return found


def lines_of(connection: Connection, run_id: str, after: int, limit: int) -> tuple[RunLine, ...]:
    """Return the lines of a run after a number, in order."""
    table = tables.run_lines
    query = (
        select(table)
        .where((table.c.run_id == run_id) & (table.c.number > after))
        .order_by(table.c.number)
        .limit(limit)
    )
    rows = connection.execute(query).mappings()
    return tuple(RunLine(row["number"], as_time(row["at"]), row["text"]) for row in rows)


def _step(row: Any) -> RunStep:
    return RunStep(
        name=row["name"],
        kind=RunStepKind(row["kind"]),
        reads=tuple(row["reads"]),
        dataset=row["dataset"],
        state=RunStepState(row["state"]),
        began_at=_time(row["began_at"]),
        ended_at=_time(row["ended_at"]),
        rows_in=row["rows_in"],
        rows_out=row["rows_out"],
        quarantined=row["quarantined"],
    )


def _us(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1_000_000)


def _time(us: Any) -> datetime | None:
    return None if us is None else as_time(us)
