"""What searches and demand look like."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from ghala.model.asset import AssetKind


class _Answer(BaseModel):
    """Made of what the core returns, by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class PartShape(_Answer):
    """A piece of a text."""

    text: str
    is_match: bool


class HitShape(_Answer):
    """Something that was found. `highlights` has the fields in which a searched word stands, in pieces."""

    kind: AssetKind
    name: str = Field(examples=["sales.orders"])
    title: str
    domain: str
    owner: str
    description: str
    tags: list[str]
    highlights: dict[str, list[PartShape]]
    synonyms: list[str] = Field(description="Other words for a term.")
    links: list[str] = Field(description="The datasets and columns that a term speaks of.")


class Hits(_Answer):
    """What was found, the best first; `is_full` says that there may be more."""

    results: list[HitShape]
    is_full: bool


class MissShape(_Answer):
    """Words that were looked for in vain; `domain` is empty where all were searched."""

    words: str = Field(examples=["churn customer"])
    domain: str
    count: int
    last_at: datetime


class DenialShape(_Answer):
    """How often reading a dataset was denied in the last 30 days."""

    dataset: str
    count: int
    last_at: datetime


class CommentShape(_Answer):
    """What somebody said with their stars."""

    stars: int
    text: str


class RatedShape(_Answer):
    """What people think of a product: the mean of 1 to 5 stars."""

    product: str
    count: int
    stars: float
    comments: list[CommentShape]


class DemandShape(_Answer):
    """What people wish for; nobody is told who."""

    misses: list[MissShape]
    denials: list[DenialShape]
    ratings: list[RatedShape]
