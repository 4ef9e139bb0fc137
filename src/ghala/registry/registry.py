"""The registry's two engines: `read()` never writes, `write()` is one short transaction, all of it or nothing."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from ghala.errors import StorageError, UsageError
from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

REVISION = "0002"
"""The migration that this code needs; a test compares it with the newest file in `migrations/versions`."""

_BUSY_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Registry:
    """The two engines over one database. Nothing that sleeps or touches a file runs inside `write()`."""

    reading: Engine
    writing: Engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a consistent view of the registry that cannot write."""
        with _refusals(), self.reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open the one write transaction; it commits at the end of the block, or not at all when the block raises."""
        with _refusals(), self.writing.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.reading.dispose()
        self.writing.dispose()


def open_registry(url: str | None, folder: Path) -> Registry:
    """Open the registry at `url`, or the SQLite file `registry.db` in `folder`, and bring its tables up to date.

    Raises:
        UsageError: the registry was made by a newer Ghala.
        StorageError: it cannot be opened.
    """
    if url is not None and not url.startswith("sqlite"):
        raise UsageError(
            "this version keeps its registry in SQLite only",
            hint="remove `registry` from ghala.yaml",
        )
    url = url or f"sqlite:///{folder / 'registry.db'}"
    registry = Registry(_sqlite_engine(url, writes=False), _sqlite_engine(url, writes=True))
    if _revision(registry) != REVISION:
        from ghala.registry.migrate import upgrade  # noqa: PLC0415 - Alembic costs a second, and is rarely needed

        with registry.write() as connection:
            upgrade(connection)
    return registry


def now_us() -> int:
    """Return the time in microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def move_epoch(connection: Connection) -> None:
    """Tell every process that definitions, policy, agreements or releases changed."""
    connection.execute(update(tables.epoch).values(value=tables.epoch.c.value + 1))


def read_epoch(connection: Connection) -> int:
    """Return the number that moves with every change that readers must see."""
    return int(connection.execute(select(tables.epoch.c.value)).scalar_one())


def read_id(connection: Connection) -> str:
    """Return which registry this is."""
    return str(connection.execute(select(tables.epoch.c.registry_id)).scalar_one())


def _revision(registry: Registry) -> str | None:
    with registry.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if revision is not None and str(revision) > REVISION:
        raise UsageError(
            f"the registry is at revision {revision}, this version of Ghala knows {REVISION}",
            hint="use the version of Ghala that wrote it, or a newer one",
        )
    return None if revision is None else str(revision)


def _sqlite_engine(url: str, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=32,
        connect_args={"timeout": _BUSY_TIMEOUT_S, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late; the `begin` event below does it.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_S * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if not writes:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writer fails at once under load; IMMEDIATE waits its turn.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StorageError(
            f"the registry refused: {error.orig}",
            hint="see `ghala doctor`; nothing was changed unless `ghala releases` shows it",
        ) from error
