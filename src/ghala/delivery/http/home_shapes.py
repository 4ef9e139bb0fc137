"""What somebody's first page looks like."""

from datetime import datetime

from pydantic import BaseModel, Field

from ghala.delivery.http.catalog_shapes import CatalogProduct
from ghala.delivery.http.incident_shapes import IncidentFacts
from ghala.delivery.http.level_shapes import DatasetStatus
from ghala.model.duty import DutyKind


class DutyFacts(BaseModel):
    """One thing that waits for the asker."""

    kind: DutyKind
    id: str = Field(
        description="Of the agreement, incident, request, ticket or wish.",
        examples=["4fT0pXbq81Zc"],
    )
    about: str = Field(
        description="A dataset; of an incident the product, of a wish its title.",
        examples=["sales.orders"],
    )
    by: str | None = Field(
        description="Who asked, found, or has the agreement.", examples=["user:amina"]
    )
    since: datetime
    due_at: datetime | None = Field(description="When it is too late; null if it never is.")
    is_own: bool = Field(description="Whether it is the asker's own agreement.")


class ChangeFact(BaseModel):
    """A release of the last days that consumers read now."""

    product: str = Field(examples=["sales/orders"])
    title: str
    release: int
    at: datetime
    datasets: list[str]


class BrokenFacts(BaseModel):
    """Incidents that are not over, and datasets that are not as promised of which no incident tells."""

    incidents: list[IncidentFacts]
    datasets: list[DatasetStatus]


class HomeFacts(BaseModel):
    """What concerns the asker. `used` is what they read in the last 30 days, or have an agreement about."""

    mine: list[CatalogProduct] = Field(description="Products of teams of the asker.")
    mine_total: int
    used: list[CatalogProduct]
    used_total: int
    waiting: list[DutyFacts] = Field(description="What is due first, then the longest waiting.")
    changed: list[ChangeFact] = Field(
        description="Of what is theirs or used; of all that they may discover where nothing is."
    )
    is_changed_of_all: bool
    broken: BrokenFacts = Field(description="Of what is theirs or used.")
    products_total: int = Field(description="How many products the asker may discover at all.")
