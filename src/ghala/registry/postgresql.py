"""The registry in a PostgreSQL database: a lock on the epoch's row decides whose turn it is to write.

The only file that speaks to the driver. All that a transaction needs of the server is set within it: what the server,
the database or the account has as its default changes nothing.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import pg8000.dbapi
import scramp
from pg8000 import core
from sqlalchemy import bindparam, create_engine, event, func, inspect, select, text
from sqlalchemy.pool import QueuePool

from ghala.errors import StorageError
from ghala.registry import tables
from ghala.registry.address import Address, TlsMode
from ghala.registry.database import BUSY_TIMEOUT_S, Examination

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DBAPIError

_IDLE_S = 20
"""After it a silent transaction ends, and with it its turn: less than others wait, so that they outlive it."""
_SILENCE_S = BUSY_TIMEOUT_S + 30
"""A server that says nothing for longer than it may keep a transaction waiting is gone."""
_CLOCKS_APART_S = 5.0
_UPGRADE_LOCK = 0x6768616C61  # "ghala"
_WRITING = text(
    "SELECT set_config('lock_timeout', :lock, true),"
    " set_config('idle_in_transaction_session_timeout', :idle, true),"
    # A release is durable before anybody hears of it, whatever the server does by default.
    " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
    " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)"
).bindparams(lock=f"{BUSY_TIMEOUT_S}s", idle=f"{_IDLE_S}s")
_EPOCH = select(tables.epoch.c.value)
_TURN = _EPOCH.with_for_update()
_UPGRADE_TURN = select(func.pg_advisory_xact_lock(bindparam("key", _UPGRADE_LOCK)))
_STATE = text(
    "SELECT current_setting('server_version'), current_setting('fsync'),"
    " current_setting('full_page_writes'), pg_is_in_recovery(),"
    " extract(epoch FROM clock_timestamp())::float8"
)

_UNKNOWN_HINT = "see `ghala doctor`; nothing was changed unless `ghala releases` shows it"
_ACCOUNT_HINT = "see `registry` in ghala.yaml, and `GHALA_REGISTRY_PASSWORD`"
_REFUSALS = {
    # The server's own words may quote a value, or be in any language. The longest beginning of an SQLSTATE counts.
    "25006": ("it is read-only: a standby, perhaps", "name the primary server in `registry`"),
    "28": ("the account or its password was refused", _ACCOUNT_HINT),
    "3D000": ("there is no such database", "make one: createdb --owner ACCOUNT DATABASE"),
    "40": ("another transaction was in the way; nothing was changed", "try again"),
    "42501": ("the account lacks a right", "make the account the owner of the database"),
    "53": ("the server is out of resources", "look at its disk, memory and connections"),
    "53100": ("the server's disk is full", "free some space there"),
    "53300": ("the server has no connection left", "raise `max_connections` there"),
    "55P03": (f"others have been writing for {BUSY_TIMEOUT_S} s", "try again"),
    "57P": ("the server is starting or stopping", "try again when it is up"),
    "58": ("the server's disk failed", "look at the server's log"),
    "XX": ("the server reports damage", "look at the server's log; bring a backup back"),
}


class PostgreSQL:
    """One database of a PostgreSQL server; its schema is the one that the account's search path begins with."""

    is_at_hand = False

    def __init__(self, reading: Engine, writing: Engine) -> None:
        self.reading = reading
        self.writing = writing

    @classmethod
    def open(cls, url: str) -> Self:
        """Return the database at a `postgresql:` URL; it is not reached before it is used."""
        address = Address.parse(url)
        return cls(_engine(address, writes=False), _engine(address, writes=True))

    def take_turn(self, connection: Connection, *, upgrades: bool) -> None:
        """Wait for the epoch's row: whoever has it is alone in writing, and sees what all before it wrote."""
        if upgrades:
            # There may be no row yet, and nobody may write while tables change.
            connection.execute(_UPGRADE_TURN)
            if not inspect(connection).has_table(tables.epoch.name):
                return
        connection.execute(_TURN)

    def epoch(self) -> int:
        """Return the epoch."""
        with self.reading.connect() as connection, connection.begin():
            return int(connection.execute(_EPOCH).scalar_one())

    def close(self) -> None:
        """Close all connections."""
        self.reading.dispose()
        self.writing.dispose()

    def refusal(self, error: DBAPIError) -> StorageError:
        """Say what PostgreSQL refused, or that the connection to it broke."""
        return _refusal(error.orig)

    def examine(self, connection: Connection) -> Examination:
        """Ask the server whether what it says is durable is, and what time it is there."""
        began = time.time()
        version, fsync, full_pages, is_standby, at = connection.execute(_STATE).one()
        # The server looked at its clock somewhere between the question and the answer.
        apart = max(began - float(at), float(at) - time.time(), 0.0)
        name = f"PostgreSQL {str(version).split()[0]}"
        for setting, value in (("fsync", fsync), ("full_page_writes", full_pages)):
            if value != "on":
                return Examination(
                    name,
                    f"{name} runs with `{setting}` off: a crash of its machine loses releases",
                    f"set `{setting} = on` in postgresql.conf",
                )
        if is_standby:
            return Examination(name, f"{name} is a standby: nothing can be written", "see above")
        if apart > _CLOCKS_APART_S:
            return Examination(
                name,
                f"this machine's clock and that of {name} are {apart:.0f} s apart",
                "set both by a time server: claims and releases are compared by the clock",
            )
        return Examination(name)


