"""One behaviour, two databases: what a test asks of `registry` holds in SQLite and in PostgreSQL."""

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from ghala.errors import NotFoundError
from ghala.registry.registry import REVISION, open_registry
from ghala.testing.postgresql import Server
from ghala.testing.shop import write_registry

NUMBERS = count(1)
EMPTY = f"""
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    IF name NOT IN ('alembic_version', 'epoch') THEN EXECUTE format('DELETE FROM %I', name); END IF;
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', name);
  END LOOP;
  UPDATE epoch SET value = 1;
  UPDATE alembic_version SET version_num = '{REVISION}';
END $$
"""


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server for this process's tests; CI must have one."""
    try:
        server = Server.start()
    except NotFoundError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"{error}; {error.hint}")
    # Its tables are made once, by the migrations, and copied for each test.
    open_registry(server.make_database("template_ghala"), Path()).close()
    yield server
    server.stop()


@pytest.fixture
def durable_server(server):
    """The same server, with its disk as durable as the doctor demands."""
    server.set("fsync", "on")
    yield server
    server.set("fsync", "off")


@pytest.fixture(scope="session")
def shared_url(server):
    """The URL of the registry that `postgresql_url` empties."""
    return server.make_database("shared", "template_ghala")


@pytest.fixture
def postgresql_url(server, shared_url):
    """The URL of a registry as the migrations leave it; a database of its own would cost ten times as much."""
    server.sql(EMPTY, "shared")
    return shared_url


@pytest.fixture
def own_url(server):
    """The URL of a registry whose database a test may change for good."""
    return server.make_database(f"test_{next(NUMBERS)}", "template_ghala")


@pytest.fixture
def empty_url(server):
    """The URL of a database without tables."""
    return server.make_database(f"test_{next(NUMBERS)}")


@dataclass(frozen=True)
class Place:
    """Where a registry is: its URL, None for SQLite in the folder."""

    url: str | None
    folder: Path

    @property
    def words(self):
        """The place as words for a child process."""
        return [self.url or f"sqlite:///{self.folder / 'registry.db'}", str(self.folder)]

    def open(self):
        return open_registry(self.url, self.folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """A place with its tables, which are made once and copied: the migrations take longer than most tests."""
    if request.param == "postgresql":
        return Place(request.getfixturevalue("postgresql_url"), tmp_path)
    write_registry(tmp_path)
    return Place(None, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_place(request, tmp_path):
    is_remote = request.param == "postgresql"
    return Place(request.getfixturevalue("empty_url") if is_remote else None, tmp_path)


@pytest.fixture
def registry(place):
    registry = place.open()
    yield registry
    registry.close()
