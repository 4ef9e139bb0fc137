"""`/products/…/roadmap`: what is to come of a product, and votes for it."""

from typing import Annotated

from fastapi import APIRouter, Path

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.roadmap_shapes import RoadmapShape
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call

router = APIRouter(prefix="/products/{domain}/{product}/roadmap", tags=["roadmap"])
Item = Annotated[Text, Path(max_length=63, examples=["refunds"])]


@router.get("")
async def roadmap(domain: str, product: str, asker: WhoAsks, parts: GivenParts) -> RoadmapShape:
    """Show what the owner of a product means to do, and what will change for its users."""
    find = parts.talk.roadmaps.roadmap
    found = await call(parts.lookups, find, f"{domain}/{product}", by=asker.principal)
    return RoadmapShape.model_validate(found)


@router.put("/{item}/votes")
async def vote(
    domain: str, product: str, item: Item, asker: WhoAsks, parts: GivenParts
) -> RoadmapShape:
    """Vote for an item that is planned or being built; each person has one vote for it."""
    verb = parts.talk.roadmaps.vote
    found = await call(parts.lookups, verb, f"{domain}/{product}", item, by=asker.principal)
    return RoadmapShape.model_validate(found)


@router.delete("/{item}/votes")
async def withdraw(
    domain: str, product: str, item: Item, asker: WhoAsks, parts: GivenParts
) -> RoadmapShape:
    """Take one's vote back."""
    verb = parts.talk.roadmaps.withdraw
    found = await call(parts.lookups, verb, f"{domain}/{product}", item, by=asker.principal)
    return RoadmapShape.model_validate(found)
