"""A connection that is cut around COMMIT: the registry alone knows what took place, and it is asked at the right time.

A proxy between Ghala and PostgreSQL cuts the connection of one commit: before the server gets it, while the server
carries it out, or when it answers.
"""

import socket
import threading
from contextlib import suppress

import pytest

import ghala
from ghala.errors import StorageError
from ghala.registry.registry import move_epoch, open_registry, read_epoch
from ghala.testing.faults import scenario
from ghala.testing.faults.judge import judge

SLOW_COMMITS = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON releases DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION slow()
"""
EXECUTE = b"E\x00\x00\x00\x09\x00\x00\x00\x00\x00"


class CuttingProxy:
    """Leads to a server, counts the commits of writing transactions, and cuts one of them."""

    def __init__(self, port):
        self.port = port
        self.commits = 0
        self.at = self.how = None
        self.sockets = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    @property
    def here(self):
        return self.listening.getsockname()[1]

    def cut(self, how, at):
        """Cut the writing commit of this number, counted from now."""
        self.how, self.at, self.commits = how, at, 0

    def accept(self):
        with suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                server = socket.create_connection(("127.0.0.1", self.port))
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.sockets.append(one)
                pair = Pair(self, client, server)
                for pump in (pair.to_server, pair.to_client):
                    self.threads.append(threading.Thread(target=pump, daemon=True))
                    self.threads[-1].start()

    def close(self):
        # A thread that waits in `accept` does not hear of a close, but of this.
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for one in self.sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self.threads:
            thread.join()


class Pair:
    """One connection through the proxy."""

    def __init__(self, proxy, client, server):
        self.proxy = proxy
        self.client = client
        self.server = server
        self.writes = False
        self.cuts = None
        self.is_deaf = False

    def to_server(self):
        with suppress(OSError):
            while chunk := self.client.recv(65536):
                if b"BEGIN ISOLATION" in chunk:
                    self.writes = b"READ WRITE" in chunk
                if self.writes and b"commit\x00" in chunk:
                    self.proxy.commits += 1
                    self.cuts = self.proxy.how if self.proxy.commits == self.proxy.at else None
                if self.cuts == "before":
                    break
                # Before the server has it: its answer may be faster than this thread.
                self.is_deaf = self.cuts == "during" and EXECUTE in chunk
                self.server.sendall(chunk)
                if self.is_deaf:
                    break
        with suppress(OSError):
            self.client.shutdown(socket.SHUT_RDWR)
            if self.cuts == "before":
                self.server.shutdown(socket.SHUT_RDWR)

    def to_client(self):
        with suppress(OSError):
            while (chunk := self.server.recv(65536)) and not self.is_deaf:
                if self.cuts == "after" and b"COMMIT\x00" in chunk:
                    self.client.shutdown(socket.SHUT_RDWR)
                self.client.sendall(chunk)
        with suppress(OSError):
            self.client.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(server):
    proxy = CuttingProxy(server.port)
    yield proxy
    proxy.close()


@pytest.fixture
def behind(server, proxy, own_url):
    """The URL of this test's registry, through the proxy."""
    name = own_url.partition("?")[0].rpartition("/")[2]
    return server.url(name, host="127.0.0.1", port=proxy.here)


@pytest.mark.parametrize(("how", "epoch"), [("before", 1), ("during", 2), ("after", 2)])
def test_a_cut_commit_is_a_refusal_and_the_next_transaction_knows(
    behind, proxy, tmp_path, how, epoch
):
    registry = open_registry(behind, tmp_path)
    proxy.cut(how, at=1)
    with pytest.raises(StorageError, match="the connection broke"), registry.write() as connection:
        move_epoch(connection)
    with registry.write() as connection:
        assert read_epoch(connection) == epoch
    registry.close()


@pytest.fixture
def app(behind, monkeypatch, tmp_path):
    """A workspace that published once, through the proxy, which has counted its commits."""
    monkeypatch.setenv("GHALA_REGISTRY", behind)
    with ghala.open(scenario.prepare(tmp_path / "acme")) as app:
        yield app


def commits_of_a_run(proxy, app):
    proxy.cut(None, at=None)
    scenario.publish(app, app.settings.root, 1)
    return proxy.commits


def test_no_cut_commit_loses_or_doubles_rows(app, proxy):
    count = commits_of_a_run(proxy, app)
    assert count > 2
    for at in range(1, count + 1):
        scenario.add_file(app.settings.root, at + 1)
        proxy.cut("after", at)
        app.run([scenario.PRODUCT])
        assert proxy.commits >= at
        # Whatever was believed, the next run leaves each file's rows exactly once.
        app.run([scenario.PRODUCT], wait_s=30)
        releases = app.releases(scenario.PRODUCT)
        rows = scenario.content(app, releases[0])["orders"]
        assert [row[0] for row in rows] == scenario.ids(at + 1), f"commit {at}"
        assert [release.number for release in releases] == list(range(len(releases), 0, -1))


def test_a_publish_is_reported_as_what_it_was(server, app, proxy, behind):
    folder = app.settings.root
    count = commits_of_a_run(proxy, app)
    proxy.cut("after", at=count)
    assert scenario.publish(app, folder, 2).number == 2

    # The server is still at it when the answer is lost: a look into the registry would come too early.
    server.sql(SLOW_COMMITS, behind.rpartition("/")[2])
    proxy.cut("during", at=count)
    assert scenario.publish(app, folder, 3).number == 3
    assert proxy.commits > count

    proxy.cut("before", at=count)
    with pytest.raises(StorageError, match="the connection broke"):
        scenario.publish(app, folder, 4)
    assert len(app.releases(scenario.PRODUCT)) == 3
    assert app.run([scenario.PRODUCT])[0].release.number == 4
    assert judge(folder, 4) == 4