class _Connection(pg8000.dbapi.Connection):  # type: ignore[misc]  # the driver ships no types
    """The driver's connection, whose failures are all of its own kind, so that the pool knows a broken one.

    It also sends a statement whole, where the driver waits for three answers; each would cross the network.
    """

    def execute_unnamed(
        self, statement: str, vals: Any = (), oids: Any = (), stream: Any = None
    ) -> Any:
        """Send a statement with its values, and take all answers at once."""
        context = core.Context(statement, stream=stream)
        try:
            self.send_PARSE(core.NULL_BYTE, statement, oids)
            self.send_DESCRIBE_STATEMENT(core.NULL_BYTE)
            self.send_BIND(core.NULL_BYTE, core.make_params(self.py_types, vals))
        except ValueError:
            # A value that is no text, after a part was sent: what follows would be taken for its rest.
            self.close()
            raise
        self._send_message(core.EXECUTE, core.NULL_BYTE + bytes(4))
        self._send_message(core.SYNC, b"")
        try:
            self._sock.flush()
        except OSError as error:
            raise pg8000.dbapi.InterfaceError("network error") from error
        self.handle_messages(context)
        return context

    def handle_messages(self, context: Any) -> None:
        """Take the server's answer; an answer that does not come is an error of the connection."""
        try:
            super().handle_messages(context)
        except OSError as error:
            raise pg8000.dbapi.InterfaceError("network error") from error

    def rollback(self) -> None:
        """Roll back; the server does it by itself where it cannot be told, and why it was asked to matters more."""
        try:
            super().rollback()
        except pg8000.dbapi.InterfaceError:
            # Closed, not kept: an answer that comes late must not pass for that of another question.
            self.close()

    def close(self) -> None:
        """Close it; where the other side has gone, there is nobody to take leave of."""
        with suppress(pg8000.dbapi.InterfaceError, OSError):
            super().close()


def _engine(address: Address, *, writes: bool) -> Engine:
    engine = create_engine(
        "postgresql+pg8000://",
        creator=lambda: _connect(address),
        poolclass=QueuePool,
        # Few writers wait side by side: a run and its heartbeat.
        pool_size=2 if writes else 4,
        max_overflow=14 if writes else 12,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_timeout=BUSY_TIMEOUT_S,
        hide_parameters=True,
    )
    # Many rows go in few statements, each of which crosses the network.
    engine.dialect.use_insertmanyvalues_wo_returning = True

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The events below begin every transaction, each with what it needs.
        connection.autocommit = True

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if writes:
            # Not serializable: whoever waits for its turn must then see what was written meanwhile.
            connection.exec_driver_sql("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            connection.execute(_WRITING)
        else:
            connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


def _connect(address: Address) -> _Connection:
    """Connect, or say why not; the driver's own errors end here, as they may quote what was sent."""
    plain = None
    try:
        plain = _socket(address)
        connection = _Connection(
            user=address.account,
            host=address.host,
            database=address.database,
            password=address.password,
            sock=plain,
            ssl_context=_tls_context(address),
            application_name="ghala",
            startup_params={"client_encoding": "UTF8"},
        )
    except Exception as error:  # noqa: BLE001 - what is no PostgreSQL breaks the driver in many ways
        if plain is not None:
            plain.close()
        raise _unreached(error, address) from None
    encoding = connection.parameter_statuses.get("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise StorageError(
            f"the registry's database keeps text as {encoding}, not as UTF8",
            hint="make another: createdb --encoding UTF8 --template template0 DATABASE",
        )
    return connection


def _socket(address: Address) -> socket.socket:
    if address.socket is not None:
        found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        found.settimeout(address.connect_s)
        try:
            found.connect(address.socket)
        except OSError:
            found.close()
            raise
    else:
        found = socket.create_connection((address.host, address.port), address.connect_s)
        # The other machine may vanish without a word.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    found.settimeout(_SILENCE_S)
    return found


def _tls_context(address: Address) -> ssl.SSLContext | bool | None:
    """Return how the driver shall protect the connection: False for not at all, None for as the server likes."""
    if address.socket is not None or address.tls is TlsMode.DISABLE:
        return False
    if address.tls is TlsMode.PREFER:
        return None
    context = ssl.create_default_context(cafile=address.certificate)
    context.check_hostname = address.tls is TlsMode.VERIFY_FULL
    if address.tls is TlsMode.REQUIRE and address.certificate is None:
        context.verify_mode = ssl.CERT_NONE
    return context


def _unreached(error: Exception, address: Address) -> StorageError:
    if isinstance(error, ssl.SSLError):
        return StorageError(
            f"the registry at {address} did not prove who it is: {error.reason}",
            hint="name its authority's certificate in the URL: `?sslrootcert=FILE`; or `?sslmode=…`",
        )
    if isinstance(error, OSError):
        return StorageError(
            f"the registry at {address} cannot be reached: {error.strerror or 'no answer'}",
            hint="see whether PostgreSQL runs there, and `registry` in ghala.yaml",
        )
    if isinstance(error, scramp.ScramException):
        return _refused("28", f"the registry at {address} refused: ")
    return _refusal(error, f"the registry at {address} refused: ")


def _refusal(error: BaseException | None, lead: str = "the registry refused: ") -> StorageError:
    facts = error.args[0] if error is not None and error.args else None
    if isinstance(facts, dict):
        return _refused(str(facts.get("C", "")), lead)
    if str(facts) == "Server refuses SSL":
        return StorageError(
            f"{lead}it speaks no TLS", hint="add `?sslmode=disable` where the network is your own"
        )
    return StorageError(f"{lead}the connection broke", hint=_UNKNOWN_HINT)


def _refused(state: str, lead: str) -> StorageError:
    known = [begin for begin in _REFUSALS if state.startswith(begin)]
    words, hint = _REFUSALS[max(known, key=len)] if known else ("it failed", _UNKNOWN_HINT)
    return StorageError(f"{lead}{words} (SQLSTATE {state})", hint=hint, sqlstate=state)
