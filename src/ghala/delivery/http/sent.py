"""An answer on its way to a client: cut at once when what allowed it is withdrawn, gone when the client is."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ghala.delivery.http.sync import call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from contextlib import ExitStack

    from anyio import CapacityLimiter
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from ghala.delivery.http.spool import Spool
    from ghala.query.asking import Going

ABORT = "ghala.abort"
"""The extension of a request's scope that drops its connection, with what the machine has not sent yet."""
SENT_WITHIN_S = 3600.0
"""How long a client may take for an answer: the disk that keeps it is everybody's."""


@dataclass(slots=True)
class _Told:
    """An event of this loop that any thread can set."""

    event: asyncio.Event
    loop: asyncio.AbstractEventLoop

    def set(self) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.event.set)


@asynccontextmanager
async def attended(request: Request, going: Going) -> AsyncIterator[None]:
    """End a question whose client goes away while it is answered in the block."""

    async def wait() -> None:
        # The body was read: what comes next is the end of the connection.
        while (await request.receive())["type"] != "http.disconnect":
            continue
        going.leave()

    async with _beside(wait()):
        yield


@asynccontextmanager
async def _beside(other: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run something beside the block, until the block ends. Unlike a group of tasks, it leaves errors as they are."""
    task = asyncio.create_task(other)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class SentAnswer(Response):
    """A spooled answer as a response; `held` is closed when it was sent, however that ended."""

    def __init__(
        self,
        spool: Spool,
        going: Going,
        held: ExitStack,
        limiter: CapacityLimiter,
        *,
        headers: dict[str, str],
        media_type: str,
        on_cut: Callable[[int], None],
    ) -> None:
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        self._spool, self._going, self._held = spool, going, held
        self._limiter, self._on_cut = limiter, on_cut
        self.init_headers({**headers, "Content-Length": str(spool.size)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI calls it
        """Send it."""
        told = _Told(asyncio.Event(), asyncio.get_running_loop())
        self._going.tell(told.set)
        sent = 0

        async def cut() -> None:
            with suppress(TimeoutError):
                await asyncio.wait_for(told.event.wait(), SENT_WITHIN_S)
            told.event.set()
            # It ends the wait of `send` too, which from then on sends nothing.
            abort: Any = scope.get("extensions", {}).get(ABORT)
            if abort is not None:
                abort()

        try:
            async with _beside(cut()):
                headers = self.raw_headers
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                chunks = self._spool.chunks()
                while chunk := await call(self._limiter, next, chunks, b""):
                    if told.event.is_set():
                        await call(self._limiter, self._on_cut, sent)
                        return
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    sent += len(chunk)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._held.close()
