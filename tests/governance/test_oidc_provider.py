"""A provider over HTTP: what is fetched, what is kept of it, and who waits when it is down or slow."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ghala.errors import BusyError, StorageError
from ghala.governance.oidc_provider import FAILED_S, ProviderClient, fetch
from ghala.model.outside import OidcProvider

ISSUER = "https://id.acme.example"
SETTINGS = OidcProvider(ISSUER, "ghala")


def test_a_provider_that_failed_is_left_alone_for_a_while():
    asked, now, is_down = [], [0.0], [True]

    def answer(url):
        asked.append(url)
        if is_down[0]:
            raise StorageError("it is down", hint="wait")
        return {"issuer": ISSUER}

    client = ProviderClient(SETTINGS, answer, lambda: now[0])
    for _ in range(3):
        with pytest.raises(StorageError, match="down") as caught:
            client.names_itself()
        assert caught.value.hint == "wait"
    assert len(asked) == 1
    is_down[0] = False
    now[0] += FAILED_S
    assert client.names_itself() is False
    assert len(asked) == 2


def test_nobody_waits_long_for_what_another_is_fetching():
    is_asked, may_answer = threading.Event(), threading.Event()

    def hang(_url):
        is_asked.set()
        assert may_answer.wait(30)
        return {"issuer": ISSUER}

    client = ProviderClient(SETTINGS, hang)
    first = threading.Thread(target=client.names_itself)
    first.start()
    try:
        assert is_asked.wait(30)
        with pytest.raises(BusyError, match="slow"):
            client.names_itself()
    finally:
        may_answer.set()
        first.join()
    assert client.names_itself() is False


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self):
        answers = {"/moved": (302, b""), "/list": (200, b"[]"), "/text": (200, b"<html>")}
        status, body = answers.get(self.path, (200, b'{"reached": true}'))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/reached")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_what_is_fetched_is_an_object_and_no_redirect_is_followed():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        assert fetch(f"{address}/reached") == {"reached": True}
        for path in ("/moved", "/list", "/text"):
            with pytest.raises(StorageError, match="cannot be reached"):
                fetch(f"{address}{path}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    with pytest.raises(StorageError, match="cannot be reached"):
        fetch(f"{address}/reached")
