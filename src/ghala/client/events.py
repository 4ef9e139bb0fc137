"""Events of a server, as they happen; a stream that ends is gone on with where it ended."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ghala.client.faults import Facts, UnreachableError, mapping
from ghala.client.transport import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ghala.client.transport import Transport

MEDIA_TYPE = "text/event-stream"
OPENED, ENDED, BEHIND = "stream:opened", "stream:ended", "stream:behind"
SILENT_S = 45.0
"""A server that says nothing for so long, not even that it is there, is gone: it does every 15 seconds."""
_AGAIN_S = (0.2, 1.0, 3.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `kind` is `stream:behind` where events in between are no longer kept: look at everything again.

    `place` is where to go on after it: `connection.events(after=event.place)`.
    """

    kind: str
    place: str
    facts: Facts


def follow(transport: Transport, after: str | None) -> Iterator[Event]:
    """Return the events of a server from this moment on; it is asked again when a stream ends.

    It is given up after a while of silence.
    """
    # Asked for now: what happens before somebody looks for the first event is told too.
    place = after or str(mapping(transport.get("events"))["next"])
    return _followed(transport, place)


def _followed(transport: Transport, place: str) -> Iterator[Event]:
    faults = 0
    while True:
        try:
            path = f"/events?{urlencode({'after': place})}"
            with transport.send("GET", path, accept=MEDIA_TYPE, timeout_s=SILENT_S) as body:
                for event in parsed(lines_of(body)):
                    place, faults = event.place or place, 0
                    if event.kind == ENDED:
                        break
                    if event.kind not in {OPENED, ""}:
                        yield event
        except UnreachableError:
            faults += 1
            if faults > len(_AGAIN_S):
                raise
        time.sleep(_AGAIN_S[max(faults - 1, 0)])


def parsed(lines: Iterable[str]) -> Iterator[Event]:
    r"""Yield the events of a stream; one without a kind only says the place.

    >>> [(one.kind, one.place) for one in parsed(["id: a", "event: x", "data: {}", "", ": still here", "id: b", ""])]
    [('x', 'a'), ('', 'b')]
    """
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields:
            facts = mapping(json.loads(fields.get("data", "{}")))
            yield Event(fields.get("event", ""), fields.get("id", ""), facts)
            fields = {}
