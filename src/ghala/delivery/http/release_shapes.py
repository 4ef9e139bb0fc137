"""What one release looks like, and what is different between two; null where the asker may not know."""

from datetime import datetime

from pydantic import BaseModel, Field

from ghala.delivery.http.run_shapes import ReportFacts
from ghala.delivery.http.shapes import RequestShape, Text
from ghala.model.release import PROD


class RolledBack(BaseModel):
    """Which release this one brought back, why, and who did it."""

    to: int
    reason: str
    by: str = Field(examples=["user:amina"])


class NewRollback(RequestShape):
    """Which release shall come back, and why."""

    to: int = Field(ge=1, le=2**63 - 1, examples=[3])
    reason: Text = Field(min_length=1, max_length=500, examples=["the export of March was wrong"])
    environment: Text = Field(PROD, max_length=63)


class ReleasedFacts(BaseModel):
    """A dataset as a release has it, and what its checks found."""

    name: str = Field(examples=["sales.orders"])
    rows: int
    bytes: int
    files: int
    checks: ReportFacts | None


class ReleaseInput(BaseModel):
    """A dataset that a release was made from, as one of its product's releases had it."""

    name: str = Field(examples=["sales.order_lines"])
    product: str = Field(examples=["sales/order_lines"])
    release: int


class OneRelease(BaseModel):
    """A release in full. `replaced` is the one that was current before; `rolled_back` is null where a run made it."""

    product: str = Field(examples=["sales/orders"])
    number: int
    environment: str
    created_at: datetime
    is_current: bool
    run: str
    definition: str
    replaced: int | None
    rolled_back: RolledBack | None
    inputs: list[ReleaseInput]
    datasets: list[ReleasedFacts]


class ComparedRelease(BaseModel):
    """One of the two releases."""

    release: int
    created_at: datetime
    contract: str = Field(examples=["orders 1.2.0"])
    rows: int
    bytes: int


class Verdict(BaseModel):
    """Which part of the contract's version moved, which must for these changes, and whether that is far enough."""

    before: str = Field(examples=["1.2.0"])
    after: str = Field(examples=["2.0.0"])
    bump: str = Field(examples=["major", "minor", "patch", "none"])
    needed: str
    is_breaking: bool
    suffices: bool


class ContractChange(BaseModel):
    """One change of what is promised."""

    kind: str = Field(examples=["column:retyped"])
    columns: list[str]
    rule: str | None
    before: str | None
    after: str | None
    is_breaking: bool


class Outcome(BaseModel):
    """How a rule ended in a release."""

    passed: bool
    severity: str
    failed_rows: int | None


class CheckChange(BaseModel):
    """A rule that ended differently; null where a release had none of that name."""

    rule: str
    before: Outcome | None
    after: Outcome | None


class ShiftSide(BaseModel):
    """A column in one of the two profiles."""

    null_share: float | None
    approximate_distinct: int | None
    minimum: str | None
    maximum: str | None
    mean: float | None


class ColumnShift(BaseModel):
    """A column of which the profile moved; `shifts` says how."""

    name: str
    shifts: list[str] = Field(examples=[["mean", "nulls"]])
    before: ShiftSide
    after: ShiftSide


class KeySamples(BaseModel):
    """The least keys of each kind of difference, at most 20, each a list of texts."""

    added: list[list[str | None]]
    removed: list[list[str | None]]
    changed: list[list[str | None]]


class RowDifferences(BaseModel):
    """Rows by their primary key, as the asker sees them; `why_not` says why they were not compared."""

    is_counted: bool
    why_not: str | None
    key: list[str]
    added: int | None
    removed: int | None
    changed: int | None
    samples: KeySamples


class DifferenceFacts(BaseModel):
    """What is different in release `after` of a dataset from release `before`; `rows` is null where nobody asked."""

    dataset: str = Field(examples=["sales.orders"])
    environment: str
    before: ComparedRelease
    after: ComparedRelease
    contract: Verdict
    changes: list[ContractChange]
    checks: list[CheckChange]
    columns: list[ColumnShift]
    rows: RowDifferences | None
