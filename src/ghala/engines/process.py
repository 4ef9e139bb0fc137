"""The parent's side of one worker: spawn it, ask it, read its frames against a deadline, end it."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ghala.engines.duckdb import Fault
from ghala.engines.frames import HEADER, MAX_PAYLOAD, FrameKind, write_frame
from ghala.engines.wording import worker_died
from ghala.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.engines.frames import Sink

START_S = 60.0
CANCEL_S = 1.0
_PIPE_BYTES = 1 << 20
_SET_PIPE_SIZE = 1031


class DeadlineError(Exception):
    """The worker did not answer in time; it has been ended."""


@dataclass(slots=True)
class Process:
    """One worker process. Not safe to share between threads."""

    child: subprocess.Popen[bytes]
    requests: int = 0
    owner: str | None = None
    is_ready: bool = False
    is_fenced: bool = False
    is_busy: bool = False
    poller: select.poll = field(default_factory=select.poll)

    @classmethod
    def spawn(cls, threads: int, memory_mb: int, folders: Sequence[Path]) -> Process:
        """Start a worker and do not wait for it; never forked, with nothing of this process's environment."""
        package = Path(__file__).resolve().parents[2]
        child = subprocess.Popen(  # noqa: S603 - this program itself
            [
                *(sys.executable, "-P", "-m", "ghala.engines.worker", str(threads), str(memory_mb)),
                *(str(folder.resolve()) for folder in folders),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={
                "LC_ALL": "C.UTF-8",
                "MALLOC_ARENA_MAX": "2",
                "OMP_NUM_THREADS": "1",
                "PATH": "/usr/bin:/bin",
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": str(package),
                "TZ": "UTC",
            },
            start_new_session=True,
        )
        process = cls(child)
        process.poller.register(process.output, select.POLLIN)
        with suppress(OSError):
            fcntl.fcntl(process.output, _SET_PIPE_SIZE, _PIPE_BYTES)
        return process

    @property
    def output(self) -> int:
        """The descriptor from which frames are read."""
        assert self.child.stdout is not None  # noqa: S101 - it was asked for
        return self.child.stdout.fileno()

    @property
    def input(self) -> Sink:
        """Where requests are written."""
        assert self.child.stdin is not None  # noqa: S101 - it was asked for
        return self.child.stdin

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return self.child.poll() is None

    def await_ready(self) -> None:
        """Wait until the worker has started.

        Raises:
            QueryError: it did not.
        """
        if self.is_ready:
            return
        details = ""
        try:
            kind, payload = self.receive(time.monotonic() + START_S)
            if kind is not FrameKind.READY:
                details = bytes(payload).decode()
                raise worker_died()
        except (DeadlineError, QueryError):
            self.kill()
            raise QueryError(
                "the process that runs queries did not start",
                hint="run `ghala doctor`",
                exit_code=self.child.returncode,
                details=details,
            ) from None
        self.is_ready = True
        self.is_fenced = bool(json.loads(bytes(payload)).get("is_fenced"))

    def send(self, request: dict[str, Any]) -> None:
        """Send a request; its answer must be received to the end."""
        self.is_busy = True
        self.requests += 1
        try:
            write_frame(self.input, FrameKind.REQUEST, json.dumps(request).encode())
        except OSError:
            self.kill()
            raise worker_died() from None

    def receive(self, deadline: float) -> tuple[FrameKind, memoryview]:
        """Return the next frame.

        Raises:
            QueryError: the worker died.
            DeadlineError: it did not answer in time.
        """
        kind, size = HEADER.unpack(self._read(HEADER.size, deadline))
        if size > MAX_PAYLOAD:
            self.kill()
            raise worker_died()
        payload = self._read(size, deadline)
        frame = FrameKind(kind)
        if frame in {FrameKind.END, FrameKind.FAULT, FrameKind.REPLY}:
            self.is_busy = False
        return frame, payload

    def cancel(self) -> None:
        """Stop the running request; the worker stays usable when it stops soon, else it is ended."""
        if not self.is_busy:
            return
        deadline = time.monotonic() + CANCEL_S
        try:
            write_frame(self.input, FrameKind.CANCEL)
            while self.is_busy:
                self.receive(deadline)
        except (DeadlineError, OSError, QueryError):
            self.kill()

    def kill(self) -> None:
        """End the process now."""
        self.is_busy = False
        with suppress(OSError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _read(self, size: int, deadline: float) -> memoryview:
        # Arrow's pool hands out memory again that a consumed batch gave back, and does not clear it first.
        view = memoryview(pa.allocate_buffer(size))
        done = 0
        while done < size:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not self.poller.poll(remaining * 1000):
                self.kill()
                raise DeadlineError
            count = os.readv(self.output, [view[done:]])
            if count == 0:
                self.kill()
                raise worker_died()
            done += count
        return view


def fault_in(payload: memoryview) -> Fault:
    """Return the fault that a FAULT frame carries."""
    return Fault(**json.loads(bytes(payload)))
