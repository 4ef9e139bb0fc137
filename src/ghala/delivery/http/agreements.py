"""`/agreements`: what is agreed, what happened to it, and giving less, more or nothing from now on."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from ghala.delivery.http.access_shapes import (
    AgreementFacts,
    AgreementId,
    AgreementList,
    History,
    Narrowing,
    Reassessment,
    Renewal,
    Revocation,
    StateQuery,
    SuggestionList,
)
from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.governance.suggest import DEFAULT_DAYS
from ghala.model.access_facts import agreement_facts, history_facts
from ghala.model.agreement import Agreement
from ghala.model.plain import plain

router = APIRouter(tags=["access"], route_class=RepeatableRoute)


@router.get("/agreements")
async def agreements(
    asker: WhoAsks,
    parts: GivenParts,
    state: StateQuery = None,
    dataset: Annotated[Text | None, Query(max_length=200)] = None,
) -> AgreementList:
    """List the agreements that are for one, or that one decides about."""
    find = parts.access.agreements.agreements
    found = await call(parts.lookups, find, by=asker.principal, dataset=dataset, state=state)
    now = datetime.now(UTC)
    return AgreementList.model_validate(
        {"agreements": [agreement_facts(one, now) for one in found]}
    )


@router.get("/agreements/suggestions")
async def suggestions(
    asker: WhoAsks, parts: GivenParts, days: Annotated[int, Query(ge=1, le=3660)] = DEFAULT_DAYS
) -> SuggestionList:
    """Say which of them nobody used, and which columns nobody looked at."""
    suggest = parts.access.suggestions.suggest
    found = await call(parts.questions, suggest, by=asker.principal, days=days)
    return SuggestionList.model_validate({"suggestions": plain(found)})


@router.get("/agreements/{agreement_id}")
async def agreement(agreement_id: AgreementId, asker: WhoAsks, parts: GivenParts) -> AgreementFacts:
    """Show one agreement."""
    find = parts.access.agreements.find
    return _facts(await call(parts.lookups, find, agreement_id, by=asker.principal))


@router.get("/agreements/{agreement_id}/history")
async def history(agreement_id: AgreementId, asker: WhoAsks, parts: GivenParts) -> History:
    """Tell everything that happened to a request and to the agreement that it became, oldest first."""
    tell = parts.access.agreements.history
    told = await call(parts.lookups, tell, agreement_id, by=asker.principal)
    return History.model_validate({"history": [history_facts(entry) for entry in told]})


@router.get("/agreements/{agreement_id}/oaas")
async def document(agreement_id: AgreementId, asker: WhoAsks, parts: GivenParts) -> dict[str, Any]:
    """Return a request, or the agreement that it became, as a document of Bitol's access agreement standard."""
    export = parts.access.exports.documents
    (found,) = await call(parts.lookups, export, by=asker.principal, only=agreement_id)
    return found


@router.post("/agreements/{agreement_id}/narrowing")
async def narrow(
    agreement_id: AgreementId, asked: Narrowing, asker: WhoAsks, parts: GivenParts
) -> AgreementFacts:
    """Give fewer columns, fewer rows or less time, from now on."""
    changed = await call(
        parts.lookups,
        parts.access.agreements.narrow,
        agreement_id,
        by=asker.principal,
        columns=asked.columns,
        rows=asked.rows,
        until=asked.until,
        reason=asked.reason,
    )
    return _facts(changed)


@router.post("/agreements/{agreement_id}/renewal")
async def renew(
    agreement_id: AgreementId, asked: Renewal, asker: WhoAsks, parts: GivenParts
) -> AgreementFacts:
    """Let an agreement that is in force last longer."""
    verb, by = parts.access.agreements.renew, asker.principal
    changed = await call(
        parts.lookups, verb, agreement_id, by=by, until=asked.until, reason=asked.reason
    )
    return _facts(changed)


@router.post("/agreements/{agreement_id}/reassessment")
async def reassess(
    agreement_id: AgreementId, asked: Reassessment, asker: WhoAsks, parts: GivenParts
) -> AgreementFacts:
    """Say that an agreement is still needed as it is."""
    verb = parts.access.agreements.reassess
    changed = await call(parts.lookups, verb, agreement_id, by=asker.principal, reason=asked.reason)
    return _facts(changed)


@router.post("/agreements/{agreement_id}/revocation")
async def revoke(
    agreement_id: AgreementId, asked: Revocation, asker: WhoAsks, parts: GivenParts
) -> AgreementFacts:
    """End an agreement now; what runs under it is cut."""
    verb = parts.access.agreements.revoke
    changed = await call(parts.lookups, verb, agreement_id, by=asker.principal, reason=asked.reason)
    return _facts(changed)


def _facts(found: Agreement) -> AgreementFacts:
    return AgreementFacts.model_validate(agreement_facts(found, datetime.now(UTC)))
