"""What requests and answers about the audit look like."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from ghala.delivery.http.errors import RequestInvalidError
from ghala.delivery.http.shapes import Text
from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter, AuditRecord, ReadOutcome
from ghala.model.moment import microseconds

PAGE_ENTRIES = 100
LONGEST_PAGE = 1000
_PLACE_PARTS = 3
_LONGEST_NUMBER = 18


class AuditQuery(BaseModel):
    """Which entries are wanted; what is left out does not narrow."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    who: Text | None = Field(None, max_length=200, examples=["user:amina"])
    dataset: Text | None = Field(None, max_length=200, examples=["sales.orders"])
    tag: AuditTag | None = None
    purpose: Text | None = Field(None, max_length=200)
    since: datetime | None = None
    until: datetime | None = None
    outcome: ReadOutcome | None = None
    text: Text | None = Field(None, max_length=200)
    column: Text | None = Field(
        None,
        max_length=200,
        description="Reads that could show this column of `dataset`, in clear or masked.",
        examples=["email"],
    )

    def wanted(self, after: str | None = None) -> AuditFilter:
        """Return them as the core knows them; `after` is the `next` of the page before."""
        return AuditFilter(
            who=self.who,
            dataset=self.dataset,
            tag=self.tag,
            purpose=self.purpose,
            since_us=_microseconds(self.since),
            until_us=_microseconds(self.until),
            outcome=self.outcome,
            text=self.text,
            column=self.column,
            before=None if after is None else _place(after),
        )


class AuditPageQuery(AuditQuery):
    """A page of entries."""

    limit: int = Field(PAGE_ENTRIES, ge=1, le=LONGEST_PAGE)
    after: Text | None = Field(None, max_length=80, description="`next` of the page before.")


class AuditExportQuery(AuditQuery):
    """Entries for other programs: as they are kept, or as events of OCSF 1.3."""

    format: str = Field("jsonl", pattern="^(jsonl|ocsf)$")


AskedPage = Annotated[AuditPageQuery, Query()]
AskedExport = Annotated[AuditExportQuery, Query()]


class AuditEntryFacts(BaseModel):
    """An entry. A read without an outcome is `interrupted`: its process ended first, or it still runs."""

    chain: int
    number: int
    at: datetime
    tag: str = Field(examples=["dataset:read"])
    principal: str = Field(examples=["user:amina"])
    purpose: str = Field(examples=["analytics"])
    objects: list[str] = Field(examples=[["sales.orders"]])
    detail: Mapping[str, Any]
    read_id: str | None
    outcome: str | None = Field(examples=["finished"])
    rows: int | None
    byte_count: int | None
    ms: int | None
    error: str | None
    previous_sha256: str
    sha256: str


class AuditPage(BaseModel):
    """Entries, newest first. `next` is null on the last page."""

    entries: list[AuditEntryFacts]
    next: str | None


class AuditFaultFacts(BaseModel):
    """The first thing that is wrong with a chain; `chain` is null where it is a checkpoint."""

    chain: int | None
    number: int
    message: str


class AuditVerificationFacts(BaseModel):
    """What a verification found; without faults every entry is as it was written."""

    entries: int
    chains: int
    checkpoints: int
    public_keys: list[str]
    faults: list[AuditFaultFacts]


class AuditAnchor(BaseModel):
    """A signed statement about the last entry of each chain, to be kept elsewhere."""

    body: str
    public_key: str
    signature: str


def next_of(found: tuple[AuditRecord, ...], limit: int) -> str | None:
    """Return what asks for the page after this one."""
    if len(found) < limit:
        return None
    last = found[-1]
    return f"{microseconds(last.at)}.{last.chain}.{last.number}"


def _place(text: str) -> tuple[int, int, int]:
    parts = text.split(".")
    is_one = all(part.isascii() and part.isdigit() for part in parts)
    if not is_one or len(parts) != _PLACE_PARTS or max(map(len, parts)) > _LONGEST_NUMBER:
        raise RequestInvalidError("`after` is not the `next` of a page")
    at, chain, number = map(int, parts)
    return at, chain, number


def _microseconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    return microseconds(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
