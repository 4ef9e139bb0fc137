"""The registry's two ways in: `read()` never writes, `write()` is one short transaction, all of it or nothing."""

from __future__ import annotations

import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exc, inspect, select, update

from ghala.errors import MissingExtraError, StorageError, UsageError
from ghala.registry import tables
from ghala.registry.sqlite import SQLite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from ghala.registry.database import Database, Examination

REVISION = "0018"
"""The migration that this code needs; a test compares it with the newest file in `migrations/versions`."""
WRITER = "ghala_writer"
"""The execution option that names whose audit chain a transaction writes: that of one opened registry."""
_EPOCH = select(tables.epoch.c.value)


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry in its database. Nothing that sleeps or touches a file runs inside `write()`."""

    database: Database

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a consistent view of the registry that cannot write."""
        reading = self.database.reading
        with _refusals(self.database), reading.connect() as connection, connection.begin():
            yield connection

    def epoch(self) -> int:
        """Return the number that moves with every change that readers must see, as it is this moment."""
        with _refusals(self.database):
            return self.database.epoch()

    @property
    def is_at_hand(self) -> bool:
        """Whether `epoch` waits for no network."""
        return self.database.is_at_hand

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open the one write transaction; it commits at the end of the block, or not at all when the block raises.

        It begins when all others have ended, and sees what they wrote: also one whose answer got lost has ended by
        then, one way or the other.
        """
        writing = self.database.writing
        with _refusals(self.database), writing.connect() as connection, connection.begin():
            self.database.take_turn(connection, upgrades=False)
            yield connection

    def upgrade(self) -> None:
        """Bring the tables up to date; of processes that start together one does it."""
        from ghala.registry.migrate import upgrade  # noqa: PLC0415 - Alembic costs a second, and is rarely needed

        writing = self.database.writing
        with _refusals(self.database), writing.connect() as connection, connection.begin():
            self.database.take_turn(connection, upgrades=True)
            upgrade(connection)

    def examine(self) -> Examination:
        """Ask the database whether it can be relied upon."""
        with self.read() as connection:
            return self.database.examine(connection)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()


def open_registry(url: str | None, folder: Path) -> Registry:
    """Open the registry at `url`, or the SQLite file `registry.db` in `folder`, and bring its tables up to date.

    Raises:
        UsageError: the URL is none of SQLite or PostgreSQL, or the registry was made by a newer Ghala.
        MissingExtraError: it is on PostgreSQL, and the driver is not installed.
        StorageError: it cannot be opened.
    """
    registry = Registry(_database(url or f"sqlite:///{folder / 'registry.db'}"))
    registry.database.writing.update_execution_options(**{WRITER: uuid.uuid4().hex})
    try:
        if _revision(registry) != REVISION:
            registry.upgrade()
    except BaseException:
        registry.close()
        raise
    return registry


def is_embedded(url: str | None) -> bool:
    """Return whether a registry is a file of this machine, where the locks of its file system count.

    >>> is_embedded(None), is_embedded("postgresql://ghala@db/acme")
    (True, False)
    """
    return url is None or url.startswith("sqlite")


def _database(url: str) -> Database:
    if is_embedded(url):
        return SQLite.open(url)
    if not url.startswith("postgres"):
        raise UsageError(
            "the registry is neither in SQLite nor in PostgreSQL",
            hint="write `registry: postgresql://ACCOUNT@HOST/DATABASE`, or leave it out for SQLite",
        )
    try:
        from ghala.registry.postgresql import PostgreSQL  # noqa: PLC0415 - an optional part
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "a registry on PostgreSQL needs pg8000", hint="pip install 'ghala[postgresql]'"
        ) from error
    return PostgreSQL.open(url)


def now_us() -> int:
    """Return the time in microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def move_epoch(connection: Connection) -> None:
    """Tell every process that definitions, policy, agreements or releases changed."""
    connection.execute(update(tables.epoch).values(value=tables.epoch.c.value + 1))


def read_epoch(connection: Connection) -> int:
    """Return the number that moves with every change that readers must see."""
    return int(connection.execute(_EPOCH).scalar_one())


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


@contextmanager
def _refusals(database: Database) -> Iterator[None]:
    try:
        yield
    except exc.DBAPIError as error:
        # Without the cause: a database quotes the values of a row that it refuses.
        raise database.refusal(error) from None
    except exc.TimeoutError as error:
        raise StorageError(
            "the registry refused: all connections of this process are in use", hint="try again"
        ) from error
