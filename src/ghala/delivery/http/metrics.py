"""`/metrics`: how the server is doing, for Prometheus: from this machine, or with a token."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from ghala.delivery.http.asker import GivenParts, find_asker
from ghala.delivery.http.meters import MEDIA_TYPE
from ghala.delivery.http.openapi import OPEN
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.sync import call
from ghala.errors import GhalaError
from ghala.governance.metering import require_metrics
from ghala.model.notification import DeliveryState

router = APIRouter(tags=["metrics"])
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@router.get("/metrics", openapi_extra=OPEN, response_class=PlainTextResponse)
async def metrics(request: Request, parts: GivenParts) -> PlainTextResponse:
    """Return counts and gauges in Prometheus' text format; no label holds what a user wrote.

    Programs on the server's own machine need no token. All others need one with the scope `metrics:read`, or a
    session with the role of the administrator or the auditor.
    """
    if not _is_local(request):
        asker = await find_asker(request, parts)
        require_metrics(asker.principal)
    waiting = await call(parts.lookups, _deliveries, parts)
    text = parts.meters.text([*_gauges(parts, is_ready=waiting is not None), *_told(waiting)])
    return PlainTextResponse(text, media_type=MEDIA_TYPE)


def _is_local(request: Request) -> bool:
    """Return whether a program of this machine asks for itself: not one that passes on what others ask."""
    if "authorization" in request.headers or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _deliveries(parts: Parts) -> Mapping[DeliveryState, int] | None:
    """Return how many notifications are in each state; None if the registry cannot be read."""
    try:
        parts.check_ready()
        return parts.notifications.counts()
    except GhalaError:
        return None


def _told(counts: Mapping[DeliveryState, int] | None) -> Iterator[tuple[str, str, float]]:
    if counts is not None:
        name, waiting, dead = "ghala_notifications", DeliveryState.WAITING, DeliveryState.DEAD
        yield f"{name}_waiting", "Notifications on their way to a channel.", counts[waiting]
        yield f"{name}_dead", "Notifications that were given up.", counts[dead]


def _gauges(parts: Parts, *, is_ready: bool) -> Iterator[tuple[str, str, float]]:
    running, waiting = parts.asking.admission.counts()
    yield "ghala_registry_up", "Whether the registry can be read.", float(is_ready)
    yield "ghala_questions_running", "Questions that are being answered.", running
    yield "ghala_questions_waiting", "Questions that wait for their turn.", waiting
    idle, lent = parts.workers()
    yield "ghala_workers_idle", "Worker processes that wait for a question.", idle
    yield "ghala_workers_busy", "Worker processes that are at work.", lent
