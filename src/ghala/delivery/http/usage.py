"""`/products/…/usage`: how a product is used."""

from fastapi import APIRouter

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.sync import call
from ghala.delivery.http.usage_shapes import UsageShape

router = APIRouter(prefix="/products/{domain}/{product}", tags=["catalogue"])


@router.get("/usage")
async def usage(domain: str, product: str, asker: WhoAsks, parts: GivenParts) -> UsageShape:
    """Show who queried a product in the last twelve weeks, and how much: counts for all, names for its owner."""
    find = parts.talk.usage.of
    found = await call(parts.lookups, find, f"{domain}/{product}", by=asker.principal)
    return UsageShape.model_validate(found)
