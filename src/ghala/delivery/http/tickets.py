"""`/tickets`: what somebody found wrong in a dataset, and what its owner answered."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.sync import call
from ghala.delivery.http.ticket_shapes import (
    NewAnswer,
    NewReply,
    NewTicket,
    TicketFacts,
    TicketList,
    TicketQuery,
)
from ghala.model.plain import plain
from ghala.model.ticket import Ticket

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=RepeatableRoute)
TicketId = Annotated[str, Path(min_length=12, max_length=12, pattern="^[0-9A-Za-z]+$")]


@router.post("", status_code=201)
async def open_ticket(asked: NewTicket, asker: WhoAsks, parts: GivenParts) -> TicketFacts:
    """Say what is wrong in a dataset that one may discover; its owner is told."""
    verb = parts.talk.tickets.open
    return _facts(await call(parts.lookups, verb, by=asker.principal, **dict(asked)))


@router.get("")
async def tickets(
    asker: WhoAsks, parts: GivenParts, asked: Annotated[TicketQuery, Query()]
) -> TicketList:
    """List the tickets that one opened, and those that one answers or watches over."""
    find = parts.talk.tickets.page
    found = await call(parts.lookups, find, by=asker.principal, **dict(asked))
    return TicketList(tickets=[_facts(one) for one in found.items], next=found.next)


@router.get("/{ticket_id}")
async def ticket(ticket_id: TicketId, asker: WhoAsks, parts: GivenParts) -> TicketFacts:
    """Show one ticket, with all that was said about it."""
    return _facts(await call(parts.lookups, parts.talk.tickets.find, ticket_id, by=asker.principal))


@router.post("/{ticket_id}/answer")
async def answer(
    ticket_id: TicketId, asked: NewAnswer, asker: WhoAsks, parts: GivenParts
) -> TicketFacts:
    """Answer a ticket, for the owner of its dataset; whoever opened it is told."""
    verb = parts.talk.tickets.answer
    return _facts(await call(parts.lookups, verb, ticket_id, by=asker.principal, **dict(asked)))


@router.post("/{ticket_id}/reply")
async def reply(
    ticket_id: TicketId, asked: NewReply, asker: WhoAsks, parts: GivenParts
) -> TicketFacts:
    """Say more about one's own ticket; one that was answered, declined or mended is open again."""
    verb = parts.talk.tickets.reply
    return _facts(await call(parts.lookups, verb, ticket_id, by=asker.principal, text=asked.text))


@router.post("/{ticket_id}/withdrawal")
async def withdraw(ticket_id: TicketId, asker: WhoAsks, parts: GivenParts) -> TicketFacts:
    """Take one's own ticket back; it stays on record."""
    verb = parts.talk.tickets.withdraw
    return _facts(await call(parts.lookups, verb, ticket_id, by=asker.principal))


def _facts(found: Ticket) -> TicketFacts:
    return TicketFacts.model_validate(plain(found))
