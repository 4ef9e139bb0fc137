"""The registry in a SQLite file: WAL, durable commits, and the file's own lock decides whose turn it is."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import create_engine, event, exc
from sqlalchemy.pool import QueuePool

from ghala.errors import StorageError
from ghala.registry.database import BUSY_TIMEOUT_S, Examination

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import PoolProxiedConnection

_LOOKING = 4
"""So many connections wait for whoever asks for the epoch next."""


class SQLite:
    """One SQLite file; `open` makes it if it is not there."""

    is_at_hand = True

    def __init__(self, reading: Engine, writing: Engine) -> None:
        self.reading = reading
        self.writing = writing
        self._looking: list[PoolProxiedConnection] = []

    @classmethod
    def open(cls, url: str) -> Self:
        """Return the database at a `sqlite:` URL."""
        return cls(_engine(url, writes=False), _engine(url, writes=True))

    def take_turn(self, connection: Connection, *, upgrades: bool) -> None:
        """Do nothing: `BEGIN IMMEDIATE` has waited already."""

    def epoch(self) -> int:
        """Return the epoch; every question asks for it, so it goes past the library, for a tenth of its time.

        Its connections are kept apart from the others: to borrow and to give one back takes longer than to ask.
        """
        try:
            connection = self._looking.pop()
        except IndexError:
            connection = self.reading.raw_connection()
        try:
            # To the last row: a statement that is not at its end would keep on seeing what it saw.
            ((value,),) = _driver(connection).execute("SELECT value FROM epoch").fetchall()
        except sqlite3.Error as error:
            connection.close()
            raise exc.DBAPIError(None, None, error) from None
        except BaseException:
            connection.close()
            raise
        if len(self._looking) < _LOOKING:
            self._looking.append(connection)
        else:
            connection.close()
        return int(value)

    def close(self) -> None:
        """Close all connections."""
        while self._looking:
            self._looking.pop().close()
        self.reading.dispose()
        self.writing.dispose()

    def refusal(self, error: DBAPIError) -> StorageError:
        """Say what SQLite refused, in its own words: they name tables and columns, never values."""
        # A disk that is full only when the file is made durable counts as an input/output error there.
        is_full = "is full" in str(error.orig)
        hint = "free some space and run again" if is_full else "see `ghala doctor`"
        return StorageError(
            f"the registry refused: {error.orig}",
            hint=f"{hint}; nothing was changed unless `ghala releases` shows it",
        )

    def examine(self, connection: Connection) -> Examination:
        """Let SQLite look at every page of its file."""
        version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
        found = str(connection.exec_driver_sql("PRAGMA quick_check").scalar())
        if found == "ok":
            return Examination(f"SQLite {version}")
        return Examination(f"SQLite {version}", found, "restore the registry from a backup")


def _driver(connection: PoolProxiedConnection) -> sqlite3.Connection:
    found = connection.driver_connection
    if not isinstance(found, sqlite3.Connection):
        raise TypeError("the connection is not that of a SQLite file")
    return found


def _engine(url: str, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=32,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late; the `begin` event below does it.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if not writes:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writer fails at once under load; IMMEDIATE waits its turn.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
