"""Events: told as they happen to those whom they concern, by every server, without a gap, and to nobody else."""

import asyncio
import json
import select
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from canonical import assert_canonical_error
from organisation import Server, environment, make_organisation

import ghala
from ghala.delivery.http import event_stream
from ghala.delivery.http.event_stream import EventStream
from ghala.delivery.http.streams import MOST_EACH, Streams
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import PASSWORD

STREAM = {"Accept": "text/event-stream"}
PATIENCE_S = 10


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Two servers on one registry, since what one does the other has to tell."""
    folder = tmp_path_factory.mktemp("events") / "acme"
    tokens = make_organisation(folder)
    servers = Server(folder), Server(folder)
    yield servers, tokens
    for server in servers:
        server.stop()


class Reader:
    """One open stream, read event by event."""

    def __init__(self, response):
        self.response = response
        self.lines = response.iter_lines()

    def next(self):
        """Return the next event as (kind, id, facts); None at the end. One that is no event is passed over."""
        fields, ends_s = {}, time.monotonic() + PATIENCE_S
        for line in self.lines:
            assert time.monotonic() < ends_s, "nothing was told"
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                return fields["event"], fields.get("id"), json.loads(fields["data"])
            else:
                fields = {}
        return None


@contextmanager
def listening(server, token, **headers):
    """Open a stream as a token's owner, up to its first event."""
    with (
        server.client(headers={"Authorization": f"Bearer {token}"}) as client,
        opened(client, headers) as reader,
    ):
        yield reader


@contextmanager
def opened(client, headers=()):
    with client.stream("GET", "/events", headers=STREAM | dict(headers)) as response:
        assert response.status_code == 200, response.read()
        reader = Reader(response)
        kind, reader.place, _ = reader.next()
        assert kind == "stream:opened"
        yield reader


@contextmanager
def signed_in(server, name):
    """Sign in, and return the client and the way to sign out."""
    with server.client() as client:
        asked = {"name": name, "password": PASSWORD, "purpose": "analytics"}
        begun = client.post("/session", json=asked)
        assert begun.status_code == 201
        client.headers["X-CSRF-Token"] = begun.json()["csrf"]
        yield client


def run(server, product):
    """Run a product in this process; its files are as they were, so that nothing is new."""
    with ghala.open(server.folder) as app:
        (outcome,) = app.run([product])
    return outcome.run.id


def test_a_run_is_told_by_every_server_to_those_who_may_know_of_it(own):
    servers, tokens = own
    with ExitStack() as held:
        readers = [held.enter_context(listening(one, tokens["ben"])) for one in servers]
        run(servers[0], "hr/salaries")
        known = run(servers[0], "sales/orders")
        for reader in readers:
            for state in ("running", "unchanged"):
                kind, place, facts = reader.next()
                assert (kind, facts["kind"]) == (f"run:{state}", f"run:{state}")
                assert (facts["product"], facts["run"], facts["environment"]) == (
                    "sales/orders",
                    known,
                    "prod",
                )
                assert len(place) > 30


def test_headers_are_those_of_a_stream_and_of_every_answer(own):
    (server, _), tokens = own
    with listening(server, tokens["ben"]) as reader:
        headers = reader.response.headers
        assert headers["content-type"].startswith("text/event-stream")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(own):
    servers, tokens = own
    with listening(servers[0], tokens["ben"]) as reader:
        run(servers[0], "sales/orders")
        _, first, facts = reader.next()
    missed = run(servers[0], "market/rates")
    # At another server, as behind a balancer.
    with listening(servers[1], tokens["ben"], **{"Last-Event-ID": first}) as reader:
        found = [reader.next() for _ in range(3)]
    assert [(kind, one["run"]) for kind, _, one in found] == [
        ("run:unchanged", facts["run"]),
        ("run:running", missed),
        ("run:unchanged", missed),
    ]


def test_a_place_of_somebody_else_is_none(own):
    (server, _), tokens = own
    with listening(server, tokens["ben"]) as reader:
        place = reader.place
    with listening(server, tokens["amina"], **{"Last-Event-ID": place}) as reader:
        assert reader.next()[0] == "stream:behind"


def test_requests_and_decisions_are_told_to_those_whom_they_concern(own):
    (server, _), tokens = own
    with (
        listening(server, tokens["asking"]) as asker,
        signed_in(server, "amina") as owner,
        opened(owner) as decider,
        listening(server, tokens["amina"]) as narrow,
        signed_in(server, "zoe") as stranger,
        opened(stranger) as other,
    ):
        asked = {
            "dataset": "sales.orders",
            "columns": ["id"],
            "purpose": "analytics",
            "until": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
            "justification": "a test",
        }
        with server.client(headers={"Authorization": f"Bearer {tokens['asking']}"}) as client:
            made = client.post("/requests", json=asked)
        assert made.status_code == 201, made.text
        request = made.json()["id"]
        decided = owner.post(f"/requests/{request}/decision", json={"is_approved": True})
        assert decided.status_code == 200, decided.text
        for reader in (asker, decider):
            for kind, by in (("requested", "user:ben"), ("approved", "user:amina")):
                found, _, facts = reader.next()
                assert (found, facts["agreement"], facts["dataset"], facts["by"]) == (
                    f"agreement:{kind}",
                    request,
                    "sales.orders",
                    by,
                )
        # The owner's token is for reading alone, and nobody else is concerned: they hear of what comes after it.
        known = run(server, "sales/orders")
        assert narrow.next()[2]["run"] == known
        assert other.next()[2]["run"] == known


