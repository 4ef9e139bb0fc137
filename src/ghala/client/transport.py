"""One request to one server: with the token, a limit of time, and no redirect, which would carry it elsewhere."""

from __future__ import annotations

import json
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from ghala.client.faults import UnreachableError, error_of
from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

PREFIX = "/api/v1"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST_JSON = 256 * 1024 * 1024
_BLOCK = 1 << 16
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a response, as a file that is read once; what goes wrong on the way is worded as everywhere."""

    response: HTTPResponse
    _faults: Callable[[], AbstractContextManager[None]] = field(repr=False)

    @property
    def media_type(self) -> str:
        """What the server says that it is."""
        return self.response.headers.get_content_type()

    @property
    def closed(self) -> bool:
        """Whether it can be read no more."""
        return self.response.closed

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        with self._faults():
            return self.response.read(None if size < 0 else size)

    def read_soon(self, size: int) -> bytes:
        """Return what has come of the next bytes, as soon as any has; b"" at the end."""
        with self._faults():
            return self.response.read1(size)


@dataclass(frozen=True, slots=True)
class Transport:
    """Sends requests to one server. Nothing that it raises, and no text of it, holds the token."""

    url: str
    host: str
    port: int | None
    path: str
    tls: ssl.SSLContext | None = field(repr=False)
    token: str = field(repr=False)
    timeout_s: float = 60.0

    @classmethod
    def to(
        cls, url: str, token: str, *, timeout_s: float, verify: bool | str | Path = True
    ) -> Transport:
        """Return the way to a server.

        Args:
            url: what `ghala up` prints, with or without `/api/v1`.
            token: as it was issued.
            timeout_s: how long the server may be silent.
            verify: False trusts any certificate; a path is a file of the authorities that are trusted.

        Raises:
            UsageError: the URL is none of a server, the token is missing, or it would travel in the clear.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise UsageError(
                "this is not the address of a server", hint="like https://data.acme.example"
            )
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise UsageError("there is no token, or it is not as it was issued", hint="`ghala_…`")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise UsageError(
                f"the token would travel to `{parts.hostname}` in the clear",
                hint="use https://, or a server on this machine",
            )
        if timeout_s <= 0:
            raise UsageError("a limit of time is more than 0 seconds")
        path = parts.path.rstrip("/").removesuffix(PREFIX) + PREFIX
        shown = f"{parts.scheme}://{parts.netloc}{path}"
        tls = _trust(verify) if parts.scheme == "https" else None
        return cls(shown, parts.hostname, port, path, tls, token, timeout_s)

    def get(self, *names: str, **query: object) -> object:
        """Return the JSON of an address below the server's; None in the query says nothing."""
        given = {key: str(value) for key, value in query.items() if value is not None}
        with self.send("GET", _path(names) + (f"?{urlencode(given)}" if given else "")) as answer:
            return _json(answer)

    def change(self, method: str, *names: str, body: Mapping[str, object] | None = None) -> object:
        """Change what has an address below the server's, and return what comes back; None for nothing."""
        with self.send(method, _path(names), body=body) as answer:
            return _json(answer)

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """Send JSON, and return what comes back; None for nothing."""
        with self.send("POST", path, body=body) as answer:
            return _json(answer)

    @contextmanager
    def send(
        self,
        method: str,
        path: str,
        *,
        accept: str = "application/json",
        body: Mapping[str, object] | None = None,
        timeout_s: float | None = None,
    ) -> Iterator[Body]:
        """Send one request and yield its answer, if it is no refusal.

        Raises:
            GhalaError: what the server refuses, as the error that a local workspace would raise.
            UnreachableError: there is no answer.
        """
        connection = self._connection(self.timeout_s if timeout_s is None else timeout_s)
        headers = {"Accept": accept, "Authorization": f"Bearer {self.token}", "User-Agent": "ghala"}
        sent = None if body is None else json.dumps(body).encode()
        if sent is not None:
            headers["Content-Type"] = "application/json"
        try:
            with self._faults():
                connection.request(method, self.path + path, body=sent, headers=headers)
                response = connection.getresponse()
                refusal = None if response.status in _OK else response.read(_LONGEST_JSON)
            if refusal is not None:
                media_type = response.headers.get_content_type()
                raise error_of(response.status, media_type, refusal)
            yield Body(response, self._faults)
        finally:
            with suppress(OSError):
                connection.close()

    def _connection(self, timeout_s: float) -> HTTPConnection:
        if self.tls is None:
            return HTTPConnection(self.host, self.port, timeout=timeout_s)
        return HTTPSConnection(self.host, self.port, timeout=timeout_s, context=self.tls)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Word what goes wrong on the way; without the cause, whose frames hold the token."""
        try:
            yield
        except ssl.SSLCertVerificationError:
            raise UnreachableError(
                f"the certificate of {self.host} is not trusted",
                hint="name the file of its authority: verify=PATH",
            ) from None
        except TimeoutError:
            raise UnreachableError(
                f"{self.host} did not answer within {self.timeout_s:g} s", hint="allow more time"
            ) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise UnreachableError(
                f"{self.url} cannot be reached: {reason}", hint="is the server running?"
            ) from None


def lines_of(body: Body) -> Iterator[str]:
    """Yield the lines of a body as they come; a last line without an end is none, since the answer was cut there.

    Raises:
        UnreachableError: the answer ended too early.
    """
    rest = b""
    while block := body.read_soon(_BLOCK):
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            yield line.decode()
    if rest:
        raise UnreachableError("the answer ended in the middle of a line", hint="ask again")


def _path(names: Sequence[str]) -> str:
    """Return the address of what is named below the server's.

    >>> _path(["products", "sales", "a b"])
    '/products/sales/a%20b'
    """
    return "".join(f"/{quote(name, safe='')}" for name in names)


def _trust(verify: bool | str | Path) -> ssl.SSLContext:  # noqa: FBT001 - as HTTP libraries have it
    if isinstance(verify, bool):
        context = ssl.create_default_context()
        if not verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
    try:
        return ssl.create_default_context(cafile=str(verify))
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"`{verify}` holds no certificates that can be read") from error


def _json(answer: Body) -> object:
    body = answer.read(_LONGEST_JSON + 1)
    status = answer.response.status
    if not body:
        return None
    if answer.media_type != "application/json" or len(body) > _LONGEST_JSON:
        raise error_of(status, answer.media_type, b"")
    try:
        found: object = json.loads(body)
    except ValueError:
        raise error_of(status, answer.media_type, b"") from None
    return found
