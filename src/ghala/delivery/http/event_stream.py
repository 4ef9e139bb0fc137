"""A stream of events on its way: each as it happens, signs of life in between, until its reader may no longer ask."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ghala.delivery.http.sent import ABORT
from ghala.delivery.http.sync import call
from ghala.errors import GhalaError, NotSignedInError, StorageError
from ghala.model.plain import plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import ExitStack

    from starlette.types import Receive, Scope, Send

    from ghala.delivery.http.streams import Listening, Streams
    from ghala.model.event import EventPage, SeenEvent
    from ghala.model.principal import Principal

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_S = 15.0
SENT_WITHIN_S = 15.0
"""A reader that takes nothing for so long is dropped, and reads on from its last id when it is back."""
PATIENCE = "ghala.patience"
"""The extension of a request's scope that says for how many seconds a reader may confirm nothing."""
PATIENCE_S = 45
LASTS_S = 3600.0
"""Then it ends, and its reader comes again: a server that is new gets its share of them."""
_AGAIN_MS = 2000
BEHIND, ENDED, OPENED = "stream:behind", "stream:ended", "stream:opened"


class _Slow(Exception):  # noqa: N818 - no fault: it ends the stream
    """The reader takes nothing."""


class EventStream(Response):
    """The events after a place, as long as its reader listens; `held` counts it until then."""

    def __init__(
        self,
        streams: Streams,
        listening: Listening,
        held: ExitStack,
        principal: Principal,
        *,
        after: int,
        is_behind: bool,
        lasts_s: float = LASTS_S,
    ) -> None:
        self.status_code = 200
        self.media_type = MEDIA_TYPE
        self.background = None
        self._streams, self._listening, self._held = streams, listening, held
        self._principal, self._after, self._is_behind = principal, after, is_behind
        self._lasts_s = lasts_s
        # Proxies that collect an answer before they send it would keep it for ever.
        self.init_headers({"Connection": "close", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        extensions: Any = scope.get("extensions", {})
        if (be_patient := extensions.get(PATIENCE)) is not None:
            be_patient(PATIENCE_S)
        headers = self.raw_headers
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            async with _leaving(receive, self._listening):
                await self._follow(send)
            with suppress(_Slow):
                await _sent(send, b"", is_more=False)
        except _Slow:
            if (abort := extensions.get(ABORT)) is not None:
                abort()
        finally:
            self._held.close()

    async def _follow(self, send: Send) -> None:
        loop, listening, streams = asyncio.get_running_loop(), self._listening, self._streams
        ends_s, epoch = loop.time() + self._lasts_s, streams.epoch
        opened = f"retry: {_AGAIN_MS}\n{self._place()}event: {OPENED}\ndata: {{}}\n\n"
        await _sent(send, opened.encode())
        beats_s = loop.time() + HEARTBEAT_S
        while not (listening.is_gone or streams.is_over or listening.is_lost):
            listening.woken.clear()
            is_beating = loop.time() >= beats_s
            if is_beating or streams.epoch != epoch:
                epoch = streams.epoch
                if not await self._is_proved():
                    await _sent(send, f"event: {ENDED}\ndata: {{}}\n\n".encode())
                    return
            text = await self._news()
            if not text and is_beating:
                # With a place of its own: who comes back need not look again at what was not theirs.
                text = f": still here\n{self._place()}\n"
            if text:
                await _sent(send, text.encode())
                beats_s = loop.time() + HEARTBEAT_S
                continue
            if loop.time() >= ends_s:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(min(beats_s, ends_s) - loop.time()):
                    await listening.woken.wait()

    async def _news(self) -> str:
        """Return what happened since, as lines; "" for nothing."""
        streams, principal, after = self._streams, self._principal, self._after
        if not (self._is_behind or streams.has_news(after)):
            return ""
        events, recent = streams.events, streams.recent(after)
        try:
            page: EventPage = (
                await call(streams.limiter, events.page, principal, after)
                if recent is None
                else await call(streams.limiter, events.page_of, principal, recent, after)
            )
        except StorageError:
            # `Streams` says for how long that is borne.
            return ""
        self._after = page.number
        lines = [self._lines(event) for event in page.events]
        if page.is_behind or self._is_behind:
            self._is_behind = False
            lines.insert(0, f"{self._place()}event: {BEHIND}\ndata: {{}}\n\n")
        return "".join(lines)

    async def _is_proved(self) -> bool:
        try:
            proofs = self._streams.proofs
            self._principal = await call(self._streams.limiter, proofs.again, self._principal)
        except NotSignedInError:
            return False
        except StorageError:
            return True
        except GhalaError:
            return False
        return True

    def _lines(self, event: SeenEvent) -> str:
        facts = json.dumps(facts_of(event))
        sealed = self._streams.ids.seal(event.number, self._principal)
        return f"id: {sealed}\nevent: {event.kind.value}\ndata: {facts}\n\n"

    def _place(self) -> str:
        return f"id: {self._streams.ids.seal(self._after, self._principal)}\n"


def facts_of(event: SeenEvent) -> dict[str, object]:
    """Return an event as JSON has it, without its number."""
    found: dict[str, object] = plain(event)
    del found["number"]
    return found


async def _sent(send: Send, body: bytes, *, is_more: bool = True) -> None:
    try:
        async with asyncio.timeout(SENT_WITHIN_S):
            await send({"type": "http.response.body", "body": body, "more_body": is_more})
    except TimeoutError:
        raise _Slow from None


@asynccontextmanager
async def _leaving(receive: Receive, listening: Listening) -> AsyncIterator[None]:
    """Wake the stream when its reader goes away."""

    async def wait() -> None:
        while (await receive())["type"] != "http.disconnect":
            continue
        listening.is_gone = True
        listening.woken.set()

    task = asyncio.create_task(wait())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
