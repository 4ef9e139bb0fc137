"""Runs, and what they leave behind besides releases: source cursors and quarantined batches."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert, select, update

from ghala.model.event import EventKind
from ghala.model.names import ProductName
from ghala.model.outcome import Quarantined
from ghala.model.run import FileBalance, Run, RunState, StepBalance, TakenFile
from ghala.registry import claims, cursors, events, progress, tables
from ghala.registry.parts import parts
from ghala.registry.registry import now_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from ghala.errors import GhalaError


def start(connection: Connection, run: Run) -> None:
    """Record that a run begins."""
    connection.execute(
        insert(tables.runs).values(
            id=run.id,
            environment=run.environment,
            product=str(run.product),
            definition_sha256=run.definition_sha256,
            state=run.state.value,
            started_at=round(run.started_at.timestamp() * 1_000_000),
            started_by=run.started_by,
            rolls_back=run.rolls_back,
            steps=[],
            reports=[],
        )
    )
    _tell(connection, run.id, run.state, str(run.product), run.environment)


def finish(
    connection: Connection,
    run_id: str,
    state: RunState,
    *,
    steps: Sequence[StepBalance],
    reports: Sequence[Mapping[str, Any]],
    release: int | None = None,
    error: GhalaError | None = None,
) -> None:
    """Record how a run ended."""
    connection.execute(
        update(tables.runs)
        .where(tables.runs.c.id == run_id)
        .values(
            state=state.value,
            finished_at=now_us(),
            release=release,
            error=None if error is None else _kept(str(error)),
            error_code=None if error is None else error.code,
            hint=None if error is None or error.hint is None else _kept(error.hint),
            steps=[asdict(step) for step in steps],
            reports=list(reports),
        )
    )
    _tell_of(connection, [run_id], state)


def abandon(
    connection: Connection, environment: str, product: ProductName, except_id: str
) -> tuple[str, ...]:
    """Mark runs as failed whose process ended without a word, and return them: who holds the claim knows it."""
    table = tables.runs
    query = select(table.c.id).where(
        table.c.environment == environment,
        table.c.product == str(product),
        table.c.state == RunState.RUNNING.value,
        table.c.id != except_id,
    )
    found = tuple(connection.execute(query).scalars())
    give_up(connection, found)
    return found


def give_up(connection: Connection, run_ids: Collection[str]) -> None:
    """Mark runs as failed whose process ended without a word."""
    if not run_ids:
        return
    table, at_us = tables.runs, now_us()
    values = {"state": RunState.FAILED.value, "finished_at": at_us}
    error = "the process ended before the run did"
    connection.execute(
        update(table).where(table.c.id.in_(list(run_ids))).values(**values, error=error)
    )
    progress.end_steps(connection, run_ids, at_us)
    _tell_of(connection, run_ids, RunState.FAILED)


def lost(connection: Connection) -> tuple[Run, ...]:
    """Return the runs that are not on record as ended, though nobody holds their claim any more."""
    table = tables.runs
    rows = connection.execute(
        select(table).where(table.c.state == RunState.RUNNING.value).order_by(table.c.started_at)
    ).mappings()
    open_runs = [_run(row) for row in rows]
    held = claims.open_runs(connection) if open_runs else frozenset()
    return tuple(run for run in open_runs if run.id not in held)


def tells() -> ColumnElement[bool]:
    """Return the condition that a run says how its product is: a rollback that came to nothing changed nothing."""
    table = tables.runs
    return table.c.rolls_back.is_(None) | (table.c.state == RunState.PUBLISHED.value)


def last_ended(
    connection: Connection, environment: str, product: ProductName, except_id: str
) -> Run | None:
    """Return the run of a product that ended last before another, of those that say how it is; None if none does."""
    table = tables.runs
    query = (
        select(table)
        .filter_by(environment=environment, product=str(product))
        .where((table.c.id != except_id) & (table.c.state != RunState.RUNNING.value) & tells())
        .order_by(table.c.started_at.desc(), table.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else _run(row)


class LastRun(NamedTuple):
    """The run of a product that ended last."""

    id: str
    state: RunState


def last_of(connection: Connection, environment: str, product: ProductName) -> LastRun | None:
    """Return the run that was started last of those that ended and say how a product is; None if none does."""
    table = tables.runs
    query = (
        select(table.c.id, table.c.state)
        .filter_by(environment=environment, product=str(product))
        .where((table.c.state != RunState.RUNNING.value) & tells())
        .order_by(table.c.started_at.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else LastRun(row.id, RunState(row.state))


def find(connection: Connection, run_id: str) -> Run | None:
    """Return a run; None if there is none of that id."""
    row = connection.execute(select(tables.runs).filter_by(id=run_id)).mappings().first()
    return None if row is None else _run(row)


def states_of(connection: Connection, run_ids: Collection[str]) -> dict[str, RunState]:
    """Return how some runs stand, by their ids."""
    table = tables.runs
    query = select(table.c.id, table.c.state)
    return {
        row.id: RunState(row.state)
        for part in parts(run_ids)
        for row in connection.execute(query.where(table.c.id.in_(part)))
    }


def reports_of(connection: Connection, run_id: str) -> list[dict[str, Any]]:
    """Return the reports of a run's checks as they were stored."""
    return list(
        connection.execute(select(tables.runs.c.reports).filter_by(id=run_id)).scalar() or ()
    )


