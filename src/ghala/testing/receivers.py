"""Receivers of notifications on this machine: a web server and a mail server that keep what they are sent."""

from __future__ import annotations

import http.server
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class WebReceiver:
    """Keeps every POST and answers with `status`, and with `location` if there is one; then something `has_come`."""

    port: int = 0
    status: int = 200
    location: str = ""
    posted: list[Posted] = field(default_factory=list)
    has_come: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address to post to."""
        return f"http://{self.host}/hook"


@dataclass(slots=True)
class MailReceiver:
    """Keeps every mail, as its lines were sent."""

    port: int = 0
    mails: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of a mailbox, as a channel has it."""
        return f"mailto://{self.host}?from=ghala@acme.example&to=sales@acme.example&mode=insecure"


@contextmanager
def web_receiver(port: int = 0) -> Iterator[WebReceiver]:
    """Run a web server while the block runs."""
    receiver = WebReceiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.posted.append(Posted(self.path, dict(self.headers), body))
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            receiver.has_come.set()

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _running(http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)) as taken:
        receiver.port = taken
        yield receiver


@contextmanager
def mail_receiver() -> Iterator[MailReceiver]:
    """Run a mail server while the block runs: as much of SMTP as a client needs to hand over a mail."""
    receiver = MailReceiver()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 receiver\r\n")
            for line in self.rfile:
                word = line.split(b" ", 1)[0].strip().upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    receiver.mails.append(self._mail())
                elif word == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                self.wfile.write(b"250 well\r\n")

        def _mail(self) -> str:
            lines: list[bytes] = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line)
            return b"".join(lines).decode()

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with _running(server) as port:
        receiver.port = port
        yield receiver


@contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
