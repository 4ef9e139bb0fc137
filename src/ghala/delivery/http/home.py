"""`/home`: what concerns whoever asks, in one answer."""

from fastapi import APIRouter

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.home_shapes import HomeFacts
from ghala.delivery.http.sync import call

router = APIRouter(tags=["home"])


@router.get("/home")
async def home(asker: WhoAsks, parts: GivenParts) -> HomeFacts:
    """Show what is the asker's, what they use, what waits for them, what changed lately, and what is broken of it.

    It says only what the asker may discover.
    """
    found = await call(parts.lookups, parts.home.page, asker.principal)
    return HomeFacts.model_validate(found)