def recent(
    connection: Connection, environment: str, products: Collection[ProductName], limit: int
) -> tuple[tuple[Run, list[dict[str, Any]]], ...]:
    """Return the last started runs of some products with the reports of their checks, newest first."""
    table = tables.runs
    query = (
        select(table)
        .filter_by(environment=environment)
        .where(table.c.product.in_([str(product) for product in products]))
        .order_by(table.c.started_at.desc(), table.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(query).mappings()
    return tuple((_run(row), list(row["reports"] or ())) for row in rows)


def latest(connection: Connection, environment: str) -> dict[ProductName, Run]:
    """Return the last started run of each product."""
    query = (
        select(tables.runs).filter_by(environment=environment).order_by(tables.runs.c.started_at)
    )
    runs = (_run(row) for row in connection.execute(query).mappings())
    return {run.product: run for run in runs}


def cursor(
    connection: Connection, environment: str, product: ProductName, source: str
) -> dict[str, TakenFile]:
    """Return the files that releases already took from a source, by path."""
    table = tables.cursors
    rows = connection.execute(
        select(table.c.path, table.c.sha256, table.c.byte_count, table.c.stamp).filter_by(
            environment=environment, product=str(product), source=source
        )
    )
    return {path: TakenFile(sha256, size, stamp) for path, sha256, size, stamp in rows}


def taken_before(
    connection: Connection,
    environment: str,
    product: ProductName,
    *,
    hashes: Sequence[str],
    apart_from: Collection[str],
) -> dict[str, str]:
    """Return which of these sha256 a product's releases took, apart from those of some sources, with their paths."""
    table = tables.cursors
    query = select(table.c.sha256, table.c.path, table.c.source).filter_by(
        environment=environment, product=str(product)
    )
    found: dict[str, str] = {}
    for part in parts(hashes):
        for row in connection.execute(query.where(table.c.sha256.in_(part))):
            if row.source not in apart_from:
                found[row.sha256] = row.path
    return found


def move_cursor(
    connection: Connection,
    environment: str,
    product: ProductName,
    source: str,
    *,
    files: Mapping[str, TakenFile],
    release: int,
) -> None:
    """Record files, by path, as taken by a release; a path that is read again keeps its last bytes."""
    if not files:
        return
    key = {"environment": environment, "product": str(product), "source": source}
    table = tables.cursors
    for part in parts(files):
        cursors.end(connection, key, table.c.path.in_(part), release)
    connection.execute(
        insert(table),
        [{**key, "path": path, **asdict(file), "release": release} for path, file in files.items()],
    )


def record_quarantine(
    connection: Connection, environment: str, batches: Sequence[Quarantined]
) -> None:
    """Record batches of rows that a run kept out."""
    if batches:
        connection.execute(
            insert(tables.quarantines),
            [
                {
                    "environment": environment,
                    "product": str(batch.product),
                    "run_id": batch.run_id,
                    "step": batch.step,
                    "kind": batch.kind,
                    "row_count": batch.rows,
                    "path": batch.path,
                    "created_at": round(batch.created_at.timestamp() * 1_000_000),
                }
                for batch in batches
            ],
        )


def quarantined(
    connection: Connection,
    environment: str,
    product: ProductName | None = None,
    run_id: str | None = None,
) -> tuple[Quarantined, ...]:
    """Return quarantined batches, newest first."""
    table = tables.quarantines
    query = select(table).filter_by(environment=environment)
    if product is not None:
        query = query.filter_by(product=str(product))
    if run_id is not None:
        query = query.filter_by(run_id=run_id)
    rows = connection.execute(
        query.order_by(table.c.created_at.desc(), table.c.id.desc())
    ).mappings()
    return tuple(
        Quarantined(
            product=ProductName.parse(row["product"]),
            run_id=row["run_id"],
            step=row["step"],
            kind=row["kind"],
            rows=row["row_count"],
            path=row["path"],
            created_at=as_time(row["created_at"]),
        )
        for row in rows
    )


def _kept(text: str) -> str:
    # PostgreSQL keeps every character but this one.
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _tell_of(connection: Connection, run_ids: Collection[str], state: RunState) -> None:
    table = tables.runs
    query = select(table.c.id, table.c.product, table.c.environment)
    for row in connection.execute(query.where(table.c.id.in_(list(run_ids)))):
        _tell(connection, row.id, state, row.product, row.environment)


def _tell(
    connection: Connection, run_id: str, state: RunState, product: str, environment: str
) -> None:
    facts: dict[str, str | int] = {"run": run_id, "environment": environment}
    events.add(connection, EventKind(f"run:{state.value}"), product, facts, now_us())


def _run(row: Any) -> Run:
    return Run(
        id=row["id"],
        product=ProductName.parse(row["product"]),
        environment=row["environment"],
        definition_sha256=row["definition_sha256"],
        state=RunState(row["state"]),
        started_at=as_time(row["started_at"]),
        finished_at=None if row["finished_at"] is None else as_time(row["finished_at"]),
        release=row["release"],
        error=row["error"],
        steps=tuple(
            StepBalance(**{**step, "files": tuple(map(_file, step["files"]))})
            for step in row["steps"]
        ),
        started_by=row["started_by"],
        error_code=row["error_code"],
        hint=row["hint"],
        rolls_back=row["rolls_back"],
    )


def _file(stored: Mapping[str, Any]) -> FileBalance:
    # Runs that were recorded by an older version know nothing of `unread`.
    return FileBalance(**{**stored, "unread": tuple(stored.get("unread", ()))})
