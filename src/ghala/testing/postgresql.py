"""A PostgreSQL server of one's own, from Debian's programs: in a temporary folder, at a socket and on loopback."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ghala.errors import NotFoundError, StorageError

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCOUNT = "ghala"
_ADMINISTRATOR = "postgres"
_PROGRAMS = Path("/usr/lib/postgresql")
_READY = "ready to accept connections"
_LAST_LINES = 20
_QUESTIONS = 200


def programs() -> Path:
    """Return the folder of the newest PostgreSQL server's programs.

    Raises:
        NotFoundError: there is none on this machine.
    """
    found = [path.parent for path in _PROGRAMS.glob("*/bin/postgres")]
    if not found or (os.getuid() == 0 and shutil.which("setpriv") is None):
        raise NotFoundError(
            "there is no PostgreSQL server on this machine",
            hint="on Debian and Ubuntu: apt-get install postgresql",
        )
    return max(found, key=lambda path: float(path.parent.name))


@dataclass(slots=True)
class Server:
    """A running server; `stop` ends it and removes all that it stored. It ends with this process too.

    It does not wait for its disk (`fsync`), until `set` tells it to.
    """

    folder: Path
    port: int
    password: str
    _programs: Path
    _process: subprocess.Popen[str]
    _listener: threading.Thread

    @classmethod
    def start(cls) -> Self:
        """Make a cluster of databases and start its server.

        Raises:
            NotFoundError: no server is installed.
            StorageError: it did not start.
        """
        where = programs()
        # Not below a test's own folder: a socket's path has at most 107 characters, and the server's account must
        # reach it.
        folder = Path(tempfile.mkdtemp(prefix="ghala-pg-"))
        password = secrets.token_urlsafe(16)
        try:
            data = folder / "data"
            data.mkdir()
            secret = folder / "password"
            secret.write_text(password)
            folder.chmod(0o755)
            for path in (data, secret, folder):
                _own(path)
            _run(
                _as_server(),
                where / "initdb", "--auth=scram-sha-256", f"--pwfile={secret}",
                f"--username={_ADMINISTRATOR}", "--encoding=UTF8", "--locale=C.UTF-8",
                # A language in which `a_b` comes after `ab`, as on many servers.
                "--locale-provider=icu", "--icu-locale=en", f"--pgdata={data}",
            )  # fmt: skip
            with (data / "postgresql.auto.conf").open("a") as settings:
                settings.write("fsync = off\n")
            port = _free_port()
            process, listener = _serve(where, folder, port)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        server = cls(folder, port, password, where, process, listener)
        server.sql(f"CREATE ROLE {ACCOUNT} LOGIN PASSWORD '{password}'")
        return server

    def stop(self) -> None:
        """End the server at once and remove its files."""
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def make_database(self, name: str, template: str = "template0") -> str:
        """Make a database that the account owns and return its URL at the server's socket, password and all."""
        self.sql(f"CREATE DATABASE {name} OWNER {ACCOUNT} TEMPLATE {template}")
        return self.url(name)

    def url(self, database: str, *, host: str | None = None, port: int | None = None) -> str:
        """Return the URL of a database: at the server's socket, or at a host that leads to it."""
        if host is None:
            return (
                f"postgresql://{ACCOUNT}:{self.password}@:{self.port}/{database}?host={self.folder}"
            )
        return f"postgresql://{ACCOUNT}:{self.password}@{host}:{port or self.port}/{database}"

    def set(self, name: str, value: str) -> None:
        """Change a setting of the whole server and wait until it holds."""
        self.sql(f"ALTER SYSTEM SET {name} = '{value}'")
        self.sql("SELECT pg_reload_conf()")
        # The server takes it up in a moment; asking costs longer than that.
        if not any(self.sql(f"SHOW {name}") == [value] for _ in range(_QUESTIONS)):
            raise StorageError(f"PostgreSQL does not take up `{name}`")

    def own(self, path: Path) -> None:
        """Let the server alone read a file, as it demands of a key."""
        path.chmod(0o600)
        _own(path)

    def sql(self, statement: str, database: str = "postgres") -> list[str]:
        """Run one statement as the server's administrator and return its rows as lines of text."""
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [
                self._programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.folder,
                "-p", str(self.port), "-U", _ADMINISTRATOR, "-d", database, "-c", statement,
            ],
            env={"PGPASSWORD": self.password, "PATH": os.defpath},
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise StorageError(f"psql: {done.stderr.strip()}")
        return done.stdout.splitlines()


def _own(path: Path) -> None:
    if os.getuid() == 0:
        shutil.chown(path, _ADMINISTRATOR, _ADMINISTRATOR)


def _as_server() -> tuple[str, ...]:
    """Return the words before a command that give up root's rights, with which no server starts."""
    if os.getuid() != 0:
        return ("setpriv", "--pdeathsig=INT")
    names = (f"--reuid={_ADMINISTRATOR}", f"--regid={_ADMINISTRATOR}", "--init-groups")
    return ("setpriv", *names, "--pdeathsig=INT")


def _run(before: Sequence[str], *command: str | Path) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [*before, *command], check=False, capture_output=True, text=True, cwd="/"
    )
    if done.returncode:
        raise StorageError(f"{command[0]} failed: {done.stderr.strip()}")


def _serve(where: Path, folder: Path, port: int) -> tuple[subprocess.Popen[str], threading.Thread]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "logging_collector": "off",
        "log_min_messages": "log",
        "max_connections": 200,
        "shared_buffers": "32MB",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
        [*_as_server(), where / "postgres", "-D", folder / "data", *options],
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
    )
    lines: list[str] = []
    for line in process.stderr or ():
        lines.append(line)
        if _READY in line:
            break
    else:
        process.wait()
        raise StorageError(f"PostgreSQL did not start: {''.join(lines[-_LAST_LINES:])}")
    listener = threading.Thread(target=_drain, args=(process,), daemon=True)
    listener.start()
    return process, listener


def _drain(process: subprocess.Popen[str]) -> None:
    """Take what the server says, so that it never waits for a reader."""
    if process.stderr is not None:
        with process.stderr:
            for _line in process.stderr:
                pass


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
