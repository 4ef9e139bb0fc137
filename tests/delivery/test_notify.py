"""How messages leave: through a process that reaches public addresses only, to real receivers on this machine."""

import hashlib
import hmac
import json
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from email import message_from_string, policy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.delivery.notify import sender as sending
from ghala.delivery.notify.guard import Allowed, Guard, RefusedError
from ghala.delivery.notify.sender import ProcessSender
from ghala.delivery.notify.services import SCHEMES, scheme_fault
from ghala.model.notification import Message
from ghala.testing.receivers import mail_receiver, web_receiver

MESSAGE = Message(
    "r-1", "Ghala: sales/orders failed", "Why: it did.\nSee: ghala show", {"kind": "run:failed"}
)
KEY = "s3cret"
NOT_PUBLIC = "127.0.0.1 is not public, and not in `notifications.allowed_hosts`"


@pytest.fixture
def web():
    with web_receiver() as receiver:
        yield receiver


def send(address, *allowed, secret=None, message=MESSAGE):
    with ProcessSender(allowed).open(address, secret, lambda: False) as tell:
        return tell(message)


def test_a_webhook_is_json_that_its_receiver_can_trust(web):
    assert send(web.url, web.host, secret=KEY) is None
    (posted,) = web.posted
    body = json.loads(posted.body)
    assert body == {
        "id": "r-1",
        "title": MESSAGE.title,
        "text": MESSAGE.text,
        "facts": {"kind": "run:failed"},
    }
    signed = posted.headers["Ghala-Timestamp"].encode() + b"." + posted.body
    expected = hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
    assert posted.headers["Ghala-Signature"] == f"v1={expected}"
    assert abs(int(posted.headers["Ghala-Timestamp"]) - time.time()) < 60
    assert posted.headers["Ghala-Notification"] == "r-1"


def test_one_process_sends_many(web):
    with ProcessSender((web.host,)).open(web.url, None, lambda: False) as tell:
        assert [tell(MESSAGE) for _ in range(3)] == [None] * 3
    assert len(web.posted) == 3
    assert "Ghala-Signature" not in web.posted[0].headers


def test_what_a_receiver_answers_is_said_without_its_address(web):
    web.status = 503
    assert send(web.url, web.host) == "the receiver answered 503"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert (
        send(f"http://127.0.0.1:{port}/token", f"127.0.0.1:{port}")
        == "the receiver cannot be reached"
    )


def test_a_webhook_follows_no_redirect(web):
    with web_receiver() as inner:
        web.status, web.location = 307, inner.url
        assert send(web.url, web.host, inner.host) == "the receiver answered 307"
        assert inner.posted == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
    ],
)
def test_this_machine_is_not_reached_under_any_name(web, host):
    fault = send(f"https://{host}:{web.port}/")
    assert fault.endswith("is not public, and not in `notifications.allowed_hosts`")
    assert web.posted == []


def test_an_address_without_encryption_is_for_named_hosts_only(web):
    assert "is not one of https" in send(web.url)
    assert "is not one of https" in send(web.url, "127.0.0.1:1")
    assert web.posted == []


def test_a_service_is_guarded_at_every_redirect(web):
    with web_receiver() as inner:
        web.status, web.location = 307, inner.url
        fault = send(f"ntfy://{web.host}/topic?redirect=yes", web.host)
        assert inner.posted == []
        assert len(web.posted) == 1
        assert fault is not None


def test_a_service_reaches_no_private_address(web):
    assert send(f"ntfy://{web.host}/topic") == NOT_PUBLIC
    assert send(f"mailto://u:p@{web.host}?from=a@b.example&to=c@d.example") == NOT_PUBLIC
    assert web.posted == []


def test_a_mail_has_title_and_text():
    with mail_receiver() as receiver:
        assert send(receiver.url, receiver.host) is None
    (mail,) = receiver.mails
    read = message_from_string(mail, policy=policy.default)
    assert read["Subject"] == MESSAGE.title
    assert read["To"] == "sales@acme.example"
    assert "Why: it did." in read.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    "address",
    [
        "syslog://",
        "dbus://",
        "gnome://",
        "macosx://",
        "windows://",
        "file:///etc/passwd",
        "json://h/",
        "x",
        "",
    ],
)
def test_other_services_are_refused(address):
    assert "see docs/guides/notifications.md" in send(address)


