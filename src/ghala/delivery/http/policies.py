"""`/policies`: what is in force, why somebody sees what they see, who sees a dataset, and what a change would do."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.policies_shapes import (
    ExplanationFacts,
    NewSimulation,
    PoliciesInForceFacts,
    Readers,
    SimulationFacts,
)
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.plain import plain

router = APIRouter(prefix="/policies", tags=["policies"])
Target = Annotated[Text, Query(max_length=200, examples=["sales.orders.email"])]
Named = Annotated[Text | None, Query(max_length=200)]
Endpoint = Annotated[Text, Query(max_length=63)]


@router.get("")
async def policies(asker: WhoAsks, parts: GivenParts) -> PoliciesInForceFacts:
    """Show the policies that are in force, to those who may know how others read."""
    found = await call(parts.lookups, parts.policies.in_force, parts.in_force, by=asker.principal)
    return PoliciesInForceFacts.model_validate(plain(found))


@router.get("/why")
async def why(
    dataset: Target,
    asker: WhoAsks,
    parts: GivenParts,
    *,
    user: Named = None,
    purpose: Named = None,
    endpoint: Endpoint = "rest",
    at: datetime | None = None,
) -> ExplanationFacts:
    """Explain how somebody reads a dataset or one column: everybody their own decisions, some those of others."""
    moment = at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
    found = await call(
        parts.lookups,
        parts.policies.explainer.why,
        user or asker.principal.id,
        dataset,
        by=asker.principal,
        purpose=purpose or asker.principal.purpose,
        endpoint=endpoint,
        at=moment,
    )
    return ExplanationFacts.model_validate(plain(found))


@router.get("/who")
async def who(
    dataset: Target,
    asker: WhoAsks,
    parts: GivenParts,
    *,
    purpose: Named = None,
    endpoint: Endpoint = "rest",
) -> Readers:
    """List who may read a dataset, or sees a column of it, and through what."""
    found = await call(
        parts.lookups,
        parts.policies.readers.who,
        dataset,
        by=asker.principal,
        purpose=purpose,
        endpoint=endpoint,
    )
    return Readers.model_validate({"readers": plain(found)})


@router.post("/simulation")
async def simulate(asked: NewSimulation, asker: WhoAsks, parts: GivenParts) -> SimulationFacts:
    """Decide the questions of the last days by changed policies: who would gain, and who would lose."""
    found = await call(
        parts.lookups,
        parts.policies.simulate,
        [(one.name, one.text) for one in asked.files],
        days=asked.days,
        by=asker.principal,
    )
    return SimulationFacts.model_validate({**plain(found), "has_losers": found.has_losers})
