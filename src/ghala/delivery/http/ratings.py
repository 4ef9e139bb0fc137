"""`/products/…/ratings`: what those who use a product think of it, and what its owner replies."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.rating_shapes import Rating, RatingReply, RatingsShape
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.sync import call
from ghala.governance.ratings import MOST_LISTED

router = APIRouter(
    prefix="/products/{domain}/{product}/ratings", tags=["catalogue"], route_class=RepeatableRoute
)
RatingId = Annotated[str, Path(min_length=12, max_length=12, pattern="^[0-9A-Za-z]+$")]


@router.get("")
async def ratings(
    domain: str,
    product: str,
    asker: WhoAsks,
    parts: GivenParts,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 50,
) -> RatingsShape:
    """Show how a product is rated, and what was said, newest first; nobody learns by whom."""
    find = parts.talk.ratings.of
    found = await call(parts.lookups, find, f"{domain}/{product}", by=asker.principal, limit=limit)
    return RatingsShape.model_validate(found)


@router.post("", status_code=204, response_class=Response)
async def rate(
    domain: str, product: str, rating: Rating, asker: WhoAsks, parts: GivenParts
) -> None:
    """Rate a product that one has queried; a second rating takes the place of the first."""
    await call(
        parts.lookups,
        parts.talk.ratings.rate,
        f"{domain}/{product}",
        rating.stars,
        rating.comment,
        by=asker.principal,
    )


@router.delete("", status_code=204, response_class=Response)
async def withdraw(domain: str, product: str, asker: WhoAsks, parts: GivenParts) -> None:
    """Take one's own rating of a product back."""
    verb = parts.talk.ratings.withdraw
    await call(parts.lookups, verb, f"{domain}/{product}", by=asker.principal)


@router.put("/{rating}/reply")
async def reply(  # noqa: PLR0917 - the path has three
    domain: str,
    product: str,
    rating: RatingId,
    said: RatingReply,
    asker: WhoAsks,
    parts: GivenParts,
) -> RatingsShape:
    """Reply to a rating, for the owner of the product."""
    verb = parts.talk.ratings.reply
    found = await call(
        parts.lookups, verb, f"{domain}/{product}", rating, said.text, by=asker.principal
    )
    return RatingsShape.model_validate(found)