def test_who_signs_out_hears_no_more(own):
    (server, _), _ = own
    with signed_in(server, "zoe") as client, opened(client) as reader:
        assert client.delete("/session").status_code == 204
        began = time.monotonic()
        assert reader.next()[0] == "stream:ended"
        assert time.monotonic() - began < 1.5


def test_a_token_that_is_revoked_ends_its_stream_within_a_second(own):
    servers, tokens = own
    with servers[0].client(headers={"Authorization": f"Bearer {tokens['loader']}"}) as client:
        token_id = tokens["loader"].split("_")[1]
        with listening(servers[1], tokens["loader"]) as reader:
            with ghala.open(servers[0].folder) as app:
                app.identity.tokens.revoke(token_id, by=OWNER_LOCAL)
                began = time.monotonic()
            assert reader.next()[0] == "stream:ended"
            assert time.monotonic() - began < 1.5
            assert reader.next() is None
        assert_canonical_error(client.get("/events", headers=STREAM), 401, "not_signed_in")


def test_nobody_has_any_number_of_streams(own):
    (server, _), tokens = own
    with ExitStack() as held:
        for _ in range(MOST_EACH):
            held.enter_context(listening(server, tokens["ben"]))
        with server.client(headers={"Authorization": f"Bearer {tokens['ben']}"}) as client:
            refused = client.get("/events", headers=STREAM)
            assert_canonical_error(refused, 429, "quota")
            assert refused.headers["retry-after"]
            # Others have their own, and a list is none.
            assert client.get("/events").status_code == 200
        held.enter_context(listening(server, tokens["amina"]))


def test_a_list_is_for_whoever_comes_again(own):
    (server, _), tokens = own
    with server.client(headers={"Authorization": f"Bearer {tokens['ben']}"}) as client:
        begun = client.get("/events").json()
        assert (begun["events"], begun["is_behind"]) == ([], False)
        known = run(server, "sales/orders")
        found = client.get("/events", params={"after": begun["next"]}).json()
        assert [(one["kind"], one["run"]) for one in found["events"]] == [
            ("run:running", known),
            ("run:unchanged", known),
        ]
        again = client.get("/events", params={"after": found["next"]}).json()
        assert again["events"] == []
        assert client.get("/events", params={"after": "x"}).json()["is_behind"]


def test_a_server_that_stops_ends_its_streams_at_once(own):
    (server, _), tokens = own
    third = Server(server.folder)
    with listening(third, tokens["ben"]) as reader:
        began = time.monotonic()
        third.process.send_signal(signal.SIGTERM)
        assert reader.next() is None
        third.process.wait(30)
        assert time.monotonic() - began < 8
    code, said = third.stop()
    assert (code, "Traceback" in said) == (0, False)


def test_the_command_line_watches(own):
    (server, _), tokens = own
    program = str(Path(sys.executable).with_name("ghala"))
    words = ("watch", "--json", "--server", server.url)
    with subprocess.Popen(
        [program, *words],
        env=environment() | {"GHALA_TOKEN": tokens["ben"]},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        # Whenever it began to listen: the first run of which it hears.
        made = {run(server, "sales/orders")}
        while not can_read(process.stdout):
            made.add(run(server, "sales/orders"))
        seen = json.loads(process.stdout.readline())
        assert (seen["product"], seen["run"] in made) == ("sales/orders", True)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130


def can_read(stream):
    return bool(select.select([stream], [], [], 1)[0])


def test_a_reader_that_takes_nothing_is_dropped(monkeypatch):
    monkeypatch.setattr(event_stream, "SENT_WITHIN_S", 0.05)
    aborted = []

    async def never():
        await asyncio.Event().wait()

    async def send(message):
        if message["type"] == "http.response.body":
            await never()

    async def follow():
        streams = Streams(None, None, Sealed())
        scope = {"extensions": {event_stream.ABORT: lambda: aborted.append(True)}}
        held = ExitStack()
        streams._task = asyncio.create_task(never())
        one = held.enter_context(streams.listening(OWNER_LOCAL))
        stream = EventStream(streams, one, held, OWNER_LOCAL, after=0, is_behind=False)
        await stream(scope, never, send)
        streams._task.cancel()
        return streams.count

    assert asyncio.run(follow()) == 0
    assert aborted == [True]


class Sealed:
    """Ids of nobody."""

    def seal(self, number, _principal):
        return str(number)
