"""`/settings` and `/health/findings`: how the server stands; for administrators."""

from fastapi import APIRouter

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.server_shapes import ServerFindings, ServerSettings
from ghala.delivery.http.sync import call
from ghala.model.plain import plain

router = APIRouter(tags=["server"])


@router.get("/settings")
async def settings(asker: WhoAsks, parts: GivenParts) -> ServerSettings:
    """Show what runs, where it stores, and every setting with where it comes from; never a secret."""
    found = await call(parts.lookups, parts.server_state.facts, by=asker.principal)
    facts = plain(found) | {"versions": dict(found.versions)}
    return ServerSettings.model_validate(facts)


@router.get("/health/findings")
async def findings(asker: WhoAsks, parts: GivenParts) -> ServerFindings:
    """Examine whether the workspace can be relied upon on this machine, as `ghala doctor` does."""
    found = await call(parts.questions, parts.server_state.findings, by=asker.principal)
    is_fine = all(one.is_fine for one in found)
    return ServerFindings.model_validate({"is_fine": is_fine, "findings": plain(found)})
