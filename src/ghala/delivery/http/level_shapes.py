"""What service levels look like; times in seconds are whole seconds."""

from datetime import datetime

from pydantic import BaseModel, Field


class BudgetFacts(BaseModel):
    """An error budget over a window that ends now."""

    window_s: int = Field(examples=[2_592_000])
    measured_s: int = Field(description="How much of the window the level was measured for.")
    allowed_s: int = Field(description="For so long it may be missed.", examples=[25_920])
    spent_s: int = Field(description="For so long it was missed.")
    remaining_s: int = Field(description="Below 0 where more was spent than allowed.")
    burn: float | None = Field(description="At 1 the budget lasts for the window, at 2 for half.")


class LevelFacts(BaseModel):
    """One service level: what is promised, and whether it holds now; null before the first release."""

    level: str = Field(
        examples=["frequency", "freshness", "latency", "retention", "timeOfAvailability"]
    )
    objective: str = Field(examples=["1 d"])
    target_percent: float | None = Field(examples=[99.0])
    is_met: bool | None
    age_s: int | None = Field(description="How old the last release is.")
    due_at: datetime | None = Field(description="By when the next release has to come.")
    budget: BudgetFacts | None


class MissedSpan(BaseModel):
    """A time in which a level was missed."""

    since: datetime
    until: datetime


class LevelHistory(LevelFacts):
    """A service level with the times in which it was missed, oldest first."""

    missed: list[MissedSpan]


class DatasetLevels(BaseModel):
    """The service levels of a dataset that are measured."""

    dataset: str = Field(examples=["sales.orders"])
    environment: str
    window_days: int
    at: datetime
    release: int | None
    released_at: datetime | None
    levels: list[LevelHistory]


class DatasetStatus(BaseModel):
    """How a dataset stands: `broken` and `failed` say how the last run of its product ended."""

    dataset: str = Field(examples=["sales.orders"])
    product: str = Field(examples=["sales/orders"])
    state: str = Field(examples=["broken", "missed", "failed", "fine", "not_released"])
    release: int | None
    released_at: datetime | None
    last_run: str | None
    last_run_state: str | None
    levels: list[LevelFacts]


class StatusFacts(BaseModel):
    """How all datasets stand that the asker may discover, the worst first."""

    datasets: list[DatasetStatus]
