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

from ghala.engines.fault import Fault
from ghala.engines.frames import HEADER, MAX_PAYLOAD, FrameKind, write_frame
from ghala.engines.wording import too_large, worker_died
from ghala.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.engines.frames import Sink
    from ghala.engines.stop import Stop

START_S = 60.0
CANCEL_S = 0.5
LOOK_S = 0.1
"""How often a worker that runs is looked at: whether it shall stop, and how much memory it holds."""
BESIDE_MB = 256
"""What a worker holds beside the engine's memory: the interpreter, its libraries, rows on their way."""
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_LAST = 19
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_PIPE_BYTES = 1 << 20
_AHEAD_BYTES = 1 << 14
_SET_PIPE_SIZE = 1031


class DeadlineError(Exception):
    """The worker did not answer in time; it has been ended."""


@dataclass(slots=True)
class Process:
    """One worker process. Not safe to share between threads."""

    child: subprocess.Popen[bytes]
    memory_mb: int
    requests: int = 0
    owner: str | None = None
    used_s: float = 0.0
    worked_s: float | None = None
    yields_after_s: float | None = None
    is_yielding: bool = False
    is_ready: bool = False
    is_fenced: bool = False
    is_busy: bool = False
    ahead: memoryview = field(default_factory=lambda: memoryview(b""), repr=False)
    """What was read already of the frames that come next."""
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
        process = cls(child, memory_mb)
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
        self.worked_s = None
        try:
            write_frame(self.input, FrameKind.REQUEST, json.dumps(request).encode())
        except OSError:
            self.kill()
            raise worker_died() from None

    def receive(self, deadline: float, stop: Stop | None = None) -> tuple[FrameKind, memoryview]:
        """Return the next frame.

        Raises:
            QueryError: the worker died.
            LimitError: it holds more memory than it may; it has been ended.
            DeadlineError: it did not answer in time; it has been ended.
            GhalaError: it shall stop.
        """
        if stop is not None:
            stop.check()
        kind, size = HEADER.unpack(self._read(HEADER.size, deadline, stop))
        if size > MAX_PAYLOAD:
            self.kill()
            raise worker_died()
        # To its end, whoever wants to stop: what is left of a frame would pass for the next one.
        payload = self._read(size, deadline, None)
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

    def _read(self, size: int, deadline: float, stop: Stop | None) -> memoryview:
        import pyarrow as pa  # noqa: PLC0415 - a server that nobody has asked yet does without

        # Arrow's pool hands out memory again that a consumed batch gave back, and does not clear it first.
        view = memoryview(pa.allocate_buffer(size))
        done = min(size, len(self.ahead))
        if done:
            view.cast("B")[:done] = self.ahead[:done]
            self.ahead = self.ahead[done:]
        while done < size:
            self._await_output(deadline, stop)
            # A small answer comes whole: the beginning of a frame, what is in it, and the end.
            ahead = bytearray(_AHEAD_BYTES)
            count = os.readv(self.output, [view[done:], ahead])
            if count == 0:
                self.kill()
                raise worker_died()
            own = min(count, size - done)
            done += own
            self.ahead = memoryview(ahead)[: count - own]
        return view

    def _await_output(self, deadline: float, stop: Stop | None) -> None:
        while True:
            if stop is not None:
                stop.check()
            remaining_s = deadline - time.monotonic()
            if remaining_s <= 0:
                self.kill()
                raise DeadlineError
            if self.poller.poll(min(remaining_s, LOOK_S) * 1000):
                return
            if self.yields_after_s is not None and not self.is_yielding:
                self._yield(self.yields_after_s)
            # One value can be larger than all that the engine counts.
            if self._resident_mb() > self.memory_mb * 5 // 4 + BESIDE_MB:
                self.kill()
                raise too_large()

    def _yield(self, after_s: float) -> None:
        """Let others go first once a request took much work: for good, since only root could take it back."""
        # Not the time since it began: on a busy machine all would yield, and be replaced, which is more work.
        worked_s = self._work_s()
        if self.worked_s is None:
            # Most requests are over before anybody looks.
            self.worked_s = worked_s
        if worked_s - self.worked_s >= after_s:
            self.is_yielding = True
            with suppress(OSError):
                os.setpriority(os.PRIO_PGRP, self.child.pid, _LAST)
            # Where Linux shares processors between sessions first, a worker's own one has to go last: sched(7).
            with suppress(OSError):
                Path(f"/proc/{self.child.pid}/autogroup").write_text(str(_LAST), "utf-8")

    def _work_s(self) -> float:
        """Return how long processors worked for the worker; 0 where the system does not say."""
        try:
            # Behind the name, which can hold anything.
            words = Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(words[11]) + int(words[12])) / _TICKS_A_SECOND
        except (OSError, IndexError, ValueError):
            return 0.0

    def _resident_mb(self) -> int:
        """Return how much memory the worker holds; 0 where the system does not say."""
        try:
            pages = int(Path(f"/proc/{self.child.pid}/statm").read_text().split()[1])
        except (OSError, IndexError, ValueError):
            return 0
        return pages * _PAGE_BYTES >> 20


def fault_in(payload: memoryview) -> Fault:
    """Return the fault that a FAULT frame carries."""
    return Fault(**json.loads(bytes(payload)))
