"""What profiles look like; null where the asker may not know, or where there is no such thing."""

from pydantic import BaseModel, Field


class QuantileFacts(BaseModel):
    """The value below which a share of the values lies."""

    share: float = Field(examples=[0.5])
    value: str


class HistogramFacts(BaseModel):
    """Rows by bins of equal width, from edge to edge: numbers, but moments in ISO 8601 where `of` is `time`."""

    of: str = Field(examples=["value", "time", "length"])
    edges: list[float | str]
    counts: list[int]


class TopFacts(BaseModel):
    """A value that comes often."""

    value: str
    rows: int
    share: float | None


class ColumnProfileFacts(BaseModel):
    """One column. Values are for whoever sees it clear in all rows.

    Where `sampled_rows` is not null, the standard deviation, `quantiles`, `histogram` and `top` are those of so many
    rows. Values are text of at most 100 characters.
    """

    name: str = Field(examples=["amount"])
    type: str = Field(examples=["DECIMAL(12, 2)"])
    clearance: str = Field(examples=["clear", "masked"])
    nulls: int | None
    null_share: float | None
    approximate_distinct: int | None
    minimum: str | None
    maximum: str | None
    mean: float | None
    standard_deviation: float | None
    true_share: float | None
    sampled_rows: int | None
    quantiles: list[QuantileFacts]
    histogram: HistogramFacts | None
    top: list[TopFacts]


class ProfileFacts(BaseModel):
    """What a dataset looks like in a release.

    `is_recorded` is false where the release has no profile, and `fault` says why where it could not be made. `coverage`
    is `release`, or `added` where only the rows that the release added were looked at.
    """

    dataset: str = Field(examples=["sales.orders"])
    release: int
    environment: str
    is_recorded: bool
    fault: str | None
    coverage: str | None
    rows: int | None
    columns: list[ColumnProfileFacts]


class SeriesPoint(BaseModel):
    """One column in one release."""

    release: int
    coverage: str
    rows: int | None
    null_share: float | None
    approximate_distinct: int | None


class SeriesFacts(BaseModel):
    """One column over the last releases, oldest first."""

    dataset: str = Field(examples=["sales.orders"])
    column: str
    points: list[SeriesPoint]
