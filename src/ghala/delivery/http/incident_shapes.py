"""What incidents look like."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import RequestShape, Text
from ghala.governance.incidents import LONGEST_TEXT, LONGEST_TITLE
from ghala.model.incident import IncidentCause, IncidentEventKind, IncidentState
from ghala.model.page import LONGEST_PAGE, PAGE_ITEMS
from ghala.model.release import PROD

IncidentId = Annotated[Text, Path(max_length=80, examples=["9kQm2LxT0b4R"])]
Said = Annotated[
    Text, Field(max_length=LONGEST_TEXT, examples=["the supplier sends the file again"])
]


class IncidentQuery(RequestShape):
    """Which incidents are listed, a page at a time."""

    state: Text | None = Field(
        None, max_length=40, description="`open` stands for all that are not resolved."
    )
    product: Text | None = Field(None, max_length=200)
    environment: Text = Field(PROD, max_length=63)
    limit: int = Field(PAGE_ITEMS, ge=1, le=LONGEST_PAGE)
    after: Text | None = Field(None, max_length=100, description="`next` of the page before.")


AskedIncidents = Annotated[IncidentQuery, Query()]


class NewIncident(RequestShape):
    """An incident that no run and no clock found."""

    product: Text = Field(max_length=200, examples=["sales/orders"])
    title: Text = Field(
        min_length=1, max_length=LONGEST_TITLE, examples=["amounts of May are in cents"]
    )
    text: Said = ""
    datasets: list[Annotated[Text, Field(max_length=200)]] = Field(
        default=[], max_length=100, description="All of the product if none is named."
    )
    environment: Text = Field(PROD, max_length=63)


class NewNote(RequestShape):
    """A note, which everybody can read who sees the incident."""

    text: Said = Field(min_length=1)


class Acknowledged(RequestShape):
    """Who takes care of it is who asks."""

    text: Said = ""


class Resolved(RequestShape):
    """Why it is over."""

    reason: Said = Field(min_length=1)


class IncidentEventFacts(BaseModel):
    """One line of a timeline."""

    number: int
    at: datetime
    kind: IncidentEventKind
    by: str
    text: str


class IncidentFacts(BaseModel):
    """An incident; of its datasets those that the asker may discover."""

    id: str = Field(examples=["9kQm2LxT0b4R"])
    state: IncidentState
    cause: IncidentCause
    title: str = Field(examples=["sales/orders broke its contract"])
    product: str
    datasets: list[str]
    environment: str
    run: str | None
    opened_at: datetime
    opened_by: str
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    resolved_at: datetime | None
    resolved_by: str | None


class IncidentTimeline(IncidentFacts):
    """An incident with all that happened, oldest first."""

    events: list[IncidentEventFacts]


class IncidentList(BaseModel):
    """A page of incidents, newest first."""

    incidents: list[IncidentFacts]
    next: str | None
