"""The server's process: how it begins, what it says, and how it ends."""

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from canonical import assert_canonical_error
from organisation import Server, environment

import ghala
from ghala.delivery.http.origin import Origin
from ghala.delivery.http.serve import listen
from ghala.errors import DefinitionError, UsageError
from ghala.testing.people import PASSWORD
from ghala.testing.workspace import write_workspace


@pytest.fixture
def acme(tmp_path):
    return write_workspace(tmp_path / "acme")


def refused(folder, *arguments):
    """Run a server that cannot start, and return its exit code and what it says."""
    program = str(Path(sys.executable).with_name("ghala"))
    done = subprocess.run(
        [program, "up", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_the_first_administrator_is_invited_once(acme):
    server = Server(acme)
    with server.client() as client:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/api/v1", server.url)
        assert client.get("/health").json() == {"status": "alive"}
        assert client.get("/health/ready").json() == {"status": "ready"}
        assert client.get("/openapi.json").json()["openapi"].startswith("3.1")
        asked = {"name": "amina", "password": PASSWORD}
        wrong = asked | {"invitation": "ghala_first_" + "x" * 43}
        assert_canonical_error(client.post("/first", json=wrong), 401, "not_signed_in")
        lines = [server.process.stderr.readline() for _ in range(3)]
        assert "this invitation works once" in lines[0]
        asked["invitation"] = lines[1].strip()
        assert client.post("/first", json=asked).status_code == 204
        assert_canonical_error(client.post("/first", json=asked), 401, "not_signed_in")
        begun = client.post("/session", json=asked_to_sign_in())
        assert begun.status_code == 201
    code, said = server.stop(signal.SIGTERM)
    assert (code, "Traceback" in said) == (0, False)
    again = Server(acme, ("--json",))
    assert json.loads(again.url)["url"].startswith("http://127.0.0.1:")
    code, said = again.stop(signal.SIGINT)
    assert (code, said.splitlines()[-1]) == (130, "stopped")
    assert "invitation" not in said


def asked_to_sign_in():
    return {"name": "amina", "password": PASSWORD, "purpose": "administration"}


def test_a_port_that_is_taken(acme):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = refused(acme, "--port", str(taken.getsockname()[1]))
    assert code == 2
    assert "is taken by another program\nhint: " in said


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", 70_000, "70000 is no port"),
        ("192.0.2.1", 0, "is no address of this machine"),
    ],
)
def test_an_address_that_cannot_be(host, port, words):
    with pytest.raises(UsageError, match=words):
        listen(host, port)


def test_a_server_for_others_has_a_name():
    with pytest.raises(UsageError) as caught:
        Origin.of("::", 80)
    assert "`server.public_url`" in caught.value.hint
    for wrong in ("data.acme.example", "ftp://x", "https://x/y", "https://u@x", "https://[x"):
        with pytest.raises(UsageError, match="not the address of a server"):
            Origin.of("127.0.0.1", 80, wrong)
    made = Origin.of("10.0.0.1", 8321, "https://Data.acme.example:8443")
    assert made.is_host("data.acme.example:8443")
    assert not made.is_host("data.acme.example")
    assert made.is_own("https://data.acme.example:8443")
    assert not made.is_behind_proxy


@pytest.mark.parametrize(
    ("scheme", "host", "is_secure"),
    [
        ("http", "localhost:1", False),
        ("http", "[::1]:1", False),
        ("https", "localhost:1", True),
        ("http", "data.acme.example", True),
    ],
)
def test_only_plain_http_on_this_machine_has_a_plain_cookie(scheme, host, is_secure):
    assert Origin.of("127.0.0.1", 1).is_secure(scheme, host) is is_secure


def test_a_policy_that_is_wrong_is_named_with_its_line(acme):
    (acme / "policies").mkdir()
    (acme / "policies" / "own.cedar").write_text('// ours\n@id("a")\npermit (principal, action);\n')
    with ghala.open(acme) as app, pytest.raises(DefinitionError) as caught:
        app.http_parts(Origin.of("127.0.0.1", 1))
    assert str(caught.value.place).startswith("policies/own.cedar:2")


def test_settings_say_where_it_listens_and_by_which_name(acme):
    (acme / "ghala.yaml").write_text(
        "name: test\nserver: {port: 0, public_url: 'https://data.acme.example', body_bytes: 1000}\n"
    )
    server = Server(acme)
    assert server.url == "https://data.acme.example/api/v1"
    local = listening_at(server)
    headers = {"Host": "data.acme.example", "X-Forwarded-Proto": "https"}
    with httpx.Client(
        base_url=f"http://{local}/api/v1", trust_env=False, headers=headers
    ) as client:
        assert client.get("/health").headers["strict-transport-security"].startswith("max-age")
        big = client.post("/session", content=b"x" * 1001)
        assert_canonical_error(big, 413, "body_too_large")
    server.stop()


def listening_at(server):
    """Return the address at which a process listens, as the kernel knows it."""
    inodes = {
        target.readlink().name.removeprefix("socket:[").removesuffix("]")
        for target in Path(f"/proc/{server.process.pid}/fd").iterdir()
        if str(target.readlink()).startswith("socket:")
    }
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[3] == "0A" and words[9] in inodes:
            return f"127.0.0.1:{int(words[1].partition(':')[2], 16)}"
    raise AssertionError("it does not listen")


def test_a_key_is_made_for_nobody_else(organisation):
    with organisation.asks("ben") as client:
        client.post("/sql", json={"sql": "SELECT email FROM sales.customers"})
    key = organisation.server.folder / ".ghala" / "keys" / "mask.key"
    assert (key.stat().st_mode & 0o777, key.stat().st_size) == (0o600, 32)


def test_what_was_asked_is_in_the_audit(organisation):
    with organisation.asks("ben") as client:
        client.post("/sql", json={"sql": "SELECT email FROM sales.customers"})
        client.post("/sql", json={"sql": "SELECT id FROM sales.orders"})
    path = organisation.server.folder / ".ghala" / "registry.db"
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT tag, principal, objects FROM audit ORDER BY at").fetchall()
    database.close()
    told = [
        (tag, json.loads(objects)) for tag, principal, objects in rows if principal == "user:ben"
    ]
    assert ("dataset:read_denied", ["sales.orders"]) in told
    assert ("dataset:read", ["sales.customers"]) in told
