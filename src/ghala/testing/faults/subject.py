"""A process that lives through faults: it is told what to do, says how that ended, and goes on without a restart.

Run as a program (`python -m ghala.testing.faults.subject FOLDER DESCRIPTOR`) it takes one JSON request a line from a
socket and answers each with one line. Before that it lets the other side decide about its changes of files.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ghala.errors import GhalaError
from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.faults import scenario
from ghala.testing.faults.intercept import Watch, offer
from ghala.testing.faults.judge import judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.app import App

_PROGRAM = "ghala.testing.faults.subject"
_ANSWER_S = 120.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How one request ended.

    `value` is what it gave. `code`, `message` and `hint` are those of the error that a user would see; `crash` is the
    stack trace of any other error, which a user must never see.
    """

    value: Any = None
    code: str | None = None
    message: str = ""
    hint: str | None = None
    crash: str | None = None

    @property
    def is_fine(self) -> bool:
        """Whether it did what it was asked to."""
        return self.code is None and self.crash is None


class Subject:
    """The process as its test sees it; `watch` decides about what it changes below the folder."""

    def __init__(self, folder: Path, errors: Path, environment: Mapping[str, str]) -> None:
        here, there = socket.socketpair()
        here.settimeout(_ANSWER_S)
        self._errors = errors
        with errors.open("wb") as stderr, there:
            self._child = subprocess.Popen(  # noqa: S603 - this program itself
                [sys.executable, "-m", _PROGRAM, str(folder), str(there.fileno())],
                pass_fds=(there.fileno(),),
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
            )
        self._socket = here
        _, (listener,), _, _ = socket.recv_fds(here, 1, 1)
        self._lines = here.makefile("r", encoding="utf-8")
        self.watch = Watch(listener, folder)

    def __enter__(self) -> Self:
        """Return the process itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, which has nothing left to do."""
        self._lines.close()
        self._socket.close()
        try:
            self._child.wait(timeout=_ANSWER_S)
        finally:
            self.watch.close()

    @property
    def printed(self) -> str:
        """What it wrote to stdout and stderr so far: a program that is asked over a socket has nothing to say there."""
        return self._errors.read_text(encoding="utf-8", errors="replace")

    def ask(self, what: str, **arguments: object) -> Ended:
        """Let it do something, a method of `_Doer`, and return how that ended: `killed` is its code if it is gone."""
        self._socket.sendall(json.dumps({"do": what, **arguments}).encode() + b"\n")
        line = self._lines.readline()
        return Ended(**json.loads(line)) if line else Ended(code="killed")


class _Doer:
    """What the process can be asked to do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._app: App | None = None

    def do(self, what: str, arguments: Mapping[str, Any]) -> Ended:
        """Do one thing, whatever comes of it."""
        try:
            return Ended(getattr(self, what)(**arguments))
        except GhalaError as error:
            return Ended(code=error.code, message=str(error), hint=error.hint)
        except Exception:  # noqa: BLE001 - the test says that there is none
            return Ended(crash=traceback.format_exc())
        finally:
            self._settle()

    def _settle(self) -> None:
        """Let what happens by itself happen now, not during what is asked next: how reads ended is recorded."""
        if self._app is not None and "_audit_writer" in vars(self._app):
            with suppress(GhalaError):
                self._app.audit.flush()

    @property
    def app(self) -> App:
        """The opened workspace."""
        import ghala  # noqa: PLC0415 - as a user's program opens it

        if self._app is None:
            self._app = ghala.open(self._folder)
        return self._app

    def publish(self) -> int | None:
        """Publish the files that are there and return the release's number; None if there was nothing new."""
        # No patience: nobody else publishes, and a run that failed leaves nothing behind that makes the next one wait.
        outcome = self.app.run([scenario.PRODUCT], wait_s=0)[0]
        if outcome.error is not None:
            raise outcome.error
        return outcome.release.number if outcome.release else None

    def roll_back(self, to: int) -> int:
        """Bring an earlier release back, and return the number of the new one."""
        return self.app.roll_back(scenario.PRODUCT, to, reason="a test", wait_s=0).number

    def release_rows(self) -> int | None:
        """Release the rows that were kept out and edited, and return the number of the release."""
        outcome = self.app.release_rows("sales.orders", wait_s=0)
        if outcome.error is not None:
            raise outcome.error
        return outcome.release.number if outcome.release else None

    def read(self) -> int:
        """Ask through the read door and return the number of rows in the last good release."""
        ((count,),) = self.app.sql("SELECT count(DISTINCT id) FROM sales.orders").rows()
        return int(count)

    def look(self) -> int:
        """Read the last release's files, past the read door, and return the number of its rows."""
        release = self.app.releases(scenario.PRODUCT)[0]
        return len(scenario.content(self.app, release)["orders"])

    def recorded(self) -> tuple[int, list[str]]:
        """Return how many reads of the owner are on record, and what is wrong with the record."""
        wanted = AuditFilter(who=OWNER_LOCAL.id, tag=AuditTag.DATASET_READ)
        found = self.app.audit.search(wanted, 10_000, by=OWNER_LOCAL)
        faults = self.app.audit.verify(by=OWNER_LOCAL).faults
        return len(found), [fault.words for fault in faults]

    def open(self) -> int:
        """Open the workspace, ask for its releases, close it, and return how many there are."""
        try:
            return len(self.app.releases())
        finally:
            self.close()

    def sort(self, rows: int) -> int:
        """Let the engine sort numbers that do not fit into its memory, and return the first of them."""
        with self.app._engine.session() as session:  # noqa: SLF001 - as a check does that needs much memory
            query = f"SELECT hash(i) AS k, i::VARCHAR || repeat('x', 90) AS t FROM range({rows}) r(i) ORDER BY k"  # noqa: S608 - a number
            return len(session.rows(f"SELECT k, t FROM ({query}) LIMIT 10 OFFSET {rows - 10}"))  # noqa: S608 - likewise

    def use(self, folder: str) -> None:
        """Go on with another workspace; the process stays the same."""
        self.close()
        self._folder = Path(folder)

    def judge(self, acknowledged: int) -> int:
        """Close the workspace, judge it as it is found on disk, and return its last release."""
        self.close()
        return judge(self._folder, acknowledged)

    def close(self) -> None:
        """Close the workspace; what is asked next opens it again."""
        app, self._app = self._app, None
        if app is not None:
            app.close()


def main(folder: Path, descriptor: int) -> None:
    """Serve until nobody asks any more."""
    doer = _Doer(folder)
    with socket.socket(fileno=descriptor) as connection, connection.makefile("r") as lines:
        offer(connection)
        for line in lines:
            request = json.loads(line)
            ended = doer.do(request.pop("do"), request)
            answer = {name: getattr(ended, name) for name in Ended.__dataclass_fields__}
            connection.sendall(json.dumps(answer).encode() + b"\n")
    doer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
