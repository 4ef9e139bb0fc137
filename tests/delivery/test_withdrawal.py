"""What is withdrawn ends what is on its way within a second; who goes away ends what they asked."""

import json
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from organisation import Server, environment, make_organisation

LONG = "SELECT count(*) FROM market.rates, range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3"
LARGE = "SELECT repeat('x', 1000) AS t, i FROM market.rates, range(20000) AS s(i)"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A server of this file alone, since people lose their rights there: each test takes another one's."""
    folder = tmp_path_factory.mktemp("own") / "acme"
    tokens = make_organisation(folder)
    server = Server(folder)
    yield server, tokens
    server.stop()


def ghala(server, *words):
    program = str(Path(sys.executable).with_name("ghala"))
    subprocess.run(
        [program, *words], cwd=server.folder, env=environment(), check=True, capture_output=True
    )


def audited(server, tag, who):
    with sqlite3.connect(server.folder / ".ghala" / "registry.db") as database:
        rows = database.execute(
            "SELECT detail FROM audit WHERE tag = ? AND principal = ? ORDER BY at", (tag, who)
        ).fetchall()
    database.close()
    return [json.loads(detail) for (detail,) in rows]


def wait_until(holds):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


class Asked(threading.Thread):
    """A question that somebody waits for."""

    def __init__(self, server, token, sql):
        super().__init__()
        self.server, self.token, self.sql = server, token, sql
        self.start()

    def run(self):
        with self.server.client(headers={"Authorization": f"Bearer {self.token}"}) as client:
            self.response = client.post("/sql", json={"sql": self.sql})
        self.ended_s = time.monotonic()


def raw(server, token, sql):
    """Send a question over a socket whose owner reads when it likes."""
    place = urlsplit(server.url)
    client = socket.create_connection((place.hostname, place.port), timeout=20)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    body = json.dumps({"sql": sql}).encode()
    head = (
        f"POST /api/v1/sql HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Accept: text/csv\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    client.sendall(head.encode() + body)
    return client


def test_a_disabled_account_ends_its_question_within_a_second(own):
    server, tokens = own
    asked = Asked(server, tokens["loader"], LONG)
    wait_until(lambda: audited(server, "dataset:read", "service:loader"))
    ghala(server, "user", "disable", "service:loader")
    begun_s = time.monotonic()
    asked.join(20)
    assert asked.ended_s - begun_s < 1.0
    assert asked.response.json()["code"] == "not_signed_in"
    wait_until(lambda: audited(server, "dataset:read_finished", "service:loader"))
    assert audited(server, "dataset:read_finished", "service:loader")[-1]["outcome"] == "cut"


def test_a_withdrawn_answer_is_cut_while_it_is_sent(own):
    server, tokens = own
    with raw(server, tokens["amina"], LARGE) as client:
        head = client.recv(1000)
        assert b"200 OK" in head
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        ghala(server, "token", "revoke", tokens["amina"].split("_")[1])
        wait_until(lambda: audited(server, "dataset:read_cut", "user:amina"))
        read = 0
        with suppress(ConnectionResetError):
            while data := client.recv(65536):
                read += len(data)
    assert read < size / 4
    (cut,) = audited(server, "dataset:read_cut", "user:amina")
    assert cut["error"] == "not_signed_in"
    assert cut["sent_bytes"] < size


def test_who_goes_away_ends_the_question(own):
    server, tokens = own
    client = raw(server, tokens["ben"], LONG)
    wait_until(lambda: audited(server, "dataset:read", "user:ben"))
    client.close()
    wait_until(lambda: audited(server, "dataset:read_finished", "user:ben"))
    ended = audited(server, "dataset:read_finished", "user:ben")[-1]
    assert ended["outcome"] in {"failed", "interrupted"}
    assert ended["ms"] < 10_000


def test_clients_that_hardly_read_block_nobody(own):
    server, tokens = own
    slow = [raw(server, tokens["ben"], LARGE) for _ in range(4)]
    for client in slow:
        assert client.recv(1) == b"H"
    with server.client(headers={"Authorization": f"Bearer {tokens['ben']}"}) as client:
        for _ in range(8):
            begun_s = time.monotonic()
            response = client.post("/sql", json={"sql": "SELECT count(*) FROM sales.customers"})
            assert response.status_code == 200
        assert time.monotonic() - begun_s < 5
    for client in slow:
        assert client.recv(1) == b"T"
        client.close()
