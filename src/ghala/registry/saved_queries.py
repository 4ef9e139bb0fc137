"""Saved queries, and the statements that people asked lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from ghala.model.saved_query import EVERYBODY, AskedStatement, SavedQuery
from ghala.registry import tables
from ghala.registry.agreements import as_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Select

_queries, _datasets, _asked = (
    tables.saved_queries,
    tables.saved_query_datasets,
    tables.asked_statements,
)


def put(connection: Connection, query: SavedQuery) -> None:
    """Keep a query; in the place of the one with its id."""
    row = {
        "owner": query.owner,
        "name": query.name,
        "description": query.description,
        "sql": query.sql,
        "environment": query.environment,
        "shared_with": query.shared_with,
        "reads": list(query.datasets),
        "changed_at": as_us(query.changed_at),
    }
    changed = connection.execute(update(_queries).where(_queries.c.id == query.id).values(row))
    if not changed.rowcount:
        begun = {"id": query.id, "saved_at": as_us(query.saved_at), "run_count": 0}
        connection.execute(insert(_queries).values({**row, **begun}))
    connection.execute(delete(_datasets).where(_datasets.c.query == query.id))
    if query.datasets:
        rows = [{"dataset": name, "query": query.id} for name in query.datasets]
        connection.execute(insert(_datasets), rows)


def find(connection: Connection, query: str) -> SavedQuery | None:
    """Return a query by its id; None if there is none."""
    row = connection.execute(select(_queries).where(_queries.c.id == query)).mappings().first()
    return None if row is None else _query(row)


def find_named(connection: Connection, owner: str, name: str) -> SavedQuery | None:
    """Return somebody's query by its name; None if they have none of that name."""
    query = select(_queries).where(_queries.c.owner == owner, _queries.c.name == name)
    row = connection.execute(query).mappings().first()
    return None if row is None else _query(row)


def of_owner(connection: Connection, owner: str, dataset: str | None) -> tuple[SavedQuery, ...]:
    """Return somebody's queries; of one dataset, or all."""
    query = _about(select(_queries).where(_queries.c.owner == owner), dataset)
    return tuple(_query(row) for row in connection.execute(query).mappings())


def shared(  # noqa: PLR0917 - a page of a list
    connection: Connection,
    owner: str,
    teams: Collection[str],
    dataset: str | None,
    start: int,
    most: int,
) -> tuple[SavedQuery, ...]:
    """Return queries that others share with somebody, the most used first, from a place on; of one dataset, or all."""
    with_them = _queries.c.shared_with.in_(sorted({EVERYBODY, *teams}))
    query = _about(select(_queries).where(_queries.c.owner != owner, with_them), dataset)
    ordered = query.order_by(
        _queries.c.run_count.desc(), _queries.c.changed_at.desc(), _queries.c.id
    )
    page = ordered.offset(start).limit(most)
    return tuple(_query(row) for row in connection.execute(page).mappings())


def _about(query: Select[tuple[object, ...]], dataset: str | None) -> Select[tuple[object, ...]]:
    if dataset is None:
        return query
    about = select(_datasets.c.query).where(_datasets.c.dataset == dataset)
    return query.where(_queries.c.id.in_(about))


def count(connection: Connection, owner: str) -> int:
    """Return how many queries somebody keeps."""
    query = select(func.count()).select_from(_queries).where(_queries.c.owner == owner)
    return connection.execute(query).scalar_one()


def ran(connection: Connection, query: str, now_us: int) -> None:
    """Count that a query is run."""
    counted = {"run_count": _queries.c.run_count + 1, "last_run_at": now_us}
    connection.execute(update(_queries).where(_queries.c.id == query).values(counted))


def remove(connection: Connection, query: str) -> None:
    """Forget a query."""
    connection.execute(delete(_datasets).where(_datasets.c.query == query))
    connection.execute(delete(_queries).where(_queries.c.id == query))


def note_asked(
    connection: Connection,
    rows: Sequence[Mapping[str, object]],
    kept: int,
    since_us: int,
) -> None:
    """Keep what some people asked, and forget what is too old, or more than is kept of each.

    Nothing is kept of accounts that are disabled: what they asked was forgotten with that.
    """
    asking = {str(row["account"]) for row in rows}
    accounts = tables.accounts.c
    disabled = select(accounts.id).where(
        accounts.id.in_(sorted(asking)), accounts.disabled_at.is_not(None)
    )
    # Whoever disables one of the others waits, and forgets afterwards.
    enabled = select(accounts.id).where(accounts.id.in_(sorted(asking))).with_for_update(read=True)
    connection.execute(enabled)
    asking -= set(connection.execute(disabled).scalars())
    kept_rows = [row for row in rows if row["account"] in asking]
    if kept_rows:
        connection.execute(insert(_asked), kept_rows)
    connection.execute(delete(_asked).where(_asked.c.asked_at < since_us))
    for account in asking:
        own = _asked.c.account == account
        oldest = (
            select(_asked.c.number).where(own).order_by(_asked.c.number.desc()).offset(kept - 1)
        )
        number = connection.execute(oldest.limit(1)).scalar()
        if number is not None:
            connection.execute(delete(_asked).where(own, _asked.c.number < number))


def asked(
    connection: Connection, account: str, since_us: int, most: int
) -> tuple[AskedStatement, ...]:
    """Return what somebody asked since some time, newest first."""
    own = (_asked.c.account == account) & (_asked.c.asked_at >= since_us)
    query = select(_asked).where(own).order_by(_asked.c.number.desc())
    return tuple(
        AskedStatement(
            row["number"], as_time(row["asked_at"]), row["purpose"], row["environment"], row["sql"]
        )
        for row in connection.execute(query.limit(most)).mappings()
    )


def forget_asked(connection: Connection, account: str) -> None:
    """Forget all that somebody asked."""
    connection.execute(delete(_asked).where(_asked.c.account == account))


def _query(row: RowMapping) -> SavedQuery:
    last = row["last_run_at"]
    return SavedQuery(
        id=row["id"],
        owner=row["owner"],
        name=row["name"],
        description=row["description"],
        sql=row["sql"],
        environment=row["environment"],
        shared_with=row["shared_with"],
        datasets=tuple(row["reads"]),
        saved_at=as_time(row["saved_at"]),
        changed_at=as_time(row["changed_at"]),
        run_count=row["run_count"],
        last_run_at=None if last is None else as_time(last),
    )
