"""`/demand` and ratings: what people wish for."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.search_shapes import DemandShape, Rating
from ghala.delivery.http.sync import call
from ghala.governance.demand import MOST_LISTED

router = APIRouter(tags=["demand"], route_class=RepeatableRoute)


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


@router.post("/products/{domain}/{product}/ratings", status_code=204, response_class=Response)
async def rate(
    domain: str, product: str, rating: Rating, asker: WhoAsks, parts: GivenParts
) -> None:
    """Rate a product that one reads; a second rating takes the place of the first."""
    await call(
        parts.lookups,
        parts.talk.ratings.rate,
        f"{domain}/{product}",
        rating.stars,
        rating.comment,
        by=asker.principal,
    )
