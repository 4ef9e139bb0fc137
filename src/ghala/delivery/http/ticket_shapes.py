"""What tickets look like."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ghala.delivery.http.shapes import RequestShape, Text
from ghala.governance.tickets import LONGEST_PLACE, LONGEST_TEXT
from ghala.model.page import LONGEST_PAGE, PAGE_ITEMS
from ghala.model.ticket import TicketState

Said = Annotated[Text, Field(min_length=1, max_length=LONGEST_TEXT)]


class NewTicket(RequestShape):
    """What is wrong in a dataset. Ghala copies no value: `place` says in the asker's words which rows they mean."""

    dataset: Text = Field(max_length=200, examples=["sales.orders"])
    found: Said = Field(examples=["The amount is a hundred times too large."])
    expected: Text = Field("", max_length=LONGEST_TEXT, examples=["Euros, not cents."])
    place: Text = Field("", max_length=LONGEST_PLACE, examples=["All orders of 3 March."])
    column: Text | None = Field(None, max_length=200, examples=["amount"])
    release: int | None = Field(None, ge=1, le=2**31 - 1, description="Where it was seen.")
    environment: Text = Field("prod", max_length=63)


class NewAnswer(RequestShape):
    """What the owner answers. `release` is where it is mended: needed for `mended`, and for nothing else."""

    state: TicketState = Field(
        description="`accepted`, `answered`, `declined` or `mended`.", examples=["mended"]
    )
    text: Said = Field(examples=["The export was in cents since Monday; it is mended."])
    release: int | None = Field(None, ge=1, le=2**31 - 1)


class NewReply(RequestShape):
    """What whoever opened a ticket has to add."""

    text: Said = Field(examples=["March is right now, April is not."])


class TicketEntryShape(BaseModel):
    """One thing that was said about a ticket, and its state from then on."""

    at: datetime
    by: str = Field(examples=["user:amina"])
    state: TicketState
    text: str


class TicketFacts(BaseModel):
    """A ticket. `history` has everything that was said, oldest first; it is empty in lists."""

    id: str = Field(examples=["4fT0pXbq81Zc"])
    dataset: str = Field(examples=["sales.orders"])
    environment: str
    column: str | None
    release: int | None
    place: str
    found: str
    expected: str
    opened_by: str = Field(examples=["user:ben"])
    opened_at: datetime
    state: TicketState
    mended_in: int | None = Field(description="The release from which it is right.")
    changed_at: datetime
    history: list[TicketEntryShape]


class TicketList(BaseModel):
    """Tickets, newest first; `next` is `after` of the following page, null on the last one."""

    tickets: list[TicketFacts]
    next: str | None


class TicketQuery(BaseModel):
    """Which tickets, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    state: TicketState | None = None
    dataset: Annotated[Text | None, Field(max_length=200)] = None
    after: Annotated[Text | None, Field(max_length=100)] = None
    limit: int = Field(PAGE_ITEMS, ge=1, le=LONGEST_PAGE)
