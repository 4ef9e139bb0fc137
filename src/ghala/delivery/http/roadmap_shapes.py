"""What roadmaps look like."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from ghala.model.roadmap import ChangeKind, ItemState


class _Answer(BaseModel):
    """Made of what the core returns, by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class RoadmapItemShape(_Answer):
    """Something that is to come, or not. `is_voted`: the asker is one of those who want it."""

    id: str = Field(examples=["refunds"])
    title: str = Field(examples=["Refunds as a dataset"])
    state: ItemState
    description: str
    by: str = Field(
        description="A quarter or a day; empty if nobody says.", examples=["2026-Q4", "2026-11-01"]
    )
    votes: int = Field(examples=[12])
    is_voted: bool


class ChangeShape(_Answer):
    """What users have to prepare for: from `on`, `dataset` is no longer what it was; `action` is what to do."""

    title: str = Field(examples=["`amount` becomes `amount_eur`"])
    kind: ChangeKind
    on: date
    action: str = Field(examples=["Read `amount_eur`: both are there until then."])
    dataset: str = Field(
        description="A dataset of the product, without its domain; empty for all of it.",
        examples=["orders"],
    )
    description: str


class RoadmapShape(_Answer):
    """A product's roadmap, in its owner's order."""

    product: str = Field(examples=["sales/orders"])
    items: list[RoadmapItemShape]
    changes: list[ChangeShape]
