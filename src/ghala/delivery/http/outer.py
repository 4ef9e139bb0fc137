"""What holds for every request: its id, its host, the size of its body, and headers that keep browsers careful."""

from __future__ import annotations

import logging
import re
import traceback
import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from ghala.delivery.http.errors import (
    BodyTooLargeError,
    ForgedError,
    HostUnknownError,
    InternalError,
    RequestInvalidError,
    response_of,
)
from ghala.delivery.http.open_requests import OPEN_REQUESTS, OpenRequests
from ghala.errors import QuotaError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ghala.delivery.http.origin import Origin
    from ghala.errors import GhalaError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"
"""Below it are the operations; everything else is a page of the portal."""
GIVE_BACK = "give_back"
"""What of a request's state is called, once, when it turned out that somebody signed it."""
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_LOG = logging.getLogger(__name__)
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class _BodyOverError(Exception):
    """Travels through the framework, which takes every other error of a body for a body that it cannot read."""


@dataclass(slots=True)
class _Exchange:
    """One request and its response."""

    scope: Scope
    receive: Receive
    send: Send
    request_id: str
    body_bytes: int
    taken: int = 0
    is_started: bool = False
    is_over: bool = False

    async def limited(self) -> Message:
        """Return the next part of the body, while it is not too large."""
        message = await self.receive()
        self.taken += len(message.get("body", b""))
        if self.taken > self.body_bytes:
            self.is_over = True
            raise _BodyOverError
        return message

    async def hardened(self, message: Message) -> None:
        """Send a part of the response."""
        if self.is_over and not self.is_started:
            # What the framework made of the body that it did not get.
            return
        if message["type"] == "http.response.start":
            self.is_started = True
            added = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                added.setdefault(name, value)
            if self.scope["scheme"] == "https":
                added.setdefault("Strict-Transport-Security", "max-age=31536000")
            added["X-Request-ID"] = self.request_id
        await self.send(message)

    async def refuse(self, error: GhalaError) -> None:
        """Answer with an error, if there is no answer yet."""
        self.is_over = False
        if not self.is_started:
            # The rest of a body that nobody reads must not pass for the next request.
            closing = {"Connection": "close"} if isinstance(error, BodyTooLargeError) else {}
            response = response_of(error, self.request_id, closing)
            await response(self.scope, self.receive, self.hardened)


@dataclass(frozen=True, slots=True)
class Outer:
    """Stands around the whole app, so that no answer can miss what it adds."""

    app: ASGIApp
    origin: Origin
    body_bytes: int
    open_requests: OpenRequests = field(default_factory=lambda: OpenRequests(OPEN_REQUESTS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        exchange = _Exchange(scope, receive, send, request_id, self.body_bytes)
        refused = self._refused(scope, headers)
        try:
            if refused is None:
                await self.app(scope, exchange.limited, exchange.hardened)
        except _BodyOverError:
            pass
        except Exception as error:  # noqa: BLE001 - the last place that can answer
            _log_fault(error, request_id)
            refused = InternalError(
                "this is a fault in Ghala", hint="its operator finds it by the request id"
            )
        if exchange.is_over:
            refused = self._too_large()
        if refused is not None:
            await exchange.refuse(refused)

    def _refused(self, scope: Scope, headers: Headers) -> GhalaError | None:
        if not self.origin.is_host(headers.get("host", "")):
            return HostUnknownError(
                "this server has another name", hint="see `server.public_url` in ghala.yaml"
            )
        if scope["method"] not in SAFE_METHODS:
            origin, site = headers.get("origin"), headers.get("sec-fetch-site")
            is_foreign = origin is not None and not self.origin.is_own(origin)
            if is_foreign or site in {"cross-site", "same-site"}:
                return ForgedError("the request comes from a page of another site")
        # Pages are the same few files for everybody: only operations are counted.
        if (client := scope.get("client")) and scope["path"].startswith(API):
            # What is presented may prove nobody: only whoever finds that it does gives back what was counted.
            is_presenting = "authorization" in headers or "cookie" in headers
            try:
                counted = self.open_requests.count(client[0], is_presenting=is_presenting)
            except QuotaError as error:
                return error
            if counted is not None:
                scope["state"][GIVE_BACK] = partial(self.open_requests.give_back, counted)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return RequestInvalidError("the length of the body is not a number")
        return self._too_large() if int(length) > self.body_bytes else None

    def _too_large(self) -> BodyTooLargeError:
        return BodyTooLargeError(
            f"the body is larger than {self.body_bytes:,} bytes",
            hint="the operator can allow more: `server.body_bytes`",
        )


def _request_id(presented: str | None) -> str:
    """Return the id that a client gave, if nobody could mistake it in a log for something else."""
    if presented is not None and _REQUEST_ID.fullmatch(presented):
        return presented
    return uuid.uuid4().hex


def _log_fault(error: Exception, request_id: str) -> None:
    # Without the error's text, which may hold a cell value.
    frames = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("request %s: internal error: %s\n%s", request_id, type(error).__name__, frames)
