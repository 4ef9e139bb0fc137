"""What the usage of a product looks like."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class _Answer(BaseModel):
    """Made of what the core returns, by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class UsageWeekShape(_Answer):
    """What was asked in a week (UTC) that begins on a Monday; `rows` are those of the answers."""

    start: date = Field(examples=["2026-11-23"])
    people: int = Field(examples=[7])
    teams: int = Field(description="Those that these people are in now.", examples=[3])
    programs: int = Field(description="Services, agents and other products.", examples=[2])
    queries: int = Field(examples=[120])
    rows: int = Field(examples=[48_000])


class DatasetUsageShape(_Answer):
    """What was asked of one dataset in all weeks together."""

    dataset: str = Field(examples=["sales.orders"])
    people: int
    programs: int
    queries: int
    rows: int


class ConsumerShape(_Answer):
    """Who asked, how much, and on which day last."""

    principal: str = Field(examples=["user:amina"])
    teams: list[str] = Field(examples=[["team:growth"]])
    queries: int
    rows: int
    last_on: date


class AgreedUseShape(_Answer):
    """Who has an agreement about a dataset of the product."""

    grantee: str = Field(examples=["team:growth"])
    dataset: str = Field(examples=["sales.orders"])
    purpose: str
    until: datetime


class UsageShape(_Answer):
    """How a product is used. Names are null for those who may only know how many there are."""

    product: str = Field(examples=["sales/orders"])
    people: int
    teams: int
    programs: int
    queries: int
    rows: int
    weeks: list[UsageWeekShape] = Field(description="Twelve, oldest first; the last is not over.")
    datasets: list[DatasetUsageShape]
    consumers: list[ConsumerShape] | None = Field(description="Those who asked most come first.")
    agreement_count: int = Field(description="How many may read some of it by agreement.")
    agreements: list[AgreedUseShape] | None
