"""What requests and answers look like: the pydantic models of the border, each converted once, here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from ghala.model.release import PROD

LONGEST_PAGE = 100_000
PAGE_ROWS = 10_000
NOTED = (
    "Whether it becomes part of one's own history, which nobody else sees; the audit has it anyway."
)


def _whole(text: str) -> str:
    r"""Return a text that every part below takes; JSON can say half a character, and NUL.

    >>> _whole("Zürich")
    'Zürich'
    """
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("the text holds what is no character")
    return text


def _whole_secret(secret: SecretStr) -> SecretStr:
    _whole(secret.get_secret_value())
    return secret


Text = Annotated[str, AfterValidator(_whole)]
Secret = Annotated[SecretStr, AfterValidator(_whole_secret)]


class RequestShape(BaseModel):
    """A request's body; a key that nobody knows is an error, since its sender meant something by it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SignIn(RequestShape):
    """Who signs in, and what for."""

    name: Text = Field(max_length=200, examples=["amina"])
    password: Secret = Field(max_length=1024, examples=["tall ships sail"])
    purpose: Text = Field(max_length=200, examples=["analytics"])


class First(RequestShape):
    """The first administrator, made with the invitation that the server printed."""

    invitation: Secret = Field(max_length=200)
    name: Text = Field(max_length=200, examples=["amina"])
    password: Secret = Field(max_length=1024, examples=["tall ships sail"])


class Question(RequestShape):
    """One SELECT. An answer of more rows than `limit` is an error, never a part of it."""

    sql: Text = Field(min_length=1, examples=["SELECT count(*) AS orders FROM sales.orders"])
    environment: Text = Field(PROD, max_length=63)
    limit: int | None = Field(
        None, ge=1, le=2**63 - 1, description="The most rows; those of the server unless given."
    )
    page_rows: int = Field(
        PAGE_ROWS, ge=1, le=LONGEST_PAGE, description="How many rows a page of JSON has at most."
    )
    is_noted: bool = Field(default=True, description=NOTED)


class Health(BaseModel):
    """Whether the server is there, and can answer."""

    status: str = Field(examples=["alive"])


class SignedIn(BaseModel):
    """A session that has begun. Its cookie is set; `csrf` goes with every change, as the header X-CSRF-Token."""

    principal: str = Field(examples=["user:amina"])
    purpose: str = Field(examples=["analytics"])
    until: datetime
    csrf: str


class PageColumn(BaseModel):
    """A column of an answer, with Arrow's name of its type."""

    name: str
    type: str = Field(examples=["int64"])


class Page(BaseModel):
    """A page of an answer. `releases` says from which release of each dataset the answer was made.

    `row_count` are the rows of this page, `total_rows` those of the answer; `next` is the address of the following page
    (`/api/v1/sql/pages/…`), and `cursor` the last part of that address; both are null on the last one.
    """

    columns: list[PageColumn]
    releases: Mapping[str, int]
    rows: list[list[Any]]
    row_count: int
    total_rows: int
    next: str | None
    cursor: str | None


class ReleasedDataset(BaseModel):
    """A dataset as the current release has it; nulls if there was none."""

    name: str = Field(examples=["sales.orders"])
    release: int | None
    rows: int | None
    bytes: int | None


class ProductEntry(BaseModel):
    """A product, with those of its datasets that the asker may discover."""

    name: str = Field(examples=["sales/orders"])
    title: str
    owner: str
    version: str
    status: str
    datasets: list[ReleasedDataset]


class PersonFacts(BaseModel):
    """Somebody who is named as responsible."""

    username: str = Field(examples=["grace.nakato@pwani.example"])
    name: str
    role: str = Field(examples=["owner"])


class SupportFacts(BaseModel):
    """Where one reaches those who look after a product; `url` may be any text."""

    channel: str = Field(examples=["#sales-data"])
    url: str
    tool: str
    description: str


class ProductFacts(ProductEntry):
    """A product in full. `documentation` is its `README.md`, in Markdown; null if there is none."""

    purpose: str
    limitations: str
    usage: str
    tags: list[str]
    people: list[PersonFacts]
    support: list[SupportFacts]
    documentation: str | None


class DatasetEntry(ReleasedDataset):
    """A dataset that the asker may discover."""

    product: str
    owner: str
    description: str
    contract: str
    status: str


class ColumnFacts(BaseModel):
    """A column. `clearance` says how the asker sees it; null where the dataset cannot be read, but asked for."""

    name: str
    type: str
    required: bool
    unique: bool = Field(description="Whether no two rows may have the same value.")
    key: bool = Field(description="Whether it is a part of what tells rows apart.")
    classification: str | None
    tags: list[str]
    description: str
    clearance: str | None = Field(examples=["clear", "masked"])


class Access(BaseModel):
    """Whether the asker may read a dataset, and why."""

    is_allowed: bool
    reasons: list[str]


class DatasetFacts(DatasetEntry):
    """A dataset in full: hidden columns are not among its columns."""

    columns: list[ColumnFacts]
    access: Access


class ReleaseDataset(BaseModel):
    """A dataset as a release has it."""

    name: str
    rows: int
    bytes: int


class ReleaseEntry(BaseModel):
    """A release, with those of its datasets that the asker may discover."""

    product: str
    number: int
    environment: str
    created_at: datetime
    is_current: bool
    datasets: list[ReleaseDataset]


class Products(BaseModel):
    """All products."""

    products: list[ProductEntry]


class Datasets(BaseModel):
    """All datasets."""

    datasets: list[DatasetEntry]


class Releases(BaseModel):
    """Releases, newest first."""

    releases: list[ReleaseEntry]


class ProblemShape(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(examples=["urn:ghala:problem:not_found"])
    title: str
    status: int
    detail: str
    hint: str | None
    code: str = Field(examples=["not_found"])
    request_id: str
    reasons: list[str]
