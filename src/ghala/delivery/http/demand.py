"""`/demand`: what people look for in vain, are denied, and think."""

from typing import Annotated

from fastapi import APIRouter, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.search_shapes import DemandShape
from ghala.delivery.http.sync import call
from ghala.governance.demand import MOST_LISTED

router = APIRouter(tags=["demand"])


@router.get("/demand")
async def demand(
    asker: WhoAsks, parts: GivenParts, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 50
) -> DemandShape:
    """List what was looked for in vain, what was denied, and how products are rated; nobody learns by whom.

    Stewards, auditors and administrators see all of it, the owners of domains that of their domains.
    """
    wishes = parts.finders.demand.wishes
    found = await call(parts.lookups, wishes, by=asker.principal, limit=limit)
    return DemandShape.model_validate(found)
