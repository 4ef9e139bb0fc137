"""The server's process: a port that is free, one loop, and an orderly end."""

from __future__ import annotations

import errno
import signal
import socket
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ghala.delivery.http.event_stream import PATIENCE
from ghala.delivery.http.make import make_app
from ghala.delivery.http.sent import ABORT
from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ghala.delivery.http.parts import Parts

GRACE_S = 10
"""How long an answer that is on its way may take after the server was told to stop."""
_HIGHEST_PORT = 65_535
_TRIED_PORTS = 20
"""So many after the one that was wanted; then whichever is free."""
_DROP = struct.pack("ii", 1, 0)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes one that is free.

    Raises:
        UsageError: the port is taken or not allowed, or the address is none of this machine.
    """
    try:
        return _listening(host, port)
    except OSError as error:
        raise _refusal(error, host, port) from error


def listen_near(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a port, or on the next one that is free.

    Raises:
        UsageError: the port is not allowed, or the address is none of this machine.
    """
    for tried in (*range(port, min(port + _TRIED_PORTS, _HIGHEST_PORT) + 1), 0):
        try:
            return _listening(host, tried)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise _refusal(error, host, tried) from error
    raise UsageError(f"no port of {host} is free", hint="stop another program")


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _HIGHEST_PORT:
        raise UsageError(f"{port} is no port", hint="a port is a number from 0 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _refusal(error: OSError, host: str, port: int) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        return UsageError(
            f"port {port} of {host} is taken by another program",
            hint="stop it, or choose another: `--port`; 0 takes one that is free",
        )
    if error.errno == errno.EACCES:
        return UsageError(
            f"port {port} is not for this user", hint="choose one above 1023: `--port`"
        )
    return UsageError(
        f"`{host[:80]}` is no address of this machine", hint="127.0.0.1, or one of `ip address`"
    )


def serve(parts: Parts, listening: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until SIGTERM, which ends well, or Ctrl-C; `announce` is called once requests are answered.

    Raises:
        KeyboardInterrupt: it was Ctrl-C, and everything that was begun has ended.
    """
    config = uvicorn.Config(
        make_app(parts),
        loop="auto",
        http=_Protocol,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=parts.origin.is_behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=GRACE_S,
    )
    server = _Server(config, announce, parts.streams.close)
    try:
        server.run(sockets=[listening])
    finally:
        parts.close()
    if server.is_interrupted:
        raise KeyboardInterrupt


class _Protocol(HttpToolsProtocol):
    """Lets a response drop its connection with all that is still to be sent: closing would send it first."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        ours = {ABORT: self._abort, PATIENCE: self._be_patient}
        self.scope["extensions"] = ours  # type: ignore[typeddict-item]  # ours alone

    def _abort(self) -> None:
        # Without this the machine would still send megabytes that it has taken already.
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP)
        self.transport.abort()

    def _be_patient(self, seconds: int) -> None:
        # Of a reader that is gone without a word nothing is heard for a quarter of an hour otherwise.
        option = getattr(socket, "TCP_USER_TIMEOUT", None)
        connection = self.transport.get_extra_info("socket")
        if option is not None and connection.family != socket.AF_UNIX:
            connection.setsockopt(socket.IPPROTO_TCP, option, seconds * 1000)


class _Server(uvicorn.Server):
    """Tells when it answers, and leaves the end of the process to whoever started it."""

    def __init__(
        self, config: uvicorn.Config, announce: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._announce, self._ending = announce, ending
        self.is_interrupted = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would go on for ever, then wait for what is on its way."""
        self._ending()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal, without raising it again: workers and the registry are still to be closed."""

        def stop(number: int, _frame: object) -> None:
            self.force_exit = self.is_interrupted
            self.should_exit = True
            self.is_interrupted = number == signal.SIGINT

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