def test_every_scheme_is_one_of_the_library():
    # In a process of its own: some of its plugins import what Python deprecates.
    program = "from apprise.manager_plugins import NotificationManager; print(*NotificationManager().schemas())"
    known = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(known.stdout.split()) >= SCHEMES
    assert all(scheme_fault(f"{scheme.upper()}://x") is None for scheme in SCHEMES)


def test_a_list_of_addresses_is_one_that_makes_no_sense():
    assert send("mailto://, syslog://localhost") == "its address cannot be read"


def test_a_service_address_that_makes_no_sense_is_said_without_it():
    assert send("mailto://") == "its address cannot be read"


def test_the_secret_address_is_on_no_list_of_processes(web):
    with ProcessSender((web.host,)).open(f"{web.url}?token=canary", None, lambda: False) as tell:
        assert tell(MESSAGE) is None
        found = b""
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                line = (process / "cmdline").read_bytes()
                if b"delivery.notify.child" in line:
                    found += line + (process / "environ").read_bytes()
    assert b"delivery.notify.child" in found
    assert b"canary" not in found


def test_a_receiver_that_never_answers_is_left_when_the_server_stops():
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        sender = ProcessSender((host,))
        with sender.open(f"http://{host}/", None, stop.is_set) as tell:
            held = []
            waiting = threading.Thread(target=lambda: (held.append(silent.accept()), stop.set()))
            waiting.start()
            began_s = time.monotonic()
            assert tell(MESSAGE) == "it did not end in time"
            waiting.join()
            held[0][0].close()
    assert time.monotonic() - began_s < sending.SEND_S / 2


def test_a_process_that_died_is_a_fault_and_no_error(web, monkeypatch):
    started, start = [], sending._start
    monkeypatch.setattr(sending, "_start", lambda: started.append(start()) or started[-1])
    with ProcessSender((web.host,)).open(web.url, None, lambda: False) as tell:
        assert tell(MESSAGE) is None
        started[0].kill()
        started[0].wait()
        assert tell(MESSAGE) == "it did not end in time"
        assert tell(MESSAGE) == "it did not end in time"


GUARDED = """
import os, socket, subprocess, sys
from ghala.delivery.notify.guard import Allowed, Guard, RefusedError
Guard(Allowed.of(["127.0.0.1:9"])).install()
here = ("127.0.0.1", 10)
tries = {
    "connect": lambda: socket.socket().connect(here),
    "connect_ex": lambda: socket.socket().connect_ex(here),
    "name": lambda: socket.socket().connect(("localhost", 10)),
    "create": lambda: socket.create_connection(("localhost", 10)),
    "six": lambda: socket.socket(socket.AF_INET6).connect(("::1", 10)),
    "datagram": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", here),
    "message": lambda: socket.socket(type=socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, here),
    "path": lambda: socket.socket(socket.AF_UNIX).connect("/run/x"),
    "listen": lambda: socket.socket().bind(here),
    "program": lambda: subprocess.run(["true"]),
    "system": lambda: os.system("true"),
    "fork": os.fork,
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "exec": lambda: os.execv("/bin/true", ["true"]),
}
for name, act in tries.items():
    try:
        act()
    except RefusedError:
        print(name)
try:
    socket.socket().connect(("127.0.0.1", 9))
except ConnectionRefusedError:
    print("allowed")
"""


def test_the_guard_stands_below_every_way_out():
    done = subprocess.run(
        [sys.executable, "-c", GUARDED], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [
        "connect", "connect_ex", "name", "create", "six", "datagram", "message", "path", "listen", "program", "system",
        "fork", "spawn", "exec", "allowed",
    ]  # fmt: skip


@given(st.ip_addresses(), st.integers(0, 65535))
def test_only_public_and_named_addresses_pass(address, port):
    guard = Guard(Allowed.of(["10.1.0.0/16:25", "fd00::/8"]))
    named = Allowed.of(["10.1.0.0/16:25", "fd00::/8"]).has(str(address), port)
    try:
        guard.check((str(address), port))
    except RefusedError:
        assert not named
        assert guard.refused == [str(address)]
    else:
        assert named or address.is_global


@pytest.mark.parametrize(
    "address", [b"\0abstract", "/run/docker.sock", None, (), ("127.0.0.1",), 7]
)
def test_what_is_no_address_of_the_internet_does_not_pass(address):
    with pytest.raises(RefusedError):
        Guard(Allowed()).check(address)


def test_a_name_that_means_nothing_allows_nothing():
    assert Allowed.of(["no.such.name.invalid"]) == Allowed()
    assert Allowed.of(["localhost:25"]).has("127.0.0.1", 25)
