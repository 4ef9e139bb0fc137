"""Tickets, and what was said about each: entries are added, and nothing is ever removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, tuple_, update

from ghala.model.names import DatasetName
from ghala.model.ticket import Ticket, TicketEntry, TicketState
from ghala.registry import tables
from ghala.registry.agreements import as_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from ghala.model.page import ListPlace

_tickets = tables.tickets


def add(connection: Connection, ticket: Ticket) -> None:
    """Keep a new ticket, with its first entry: that it was opened."""
    connection.execute(
        insert(_tickets).values(
            id=ticket.id,
            dataset_id=ticket.dataset_id,
            dataset=str(ticket.dataset),
            environment=ticket.environment,
            column=ticket.column,
            release=ticket.release,
            place=ticket.place,
            found=ticket.found,
            expected=ticket.expected,
            opened_by=ticket.opened_by,
            opened_at=as_us(ticket.opened_at),
            state=ticket.state.value,
            mended_in=ticket.mended_in,
            changed_at=as_us(ticket.changed_at),
        )
    )
    _add_entry(
        connection, ticket.id, TicketEntry(ticket.opened_at, ticket.opened_by, ticket.state, "")
    )


def change(
    connection: Connection, ticket: str, entry: TicketEntry, *, mended_in: int | None = None
) -> None:
    """Add what was said about a ticket, and bring it into the state that follows."""
    changed = {"state": entry.state.value, "mended_in": mended_in, "changed_at": as_us(entry.at)}
    connection.execute(update(_tickets).where(_tickets.c.id == ticket).values(changed))
    _add_entry(connection, ticket, entry)


def find(connection: Connection, ticket: str) -> Ticket | None:
    """Return a ticket with all that was said about it; None if there is none."""
    query = select(_tickets).where(_tickets.c.id == ticket)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    entries = tables.ticket_events
    said = select(entries).where(entries.c.ticket == ticket).order_by(entries.c.number)
    history = tuple(
        TicketEntry(as_time(one["at"]), one["by"], TicketState(one["state"]), one["text"])
        for one in connection.execute(said).mappings()
    )
    return replace(_ticket(row), history=history)


def listed(
    connection: Connection,
    state: TicketState | None = None,
    dataset_id: str | None = None,
    *,
    after: ListPlace | None = None,
    most: int,
) -> tuple[Ticket, ...]:
    """Return tickets, newest first, without what was said about them: in one state, about one dataset, or all."""
    query = select(_tickets).order_by(_tickets.c.opened_at.desc(), _tickets.c.id.desc())
    if state is not None:
        query = query.where(_tickets.c.state == state.value)
    if dataset_id is not None:
        query = query.where(_tickets.c.dataset_id == dataset_id)
    if after is not None:
        place = tuple_(_tickets.c.opened_at, _tickets.c.id)
        query = query.where(place < (after.at_us, after.id))
    return tuple(_ticket(row) for row in connection.execute(query.limit(most)).mappings())


def open_count(connection: Connection, opened_by: str) -> int:
    """Return how many tickets of somebody wait for an answer."""
    waiting = [state.value for state in TicketState if state.is_waiting]
    which = (_tickets.c.opened_by == opened_by) & _tickets.c.state.in_(waiting)
    return connection.execute(select(func.count()).where(which)).scalar_one()


def _add_entry(connection: Connection, ticket: str, entry: TicketEntry) -> None:
    connection.execute(
        insert(tables.ticket_events).values(
            ticket=ticket,
            at=as_us(entry.at),
            by=entry.by,
            state=entry.state.value,
            text=entry.text,
        )
    )


def _ticket(row: RowMapping) -> Ticket:
    return Ticket(
        id=row["id"],
        dataset=DatasetName.parse(row["dataset"]),
        dataset_id=row["dataset_id"],
        environment=row["environment"],
        column=row["column"],
        release=row["release"],
        place=row["place"],
        found=row["found"],
        expected=row["expected"],
        opened_by=row["opened_by"],
        opened_at=as_time(row["opened_at"]),
        state=TicketState(row["state"]),
        mended_in=row["mended_in"],
        changed_at=as_time(row["changed_at"]),
    )
