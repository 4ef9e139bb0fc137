"""`/events`: what happens, as far as the asker may know: as a stream, or as a list for whoever comes again."""

from contextlib import ExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import JSONResponse, Response

from ghala.delivery.http.asker import Asker, GivenParts, WhoAsks
from ghala.delivery.http.event_shapes import EventList, RecentEvents
from ghala.delivery.http.event_stream import LASTS_S, MEDIA_TYPE, EventStream, facts_of
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.governance.events import MOST
from ghala.model.event import EventPage

router = APIRouter(tags=["events"])
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The events since, or a stream of those to come.",
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string"},
                "example": 'id: mI0…\nevent: run:published\ndata: {"kind": "run:published", …}\n\n',
            }
        },
    }
}


@router.get("/events", response_model=EventList, responses=_STREAM)
async def events(  # noqa: PLR0917 - one fact each
    asker: WhoAsks,
    request: Request,
    parts: GivenParts,
    after: Annotated[
        Text | None,
        Query(
            max_length=200,
            description="A place that was answered before; from now on unless given.",
        ),
    ] = None,
    last_event_id: Annotated[
        Text | None, Header(max_length=200, description="The same, as browsers send it.")
    ] = None,
    seconds: Annotated[
        float, Query(gt=0, le=LASTS_S, description="How long a stream lasts at most.")
    ] = LASTS_S,
) -> Response:
    """Follow runs and releases of what one discovers, requests and agreements that one may see, and notifications.

    With `Accept: text/event-stream` it is a stream of server-sent events; without, the list of what happened `after` a
    place. A stream goes on where the last one ended: each event has an id, which browsers send again by themselves.
    `stream:opened` comes first, `stream:behind` says that some events are no longer kept, `stream:ended` that one is no
    longer signed in. A line that begins with `:` comes every 15 seconds.
    """
    place = after or last_event_id
    if MEDIA_TYPE in request.headers.get("accept", ""):
        return await _stream(asker, parts, place, seconds)
    return await _list(asker, parts, place)


@router.get("/events/recent")
async def recent_events(
    asker: WhoAsks,
    parts: GivenParts,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    told: Annotated[  # noqa: FBT002 - a part of the query
        bool,
        Query(
            description="Only what one should hear of: for oneself or a team, not done by oneself."
        ),
    ] = False,
) -> RecentEvents:
    """List what happened lately, newest first, as far as the asker may know; events are kept for a week."""
    find = parts.streams.events.recent
    found = await call(parts.lookups, find, asker.principal, limit, told=told)
    return RecentEvents.model_validate({"events": [facts_of(one) for one in found]})


async def _stream(asker: Asker, parts: Parts, place: str | None, seconds: float) -> Response:
    streams, principal = parts.streams, asker.principal
    held = ExitStack()
    try:
        listening = held.enter_context(streams.listening(principal))
        known = None if place is None else streams.ids.open(place, principal)
        after = await call(parts.lookups, streams.events.newest) if known is None else known
    except BaseException:
        held.close()
        raise
    is_behind = place is not None and known is None
    return EventStream(
        streams, listening, held, principal, after=after, is_behind=is_behind, lasts_s=seconds
    )


async def _list(asker: Asker, parts: Parts, place: str | None) -> Response:
    streams, principal = parts.streams, asker.principal
    known = None if place is None else streams.ids.open(place, principal)
    if known is None:
        newest = await call(parts.lookups, streams.events.newest)
        page = EventPage((), newest, is_behind=place is not None)
    else:
        page = await call(parts.lookups, streams.events.page, principal, known)
    return JSONResponse(
        {
            "events": [facts_of(one) for one in page.events],
            "next": streams.ids.seal(page.number, principal),
            "is_behind": page.is_behind,
        }
    )
