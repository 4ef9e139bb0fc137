"""`/requests`, and the previews of datasets: asking for access, seeing what it would give, deciding."""

import json
from typing import Annotated

from fastapi import APIRouter, Query

from ghala.delivery.http.access_shapes import (
    MOST_COLUMNS,
    AgreementId,
    AskedRequests,
    ColumnName,
    NewDecision,
    NewRequest,
    PreviewFacts,
    RequestFacts,
    RequestList,
)
from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.errors import UsageError
from ghala.model.access_facts import request_facts
from ghala.model.plain import plain
from ghala.model.request import Request

router = APIRouter(tags=["access"], route_class=RepeatableRoute)
_LONGEST_ROWS = 20_000


@router.post("/requests", status_code=201)
async def ask(asked: NewRequest, asker: WhoAsks, parts: GivenParts) -> RequestFacts:
    """Ask for access to a dataset that one may discover: for oneself, a team one is in, or one of its products."""
    made = await call(
        parts.lookups,
        parts.access.requests.request,
        asked.dataset,
        by=asker.principal,
        purpose=asked.purpose,
        until=asked.until,
        justification=asked.justification,
        columns=asked.columns,
        grantee=asked.grantee,
        rows=asked.rows,
    )
    return _facts(made)


@router.get("/requests")
async def requests(asker: WhoAsks, parts: GivenParts, asked: AskedRequests) -> RequestList:
    """List the requests that one made, that are for one, or that one decides about."""
    find = parts.access.requests.page
    found = await call(parts.lookups, find, by=asker.principal, **dict(asked))
    return RequestList(requests=[_facts(one) for one in found.items], next=found.next)


@router.get("/requests/{request_id}")
async def request(request_id: AgreementId, asker: WhoAsks, parts: GivenParts) -> RequestFacts:
    """Show one request."""
    find = parts.access.requests.find
    return _facts(await call(parts.lookups, find, request_id, by=asker.principal))


@router.get("/requests/{request_id}/preview")
async def request_preview(
    request_id: AgreementId, asker: WhoAsks, parts: GivenParts
) -> PreviewFacts:
    """Show what a request would give, for those who asked and those who decide."""
    preview = parts.access.previews.of_request
    found = await call(parts.lookups, preview, request_id, by=asker.principal)
    return PreviewFacts.model_validate(plain(found))


@router.post("/requests/{request_id}/decision")
async def decide(
    request_id: AgreementId, decided: NewDecision, asker: WhoAsks, parts: GivenParts
) -> RequestFacts:
    """Approve a request at its next level, or deny it. At the last level the agreement is in force at once."""
    changed = await call(
        parts.lookups,
        parts.access.requests.decide,
        request_id,
        by=asker.principal,
        is_approved=decided.is_approved,
        reason=decided.reason,
    )
    return _facts(changed)


@router.post("/requests/{request_id}/withdrawal")
async def withdraw(request_id: AgreementId, asker: WhoAsks, parts: GivenParts) -> RequestFacts:
    """Withdraw a request that nobody has decided yet."""
    verb = parts.access.requests.withdraw
    return _facts(await call(parts.lookups, verb, request_id, by=asker.principal))


@router.get("/datasets/{domain}/{dataset}/preview")
async def preview(  # noqa: PLR0917 - one parameter of the query each
    domain: Text,
    dataset: Text,
    asker: WhoAsks,
    parts: GivenParts,
    purpose: Annotated[Text, Query(max_length=200, examples=["analytics"])],
    column: Annotated[
        list[ColumnName] | None,
        Query(max_length=MOST_COLUMNS, description="A column; all unless given."),
    ] = None,
    rows: Annotated[
        Text | None, Query(max_length=_LONGEST_ROWS, description="A row predicate, as JSON.")
    ] = None,
    grantee: Annotated[Text | None, Query(max_length=200)] = None,
) -> PreviewFacts:
    """Show what a request would give, before it is made: each column, and rows that are made up."""
    found = await call(
        parts.lookups,
        parts.access.previews.preview,
        f"{domain}.{dataset}",
        by=asker.principal,
        purpose=purpose,
        grantee=grantee,
        columns=column or ["*"],
        rows=_read_rows(rows),
    )
    return PreviewFacts.model_validate(plain(found))


def _facts(found: Request) -> RequestFacts:
    return RequestFacts.model_validate(request_facts(found))


def _read_rows(text: str | None) -> object:
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError("`rows` is no JSON", hint='{"column": "region", "in": ["KE"]}') from None
