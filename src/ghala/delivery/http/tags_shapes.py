"""What requests and answers about tags, declarations and personal data look like."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from ghala.delivery.http.shapes import RequestShape, Text

_MOST_TAGS = 50
Word = Annotated[Text, Field(min_length=1, max_length=100)]


class ColumnTagsFacts(BaseModel):
    """What a column is about: its own tags, and those that it inherits with the columns that have them.

    `classification_from` are the columns that made it as strict, if it is not so by its own contract.
    """

    column: str = Field(examples=["email"])
    tags: list[str]
    inherited: Mapping[str, list[str]]
    classification: str = Field(examples=["confidential"])
    classification_from: list[str]


class TagsOfColumns(BaseModel):
    """What the columns of a dataset are about, in the order of its contract."""

    columns: list[ColumnTagsFacts]


class NewDeclaration(RequestShape):
    """What a column does not carry on from what it is made from, and why."""

    column: Word = Field(examples=["addresses"])
    without: list[Word] = Field(
        default_factory=list,
        max_length=_MOST_TAGS,
        description="Tags that end here.",
        examples=[["pii.email"]],
    )
    classification: Word | None = Field(
        None, description="What the column is, whatever is above it.", examples=[None]
    )
    reason: Text = Field(min_length=1, max_length=500, examples=["a number of addresses"])


class DeclarationFacts(BaseModel):
    """A declaration about one column: it does not carry `tag`, or it is `classification`.

    It holds for `origins` alone, and stays on record after it was withdrawn.
    """

    id: str
    dataset: str = Field(examples=["sales.contacts"])
    column: str = Field(examples=["addresses"])
    tag: str | None
    classification: str | None
    origins: list[str]
    reason: str
    declared_by: str
    declared_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class DeclarationList(BaseModel):
    """Declarations, oldest first."""

    declarations: list[DeclarationFacts]


class MapQuery(BaseModel):
    """Which part of the map of personal data is wanted; all of it unless something is named."""

    model_config = ConfigDict(extra="forbid")

    domain: Word | None = Field(None, examples=["sales"])
    tag: Word | None = Field(
        None, description="A tag; `pii` is all that is personal.", examples=["pii.email"]
    )
    classification: Word | None = Field(None, examples=["restricted"])


AskedMap = Annotated[MapQuery, Query()]


class PersonalColumnFacts(BaseModel):
    """A column that is personal, or classified as more than internal.

    `carried` has, for each tag that the column carries on, the columns of whose contracts it is; it and
    `classification_from` have what the asker may know of. `mask` stands in place of values that are not clear; null:
    the column is hidden there. `agreements` give it in clear; null where the asker may not know how others read.
    """

    dataset: str = Field(examples=["sales.customers"])
    column: str = Field(examples=["email"])
    tags: list[str]
    classification: str = Field(examples=["confidential"])
    carried: Mapping[str, list[str]]
    classification_from: list[str]
    mask: str | None = Field(examples=["keyed-hash"])
    mask_because: str = Field(examples=["its tag pii.email"])
    agreements: int | None


class PersonalDataMap(BaseModel):
    """Columns that are personal or more than internal, by dataset, in the order of its contract."""

    columns: list[PersonalColumnFacts]
