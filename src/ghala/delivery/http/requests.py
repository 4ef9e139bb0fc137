"""`/requests`, and the previews of datasets: asking for access, seeing what it would give, deciding."""

import json
from collections.abc import Sequence

from fastapi import APIRouter

from ghala.delivery.http.access_shapes import (
    AgreementId,
    AskedPreview,
    AskedRequests,
    NewDecision,
    NewRequest,
    PreviewFacts,
    RequestFacts,
    RequestList,
)
from ghala.delivery.http.asker import Asker, GivenParts, WhoAsks
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.errors import UsageError
from ghala.model.access_facts import request_facts
from ghala.model.plain import plain
from ghala.model.request import Request

router = APIRouter(tags=["access"], route_class=RepeatableRoute)


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
    return await _told(parts, asker, made)


@router.get("/requests")
async def requests(asker: WhoAsks, parts: GivenParts, asked: AskedRequests) -> RequestList:
    """List the requests that one made, that are for one, or that one decides about."""
    find = parts.access.requests.page
    found = await call(parts.lookups, find, by=asker.principal, **dict(asked))
    return RequestList(requests=await _facts(parts, asker, found.items), next=found.next)


@router.get("/requests/{request_id}")
async def request(request_id: AgreementId, asker: WhoAsks, parts: GivenParts) -> RequestFacts:
    """Show one request."""
    find = parts.access.requests.find
    found = await call(parts.lookups, find, request_id, by=asker.principal)
    return await _told(parts, asker, found)


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
    """Approve a request at its next level, in full or less of it, or deny it.

    At the last level the agreement is in force at once.
    """
    verb, terms = parts.access.requests.decide, dict(decided)
    changed = await call(parts.lookups, verb, request_id, by=asker.principal, **terms)
    return await _told(parts, asker, changed)


@router.post("/requests/{request_id}/withdrawal")
async def withdraw(request_id: AgreementId, asker: WhoAsks, parts: GivenParts) -> RequestFacts:
    """Withdraw a request that nobody has decided yet."""
    verb = parts.access.requests.withdraw
    withdrawn = await call(parts.lookups, verb, request_id, by=asker.principal)
    return await _told(parts, asker, withdrawn)


@router.get("/datasets/{domain}/{dataset}/preview")
async def preview(
    domain: Text, dataset: Text, asker: WhoAsks, parts: GivenParts, asked: AskedPreview
) -> PreviewFacts:
    """Show what a request would give, before it is made: each column, rows that are made up, and who decides."""
    found = await call(
        parts.lookups,
        parts.access.previews.preview,
        f"{domain}.{dataset}",
        by=asker.principal,
        purpose=asked.purpose,
        grantee=asked.grantee,
        columns=asked.column or ["*"],
        rows=_read_rows(asked.rows),
        until=asked.until,
    )
    return PreviewFacts.model_validate(plain(found))


async def _told(parts: Parts, asker: Asker, found: Request) -> RequestFacts:
    (facts,) = await _facts(parts, asker, (found,))
    return facts


async def _facts(parts: Parts, asker: Asker, found: Sequence[Request]) -> list[RequestFacts]:
    """Return requests with whose turn it is."""
    turns = await call(parts.lookups, parts.access.steps.of_requests, found, by=asker.principal)
    facts = [{**request_facts(one), **plain(turn)} for one, turn in zip(found, turns, strict=True)]
    return [RequestFacts.model_validate(one) for one in facts]


def _read_rows(text: str | None) -> object:
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError("`rows` is no JSON", hint='{"column": "region", "in": ["KE"]}') from None
