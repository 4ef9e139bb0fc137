"""What questions and answers about lineage look like."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from ghala.delivery.http.shapes import Text
from ghala.model.lineage_graph import Direction
from ghala.model.release import PROD
from ghala.query.lineage import DEEPEST


class LineageQuery(BaseModel):
    """Which way lineage is followed, and how far."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    direction: Direction = Direction.UP
    depth: int = Field(DEEPEST, ge=1, le=DEEPEST, description="How many datasets to go through.")
    release: int | None = Field(None, ge=1, le=2**63 - 1, description="Not the current one.")
    environment: Text = Field(PROD, max_length=63)
    counts: bool = Field(
        default=False, description="Say of each dataset how many are directly above and below it."
    )


AskedLineage = Annotated[LineageQuery, Query()]


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
    """A dataset on the way, with the releases that the way goes through.

    `above` and `below` are how many datasets it is made from directly, and how many are made from it, as far as the
    asker may know; null unless `counts` was asked.
    """

    name: str = Field(examples=["sales.orders"])
    product: str | None
    environment: str | None
    releases: list[int]
    above: int | None
    below: int | None


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
