"""`/health`: whether the server is there, and whether it can answer. Nobody has to sign in."""

from fastapi import APIRouter

from ghala.delivery.http.asker import GivenParts
from ghala.delivery.http.openapi import OPEN
from ghala.delivery.http.shapes import Health
from ghala.delivery.http.sync import call

router = APIRouter(prefix="/health", tags=["health"])


@router.get("", openapi_extra=OPEN)
async def health() -> Health:
    """Say that the server is there."""
    return Health(status="alive")


@router.get("/ready", openapi_extra=OPEN)
async def ready(parts: GivenParts) -> Health:
    """Say that the server can answer: its registry can be read."""
    await call(parts.lookups, parts.check_ready)
    return Health(status="ready")
