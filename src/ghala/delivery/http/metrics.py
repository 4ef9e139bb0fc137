"""`/metrics`: how the server is doing, for Prometheus: from this machine, or with a token."""

from collections.abc import Iterator
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
    is_ready = await call(parts.lookups, _is_ready, parts)
    text = parts.meters.text(_gauges(parts, is_ready=is_ready))
    return PlainTextResponse(text, media_type=MEDIA_TYPE)


def _is_local(request: Request) -> bool:
    """Return whether a program of this machine asks for itself: not one that passes on what others ask."""
    if "authorization" in request.headers or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _is_ready(parts: Parts) -> bool:
    try:
        parts.check_ready()
    except GhalaError:
        return False
    return True


def _gauges(parts: Parts, *, is_ready: bool) -> Iterator[tuple[str, str, float]]:
    running, waiting = parts.asking.admission.counts()
    yield "ghala_registry_up", "Whether the registry can be read.", float(is_ready)
    yield "ghala_questions_running", "Questions that are being answered.", running
    yield "ghala_questions_waiting", "Questions that wait for their turn.", waiting
    idle, lent = parts.workers()
    yield "ghala_workers_idle", "Worker processes that wait for a question.", idle
    yield "ghala_workers_busy", "Worker processes that are at work.", lent
