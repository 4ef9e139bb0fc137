"""What saved queries and the history of one's own statements look like."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ghala.delivery.http.shapes import LONGEST_PAGE, PAGE_ROWS, RequestShape, Text
from ghala.query.saved import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_SQL


class _Answer(BaseModel):
    """Made of what the core returns, by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class NewQuery(RequestShape):
    """A question to keep. `shared_with` is empty for nobody, `team:NAME`, or `everybody` who may read what it reads."""

    name: Text = Field(min_length=1, max_length=LONGEST_NAME, examples=["Orders by month"])
    sql: Text = Field(
        min_length=1,
        max_length=LONGEST_SQL,
        examples=["SELECT count(*) AS orders FROM sales.orders"],
    )
    description: Text = Field("", max_length=LONGEST_DESCRIPTION)
    shared_with: Text = Field("", max_length=200, examples=["", "team:sales-team", "everybody"])
    environment: Text = Field("prod", max_length=63)


class RunQuery(RequestShape):
    """How the answer of a saved query comes."""

    limit: int | None = Field(None, ge=1, le=2**63 - 1, description="The most rows.")
    page_rows: int = Field(PAGE_ROWS, ge=1, le=LONGEST_PAGE)


class QueryShape(_Answer):
    """A saved query. It runs as whoever runs it."""

    id: str = Field(examples=["4fT0pXbq81Zc"])
    owner: str = Field(examples=["user:amina"])
    name: str
    description: str
    sql: str
    environment: str
    shared_with: str
    datasets: list[str]
    saved_at: datetime
    changed_at: datetime
    run_count: int
    last_run_at: datetime | None


class QueryList(_Answer):
    """One's own queries and those that others share, the most used first."""

    queries: list[QueryShape]


class ListedQueries(BaseModel):
    """Which queries: all, those that read a dataset, or the one of one's own that has a name."""

    model_config = ConfigDict(extra="forbid")

    dataset: Annotated[Text | None, Field(max_length=200)] = None
    name: Annotated[Text | None, Field(max_length=200)] = None


class StatementShape(_Answer):
    """Something that one asked, answered or not."""

    asked_at: datetime
    purpose: str
    environment: str
    sql: str


class StatementList(_Answer):
    """What one asked lately, newest first."""

    statements: list[StatementShape]
