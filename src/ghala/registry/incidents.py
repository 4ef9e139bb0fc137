"""Incidents and their timelines: one open incident of each cause."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, insert, or_, select, update

from ghala.model.incident import Incident, IncidentCause, IncidentEvent, IncidentEventKind
from ghala.model.names import ProductName
from ghala.model.token import ALPHABET, ID_LENGTH
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, RowMapping

    from ghala.model.page import ListPlace


class Opening(NamedTuple):
    """What opens an incident. `key` is that of its cause: while one with it is open, there is no other."""

    environment: str
    product: ProductName
    cause: IncidentCause
    key: str
    title: str
    dataset_ids: Sequence[str]
    by: str
    text: str
    run_id: str | None = None


def open_new(connection: Connection, opening: Opening, now_us: int) -> str:
    """Open an incident and return its id; its cause must have none that is open."""
    table = tables.incidents
    incident = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
    connection.execute(
        insert(table).values(
            id=incident,
            environment=opening.environment,
            product=str(opening.product),
            cause=opening.cause.value,
            title=opening.title,
            dataset_ids=list(opening.dataset_ids),
            run_id=opening.run_id,
            open_key=opening.key,
            opened_at=now_us,
            opened_by=opening.by,
        )
    )
    add_event(connection, incident, IncidentEventKind.OPENED, opening.by, opening.text, now_us)
    return incident


def of_key(connection: Connection, key: str) -> Incident | None:
    """Return the open incident of a cause; None if there is none."""
    return _first(connection.execute(select(tables.incidents).filter_by(open_key=key)).mappings())


def find(connection: Connection, incident: str) -> Incident | None:
    """Return an incident; None if there is none of that id."""
    return _first(connection.execute(select(tables.incidents).filter_by(id=incident)).mappings())


def still_open(
    connection: Connection, environment: str, cause: IncidentCause
) -> dict[str, Incident]:
    """Return the incidents of one kind that are open, by the key of each."""
    table = tables.incidents
    query = select(table).filter_by(environment=environment, cause=cause.value)
    rows = connection.execute(query.where(table.c.open_key.is_not(None))).mappings()
    return {row["open_key"]: _incident(row) for row in rows}


def page(
    connection: Connection,
    environment: str,
    products: Collection[str],
    *,
    is_open: bool | None,
    after: ListPlace | None,
    limit: int,
) -> tuple[Incident, ...]:
    """Return incidents of some products behind a place, newest first: open ones, resolved ones, or all."""
    table = tables.incidents
    query = (
        select(table)
        .filter_by(environment=environment)
        .where(table.c.product.in_(list(products)))
        .order_by(table.c.opened_at.desc(), table.c.id.desc())
        .limit(limit)
    )
    if is_open is not None:
        has_key = table.c.open_key.is_not(None)
        query = query.where(has_key if is_open else ~has_key)
    if after is not None:
        at = table.c.opened_at
        query = query.where(or_(at < after.at_us, and_(at == after.at_us, table.c.id < after.id)))
    return tuple(_incident(row) for row in connection.execute(query).mappings())


def events(connection: Connection, incident: str) -> tuple[IncidentEvent, ...]:
    """Return the timeline of an incident, oldest first."""
    table = tables.incident_events
    rows = connection.execute(
        select(table).filter_by(incident=incident).order_by(table.c.number)
    ).mappings()
    return tuple(
        IncidentEvent(
            row["number"],
            as_time(row["at"]),
            IncidentEventKind(row["kind"]),
            row["by"],
            row["text"],
        )
        for row in rows
    )


def add_event(  # noqa: PLR0917 - the columns of one line
    connection: Connection,
    incident: str,
    kind: IncidentEventKind,
    by: str,
    text: str,
    now_us: int,
) -> None:
    """Add a line to a timeline."""
    table = tables.incident_events
    last = connection.execute(select(func.max(table.c.number)).filter_by(incident=incident))
    connection.execute(
        insert(table).values(
            incident=incident,
            number=int(last.scalar() or 0) + 1,
            at=now_us,
            kind=kind.value,
            by=by,
            text=text,
        )
    )


def happened_again(connection: Connection, incident: str, by: str, text: str, now_us: int) -> None:
    """Note that the cause came again; it has one line, however often it comes."""
    table = tables.incident_events
    same = {"incident": incident, "kind": IncidentEventKind.AGAIN.value}
    changed = connection.execute(update(table).filter_by(**same).values(at=now_us, text=text))
    if not changed.rowcount:
        add_event(connection, incident, IncidentEventKind.AGAIN, by, text, now_us)


def acknowledge(connection: Connection, incident: str, by: str, now_us: int) -> None:
    """Note who takes care of an incident."""
    values = {"acknowledged_at": now_us, "acknowledged_by": by}
    connection.execute(update(tables.incidents).filter_by(id=incident).values(**values))


def resolve(connection: Connection, incident: str, by: str, text: str, now_us: int) -> None:
    """Note that an incident is over: its cause may open another one."""
    values = {"resolved_at": now_us, "resolved_by": by, "open_key": None}
    connection.execute(update(tables.incidents).filter_by(id=incident).values(**values))
    add_event(connection, incident, IncidentEventKind.RESOLVED, by, text, now_us)


def _first(rows: Any) -> Incident | None:
    row = rows.first()
    return None if row is None else _incident(row)


def _incident(row: RowMapping) -> Incident:
    def moment(name: str) -> Any:
        return None if row[name] is None else as_time(row[name])

    return Incident(
        id=row["id"],
        environment=row["environment"],
        product=ProductName.parse(row["product"]),
        cause=IncidentCause(row["cause"]),
        title=row["title"],
        dataset_ids=tuple(row["dataset_ids"]),
        run_id=row["run_id"],
        opened_at=as_time(row["opened_at"]),
        opened_by=row["opened_by"],
        acknowledged_at=moment("acknowledged_at"),
        acknowledged_by=row["acknowledged_by"],
        resolved_at=moment("resolved_at"),
        resolved_by=row["resolved_by"],
    )
