"""What answers about lineage look like."""

from pydantic import BaseModel, Field


class LineagePlace(BaseModel):
    """A column of a dataset; without a column, all of them, or the dataset's rows."""

    dataset: str = Field(examples=["sales.orders"])
    column: str | None = Field(examples=["amount"])


class LineageArrow(BaseModel):
    """That one column comes from another.

    `direct` for what it is computed with, `indirect` for what decides its value, `rows` for what decides which rows
    there are.
    """

    origin: LineagePlace
    target: LineagePlace
    kind: str = Field(examples=["direct", "indirect", "rows"])


class LineageDataset(BaseModel):
    """A dataset on the way, with the releases that the way goes through."""

    name: str = Field(examples=["sales.orders"])
    product: str | None
    environment: str | None
    releases: list[int]


class LineageFacts(BaseModel):
    """The lineage of a dataset or column, as far as the asker may know: what may not be known is not there.

    `untraced` columns may come from less than is said. `is_recorded` is false for a release that was made before
    lineage was recorded.
    """

    dataset: str = Field(examples=["finance.revenue"])
    columns: list[str]
    direction: str = Field(examples=["up", "down"])
    datasets: list[LineageDataset]
    edges: list[LineageArrow]
    untraced: list[LineagePlace]
    is_recorded: bool
