"""An answer on its way to a client: cut at once when what allowed it is withdrawn, gone when the client is."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ghala.delivery.http.sync import call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
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
class _Cut:
    """Drops a connection when it is told to, from any thread, or after too long; not any more once it is over."""

    abort: Callable[[], None] | None
    loop: asyncio.AbstractEventLoop
    is_made: bool = False
    is_over: bool = False

    def tell(self) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.make)

    def make(self) -> None:
        if not (self.is_over or self.is_made):
            self.is_made = True
            # It ends the wait of `send` too, which from then on sends nothing.
            if self.abort is not None:
                self.abort()


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
        loop = asyncio.get_running_loop()
        abort: Any = scope.get("extensions", {}).get(ABORT)
        cut = _Cut(abort, loop)
        self._going.tell(cut.tell)
        too_late = loop.call_later(SENT_WITHIN_S, cut.make)
        sent = 0
        try:
            headers = self.raw_headers
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            chunks = self._spool.chunks()
            while chunk := await self._next(chunks):
                if self._going.stop.error is not None:
                    cut.make()
                if not cut.is_made:
                    is_more = sent + len(chunk) < self._spool.size
                    await send({"type": "http.response.body", "body": chunk, "more_body": is_more})
                # Also while it was sent, which ends with the connection then.
                if cut.is_made:
                    await call(self._limiter, self._on_cut, sent)
                    return
                sent += len(chunk)
            if not sent:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            cut.is_over = True
            too_late.cancel()
            self._held.close()

    async def _next(self, chunks: Iterator[bytes]) -> bytes:
        # A thread costs more than a look into memory.
        if self._spool.is_in_memory:
            return next(chunks, b"")
        return await call(self._limiter, next, chunks, b"")
