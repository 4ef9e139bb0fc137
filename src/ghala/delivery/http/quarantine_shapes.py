"""What rows that were kept out look like; null where the asker may not know."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import RequestShape, Text
from ghala.model.release import PROD
from ghala.query.kept_out import MOST_ROWS
from ghala.query.mending import LONGEST_REASON, LONGEST_RECORD
from ghala.query.mending import MOST_ROWS as MOST_AT_ONCE

RowId = Annotated[
    Text,
    Field(min_length=1, max_length=64, examples=["7f0c2e9b5a1d4c3e8f6a0b9c8d7e6f50"]),
]
_Value = Annotated[Text, Field(max_length=LONGEST_RECORD)]


class QuarantineQuery(RequestShape):
    """Which rows are listed, a page at a time."""

    environment: Text = Field(PROD, max_length=63)
    run: Text | None = Field(
        None, max_length=100, description="What this run kept out, also where it no longer counts."
    )
    reason: Text | None = Field(None, max_length=200, description="A reason, or the id of a rule.")
    file: Text | None = Field(None, max_length=1000)
    state: Text | None = Field(
        None, max_length=40, description="`open`, `fixed`, `released` or `discarded`."
    )
    after: int = Field(0, ge=0, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=MOST_ROWS)


AskedRows = Annotated[QuarantineQuery, Query()]


class ReasonCount(BaseModel):
    """How many rows wait for somebody for one reason."""

    reason: str = Field(examples=["type"])
    rows: int


class FileCount(BaseModel):
    """How many records of one file wait for somebody."""

    file: str = Field(examples=["orders-2026-03.csv"])
    rows: int


class RowValue(BaseModel):
    """One value of a row that broke rules, as text."""

    column: str
    type: str = Field(examples=["decimal(12,2)"])
    value: str | None
    can_edit: bool


class Refused(BaseModel):
    """Why the last run that tried to take an edited row did not."""

    reason: str
    column: str | None
    message: str


class KeptOutRow(BaseModel):
    """One row that was kept out.

    A record that could not be read (`source`) has its file and its text, a row that broke rules (`check`) its values.
    """

    id: str = Field(examples=["7f0c2e9b5a1d4c3e8f6a0b9c8d7e6f50"])
    kind: str = Field(examples=["source"])
    run: str
    step: str
    kept_out_at: datetime
    file: str | None
    record: int | None
    line: int | None
    reasons: list[str]
    column: str | None
    message: str
    raw: str | None
    is_whole: bool = Field(
        description="Whether `raw` is all of the record as it stands in its file: neither is a byte that is no text"
        r" written out as `\xff`, nor is it cut."
    )
    values: list[RowValue] | None
    state: str = Field(examples=["open"])
    fixed_raw: str | None
    fixed_values: dict[str, str | None] | None
    refused: Refused | None
    note: str | None = Field(description="Why it was discarded.")
    release: int | None
    changed_at: datetime | None
    changed_by: str | None
    why_not: str | None = Field(description="Why it cannot be edited.")


class KeptOutPage(BaseModel):
    """What is kept out of a dataset: `quarantined` = `open` + `fixed` + `released` + `discarded`.

    The rows themselves are for those who are responsible for the product and read all of the dataset in clear.
    """

    dataset: str = Field(examples=["sales.orders"])
    product: str = Field(examples=["sales/orders"])
    environment: str
    run: str | None
    quarantined: int
    open: int
    fixed: int
    released: int
    discarded: int
    lost: int = Field(description="Rows besides these that are on record, and no longer kept.")
    reasons: list[ReasonCount]
    files: list[FileCount] | None
    may_repair: bool
    matching: int | None
    rows: list[KeptOutRow] | None
    next: int | None


class KeptOutRows(BaseModel):
    """Rows as they are now."""

    rows: list[KeptOutRow]


class Fix(RequestShape):
    """An edit: the text of a record, or the values of a row that broke rules, by column."""

    row: RowId
    raw: _Value | None = Field(
        None, description="The whole record, as it should stand in its file."
    )
    values: dict[Text, _Value | None] | None = Field(
        None, max_length=1000, description="The columns that change; the others stay as they are."
    )
    environment: Text = Field(default=PROD, max_length=63)


class Discard(RequestShape):
    """Rows to give up, and why."""

    rows: list[RowId] = Field(min_length=1, max_length=MOST_AT_ONCE)
    reason: Text = Field(
        min_length=1, max_length=LONGEST_REASON, examples=["a test order of the shop's developers"]
    )
    environment: Text = Field(default=PROD, max_length=63)


class ReleaseOfRows(RequestShape):
    """Edited rows that the next release shall have: those that are named, or all of the dataset."""

    rows: list[RowId] | None = Field(None, min_length=1, max_length=MOST_AT_ONCE)
    environment: Text = Field(default=PROD, max_length=63)
