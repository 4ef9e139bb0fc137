"""What requests for access, agreements and previews look like."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import RequestShape, Text
from ghala.governance.access_terms import LONGEST_DAYS, LONGEST_TEXT
from ghala.governance.agreements import DUE_DAYS
from ghala.model.access_step import AccessStep
from ghala.model.agreement import AgreementState
from ghala.model.agreement_history import AgreementEvent
from ghala.model.mask import MaskKind
from ghala.model.page import LONGEST_PAGE, PAGE_ITEMS
from ghala.model.policy import Clearance
from ghala.model.request import RequestState
from ghala.model.suggestion import SuggestedChange

MOST_COLUMNS = 2_000
_LONGEST_ROWS = 20_000
ColumnName = Annotated[Text, Field(min_length=1, max_length=255)]
Columns = Annotated[list[ColumnName], Field(max_length=MOST_COLUMNS)]
Rows = Annotated[
    dict[str, Any],
    Field(
        description="A row predicate: `all` or `any` with a list, `not`, or a `column` with `is` and `value`, or `in`.",
        examples=[{"column": "region", "in": ["KE", "TZ"]}],
    ),
]
Grantee = Annotated[Text, Field(min_length=1, max_length=200, examples=["team:marketing"])]
Reason = Annotated[Text, Field(max_length=LONGEST_TEXT)]
AgreementId = Annotated[Text, Path(max_length=80, examples=["4fT0pXbq81Zc"])]


class ListQuery(RequestShape):
    """Which requests or agreements are listed, a page at a time."""

    state: Text | None = Field(None, max_length=40)
    dataset: Text | None = Field(None, max_length=200)
    own: bool = Field(
        default=False, description="Those that are for the asker, or that the asker asked for."
    )
    limit: int = Field(PAGE_ITEMS, ge=1, le=LONGEST_PAGE)
    after: Text | None = Field(None, max_length=100, description="`next` of the page before.")


class RequestQuery(ListQuery):
    """Which requests are listed, a page at a time."""

    waiting: bool = Field(default=False, description="Those that wait for the asker to decide.")


class AgreementQuery(ListQuery):
    """Which agreements are listed, a page at a time."""

    due: bool = Field(
        default=False,
        description=f"Those at which the asker should look again within {DUE_DAYS} days.",
    )


AskedAgreements = Annotated[AgreementQuery, Query()]
AskedRequests = Annotated[RequestQuery, Query()]


class PreviewQuery(RequestShape):
    """What would be asked for."""

    purpose: Text = Field(max_length=200, examples=["analytics"])
    column: list[ColumnName] | None = Field(
        None, max_length=MOST_COLUMNS, description="A column; all unless given."
    )
    rows: Text | None = Field(
        None, max_length=_LONGEST_ROWS, description="A row predicate, as JSON."
    )
    grantee: Text | None = Field(None, max_length=200)
    until: datetime | None = Field(
        None, description="When it would end: a policy that approves at once may ask for it."
    )


AskedPreview = Annotated[PreviewQuery, Query()]


class NewRequest(RequestShape):
    """What is asked for. `*` alone stands for all columns that the asker may know of."""

    dataset: Text = Field(max_length=200, examples=["sales.orders"])
    columns: Columns = Field(min_length=1, examples=[["order_id", "amount"]])
    rows: Rows | None = Field(None, description="Null for all rows.")
    purpose: Text = Field(max_length=200, examples=["analytics"])
    until: datetime = Field(description=f"When it ends; {LONGEST_DAYS} days away at most.")
    justification: Text = Field(min_length=1, max_length=LONGEST_TEXT, examples=["churn model"])
    grantee: Grantee | None = Field(None, description="For whom; for the asker unless given.")


class NewDecision(RequestShape):
    """What somebody decides about a request; who denies it says why.

    Who approves may give less than was asked for: columns of it (all if none is named), rows that also have to hold, an
    earlier end.
    """

    is_approved: bool
    reason: Reason = ""
    columns: Columns = Field(default_factory=list)
    rows: Rows | None = None
    until: datetime | None = None


class Narrowing(RequestShape):
    """What stays: columns (all if none is named), rows that also have to hold, an earlier end."""

    columns: Columns = Field(default_factory=list)
    rows: Rows | None = None
    until: datetime | None = None
    reason: Reason = ""


class Renewal(RequestShape):
    """A later end."""

    until: datetime
    reason: Reason = ""


class Reassessment(RequestShape):
    """Why it is still needed."""

    reason: Reason = ""


class Revocation(RequestShape):
    """Why it ends now."""

    reason: Text = Field(min_length=1, max_length=LONGEST_TEXT, examples=["the project is over"])


class DecisionFacts(BaseModel):
    """What was decided at one level; `by` is `policy:ID` where a policy did."""

    level: int
    is_approved: bool
    by: str = Field(examples=["user:amina"])
    at: datetime
    reason: str


class RequestFacts(BaseModel):
    """A request. The agreement that it becomes has the same id.

    `deciders` are who decides next, beside stewards, and `may` is what the asker may do with it now.
    """

    id: str = Field(examples=["4fT0pXbq81Zc"])
    state: RequestState
    grantee: str
    dataset: str
    columns: list[str]
    rows: Mapping[str, Any] | None
    purpose: str
    until: datetime
    justification: str
    requested_by: str
    on_behalf_of: str | None
    requested_at: datetime
    levels: int
    decisions: list[DecisionFacts]
    deciders: list[str] = Field(examples=[["team:sales-team"]])
    may: list[AccessStep]


class RequestList(BaseModel):
    """Requests, newest first. `next` is null on the last page."""

    requests: list[RequestFacts]
    next: str | None


class AgreementFacts(BaseModel):
    """An agreement as it stands now. `reassess_at` ends nothing: somebody should look then.

    `deciders` are who decides about it, beside stewards, and `may` is what the asker may do with it now.
    """

    id: str
    state: AgreementState
    grantee: str
    dataset: str
    columns: list[str]
    rows: Mapping[str, Any] | None
    purpose: str
    since: datetime
    until: datetime
    reassess_at: datetime | None
    revoked_at: datetime | None
    deciders: list[str] = Field(examples=[["team:sales-team"]])
    may: list[AccessStep]


class AgreementList(BaseModel):
    """Agreements, newest first. `next` is null on the last page."""

    agreements: list[AgreementFacts]
    next: str | None


class HistoryFacts(BaseModel):
    """One thing that happened."""

    at: datetime
    event: AgreementEvent
    by: str
    detail: Mapping[str, Any]


class History(BaseModel):
    """Everything that happened, oldest first."""

    history: list[HistoryFacts]


class PreviewedColumnFacts(BaseModel):
    """A column: how it is seen now (null: the dataset cannot be read), and how it would be."""

    name: str
    type: str
    now: Clearance | None
    clearance: Clearance
    mask: MaskKind | None
    is_clear_in_some_rows: bool


class PreviewFacts(BaseModel):
    """What a grantee would get; every value of the sample is made up.

    `levels` are who decides, one level after the other; stewards do at each. `approving_policy` approves it at once;
    null where somebody has to decide, or no `until` was given.
    """

    dataset: str
    grantee: str
    purpose: str
    is_allowed: bool
    reasons: list[str]
    columns: list[PreviewedColumnFacts]
    sample: list[Mapping[str, Any]]
    levels: list[list[str]] = Field(examples=[[["team:sales-team"]]])
    approving_policy: str | None


class SuggestionFacts(BaseModel):
    """A change that use speaks for."""

    agreement: str
    grantee: str
    dataset: str
    change: SuggestedChange
    reads: int
    last_used: datetime | None
    columns: list[str]
    unused_columns: list[str]


class SuggestionList(BaseModel):
    """What could be narrowed or ended."""

    suggestions: list[SuggestionFacts]
