"""`/notifications`: what people are told, and what became of it; for administrators."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.notification_shapes import (
    Channels,
    ChannelTest,
    Deliveries,
    DeliveryFacts,
)
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.sync import call
from ghala.governance.notifications import MOST_LISTED
from ghala.model.notification import DeliveryState
from ghala.model.plain import plain

router = APIRouter(tags=["notifications"], route_class=RepeatableRoute)
_LARGEST = 2**63 - 1


@router.get("/notifications")
async def deliveries(
    asker: WhoAsks,
    parts: GivenParts,
    state: DeliveryState | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 50,
) -> Deliveries:
    """List notifications on their way to their channels, newest first; administrators do."""
    found = await call(
        parts.lookups,
        parts.notifications.deliveries,
        by=asker.principal,
        state=state,
        limit=limit,
    )
    return Deliveries.model_validate({"deliveries": plain(found)})


@router.post("/notifications/{number}/retry")
async def retry(
    number: Annotated[int, Path(ge=1, le=_LARGEST)], asker: WhoAsks, parts: GivenParts
) -> DeliveryFacts:
    """Let a notification that was given up be tried again."""
    changed = await call(parts.lookups, parts.notifications.retry, number, by=asker.principal)
    return DeliveryFacts.model_validate(plain(changed))


@router.get("/channels")
async def channels(asker: WhoAsks, parts: GivenParts) -> Channels:
    """List the channels of the settings, without their addresses, and whether they can be used."""
    found = await call(parts.lookups, parts.notifications.statuses, by=asker.principal)
    return Channels.model_validate({"channels": plain(found)})


@router.post("/channels/{name}/test")
async def test(
    name: Annotated[str, Path(max_length=63)], asker: WhoAsks, parts: GivenParts
) -> ChannelTest:
    """Send a test through a channel, and say how it went."""
    fault = await call(parts.at_provider, parts.notifications.test, name, by=asker.principal)
    return ChannelTest(channel=name, fault=fault)
