"""What events look like; null where an event does not speak of something."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from ghala.model.event import EventKind
from ghala.model.notification import NotificationKind


class EventFacts(BaseModel):
    """Something that happened: what it is about, never a value of the data. What is new stands at its own address."""

    model_config = ConfigDict(json_schema_extra={"examples": [
        {"at": "2026-03-01T10:15:04+00:00", "kind": "run:published", "product": "sales/orders",
         "environment": "prod", "run": "20260301T101500-5f2c9a01", "release": None, "agreement": None,
         "dataset": None, "by": None, "told": None, "about": None}
    ]})  # fmt: skip

    at: datetime
    kind: EventKind
    product: str | None
    environment: str | None
    run: str | None
    release: int | None
    agreement: str | None = Field(description="The id of a request, and of its agreement.")
    dataset: str | None
    by: str | None
    told: NotificationKind | None = Field(description="What a notification is about.")
    about: str | None = Field(
        description="The id of the ticket, the wish or the incident that a notification is about."
    )


class EventList(BaseModel):
    """Events, oldest first. `next` is the place after them, to be given as `after` the next time."""

    events: list[EventFacts]
    next: str
    is_behind: bool = Field(
        description="Events in between are no longer kept: look at everything again."
    )


class RecentEvents(BaseModel):
    """The newest events, newest first."""

    events: list[EventFacts]
