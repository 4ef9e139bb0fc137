"""`/agreements`: what is agreed, what happened to it, and giving less, more or nothing from now on."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from ghala.delivery.http.access_shapes import (
    AgreementFacts,
    AgreementId,
    AgreementList,
    AskedAgreements,
    History,
    Narrowing,
    Reassessment,
    Renewal,
    Revocation,
    SuggestionList,
)
from ghala.delivery.http.asker import Asker, GivenParts, WhoAsks
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.shapes import RequestShape
from ghala.delivery.http.sync import call
from ghala.governance.suggest import DEFAULT_DAYS
from ghala.model.access_facts import agreement_facts, history_facts
from ghala.model.agreement import Agreement
from ghala.model.plain import plain

router = APIRouter(tags=["access"], route_class=RepeatableRoute)


@router.get("/agreements")
async def agreements(asker: WhoAsks, parts: GivenParts, asked: AskedAgreements) -> AgreementList:
    """List the agreements that are for one, or that one decides about."""
    find = parts.access.agreements.page
    found = await call(parts.lookups, find, by=asker.principal, **dict(asked))
    return AgreementList(agreements=await _facts(parts, asker, found.items), next=found.next)


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
    found = await call(parts.lookups, find, agreement_id, by=asker.principal)
    (facts,) = await _facts(parts, asker, (found,))
    return facts


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
    return await _changed(parts, asker, parts.access.agreements.narrow, agreement_id, asked)


@router.post("/agreements/{agreement_id}/renewal")
async def renew(
    agreement_id: AgreementId, asked: Renewal, asker: WhoAsks, parts: GivenParts
) -> AgreementFacts:
    """Let an agreement that is in force last longer."""
    return await _changed(parts, asker, parts.access.agreements.renew, agreement_id, asked)


@router.post("/agreements/{agreement_id}/reassessment")
async def reassess(
    agreement_id: AgreementId, asked: Reassessment, asker: WhoAsks, parts: GivenParts
) -> AgreementFacts:
    """Say that an agreement is still needed as it is."""
    return await _changed(parts, asker, parts.access.agreements.reassess, agreement_id, asked)


@router.post("/agreements/{agreement_id}/revocation")
async def revoke(
    agreement_id: AgreementId, asked: Revocation, asker: WhoAsks, parts: GivenParts
) -> AgreementFacts:
    """End an agreement now; what runs under it is cut."""
    return await _changed(parts, asker, parts.access.agreements.revoke, agreement_id, asked)


async def _changed(
    parts: Parts,
    asker: Asker,
    verb: Callable[..., Agreement],
    agreement_id: str,
    asked: RequestShape,
) -> AgreementFacts:
    """Call a verb of agreements with what was sent: its fields are the verb's arguments."""
    terms = dict(asked)
    changed = await call(parts.lookups, verb, agreement_id, by=asker.principal, **terms)
    (facts,) = await _facts(parts, asker, (changed,))
    return facts


async def _facts(parts: Parts, asker: Asker, found: Sequence[Agreement]) -> list[AgreementFacts]:
    """Return agreements with whose turn it is."""
    turns = await call(parts.lookups, parts.access.steps.of_agreements, found, by=asker.principal)
    now = datetime.now(UTC)
    both = zip(found, turns, strict=True)
    facts = [{**agreement_facts(one, now), **plain(turn)} for one, turn in both]
    return [AgreementFacts.model_validate(one) for one in facts]
