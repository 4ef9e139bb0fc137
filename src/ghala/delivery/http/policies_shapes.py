"""What requests and answers about policies look like."""

from datetime import datetime

from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import RequestShape, Text
from ghala.model.principal import Role

MOST_FILES = 50
LONGEST_FILE = 200_000
MOST_DAYS = 366


class PolicyFacts(BaseModel):
    """A policy that is in force."""

    id: str
    effect: str
    reason: str
    place: str


class WordedPolicyFacts(PolicyFacts):
    """A policy that is in force, in words and as it is written.

    `actions` are those that it is about, `roles` those that it looks at.
    """

    says: str = Field(examples=["Everybody discovers and reads datasets that are public."])
    actions: list[str] = Field(examples=[["dataset:discover", "dataset:read"]])
    roles: list[Role]
    text: str = Field(description="The policy in Cedar.")


class PoliciesInForceFacts(BaseModel):
    """The set of policies that is in force, and how the files of this server stand to it."""

    version: str
    applied_at: datetime | None
    applied_by: str | None
    files: str = Field(description="`applied`, `not_applied` or `invalid`.")
    fault: str | None = Field(description="What is wrong with the files.")
    policies: list[WordedPolicyFacts]


class AgreementReasonFacts(BaseModel):
    """An agreement that is in force."""

    id: str
    grantee: str
    columns: list[str]
    rows: dict[str, object] | None
    until: datetime


class ColumnReasonFacts(BaseModel):
    """How a column is seen, and why."""

    name: str
    clearance: str
    classification: str
    tags: list[str]
    policies: list[PolicyFacts]
    agreements: list[str]
    mask: str | None
    mask_because: str


class ExplanationFacts(BaseModel):
    """One decision with every reason; `unknown` says what could not be rebuilt of its time."""

    principal: str
    is_enabled: bool
    teams: list[str]
    roles: list[str]
    not_taken: list[str]
    dataset: str
    owners: list[str]
    purpose: str
    endpoint: str
    at: datetime
    policy_version: str
    policies_applied_at: datetime | None
    may_discover: bool
    discover: list[PolicyFacts]
    may_read: bool
    read: list[PolicyFacts]
    agreements: list[AgreementReasonFacts]
    columns: list[ColumnReasonFacts]
    reasons: list[str]
    unknown: list[str]


class ReaderFacts(BaseModel):
    """Somebody who may read a dataset; with `if_taken`, only once they take that role."""

    principal: str
    purposes: list[str]
    clear: list[str]
    masked: list[str]
    some_rows: bool
    through: list[str]
    if_taken: str | None


class Readers(BaseModel):
    """Everybody who may read a dataset, or sees a column of it."""

    readers: list[ReaderFacts]


class ChangedFile(RequestShape):
    """One file of the changed policies."""

    name: Text = Field(min_length=1, max_length=200, examples=["own.cedar"])
    text: Text = Field(max_length=LONGEST_FILE)


class NewSimulation(RequestShape):
    """Changed policies, and the days whose questions are decided by them."""

    days: int = Field(7, ge=1, le=MOST_DAYS)
    files: list[ChangedFile] = Field(max_length=MOST_FILES)


class ColumnChangeFacts(BaseModel):
    """How a column was seen, and how it would be."""

    name: str
    before: str
    after: str


class ChangeFacts(BaseModel):
    """What changes for one principal's questions about one dataset."""

    principal: str
    dataset: str
    purpose: str
    endpoint: str
    queries: int
    before: bool
    after: bool
    rows: str | None
    gained: list[ColumnChangeFacts]
    lost: list[ColumnChangeFacts]
    reasons: list[str]


class SimulationFacts(BaseModel):
    """Who would gain and who would lose."""

    since: datetime
    until: datetime
    version_before: str
    version_after: str
    queries: int
    skipped: int
    changes: list[ChangeFacts]
    has_losers: bool
