"""Events: written with what happened, read in the order in which it did, forgotten after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, func, insert, select

from ghala.model.event import Event, EventKind
from ghala.model.moment import of_microseconds
from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row


class Span(NamedTuple):
    """The numbers of the oldest and the newest event that are kept; 0 where there is none."""

    oldest: int
    newest: int


def add(
    connection: Connection,
    kind: EventKind,
    subject: str,
    facts: Mapping[str, str | int],
    at_us: int,
) -> None:
    """Write an event in the transaction of what happened."""
    connection.execute(
        insert(tables.events).values(at=at_us, event=kind.value, subject=subject, body=dict(facts))
    )


def span(connection: Connection) -> Span:
    """Return which events are kept."""
    number = tables.events.c.number
    oldest, newest = connection.execute(select(func.min(number), func.max(number))).one()
    return Span(oldest or 0, newest or 0)


def newest(connection: Connection) -> int:
    """Return the number of the newest event; 0 if there is none."""
    return connection.execute(select(func.max(tables.events.c.number))).scalar() or 0


def after(connection: Connection, number: int, limit: int) -> tuple[Event, ...]:
    """Return the events that follow one, oldest first."""
    table = tables.events
    query = select(table).where(table.c.number > number).order_by(table.c.number).limit(limit)
    return tuple(map(_event, connection.execute(query)))


def before(connection: Connection, number: int, limit: int) -> tuple[Event, ...]:
    """Return the events that come before one, newest first."""
    table = tables.events
    earlier = select(table).where(table.c.number < number)
    query = earlier.order_by(table.c.number.desc()).limit(limit)
    return tuple(map(_event, connection.execute(query)))


def forget(connection: Connection, before_us: int) -> None:
    """Forget what happened before a moment; not the newest, whose number must not come again."""
    table = tables.events
    last = select(func.max(table.c.number)).scalar_subquery()
    connection.execute(delete(table).where((table.c.at < before_us) & (table.c.number < last)))


def _event(row: Row[Any]) -> Event:
    return Event(row.number, of_microseconds(row.at), EventKind(row.event), row.subject, row.body)
