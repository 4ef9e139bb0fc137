"""The parent's side of the process that tells people: start it, hand it messages, wait for so long, end it."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ghala.model.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ghala.model.notification import Message

SEND_S = 40.0
"""How long one message may take, with the start of the process: services need several requests for one."""
_LOOK_S = 0.2
_LONGEST_LINE = 100_000


@dataclass(frozen=True, slots=True)
class ProcessSender:
    """Sends each round's messages of a channel through a process of its own."""

    allowed_hosts: tuple[str, ...] = ()

    @contextmanager
    def open(
        self, address: str, secret: str | None, is_stopped: Callable[[], bool]
    ) -> Iterator[Callable[[Message], str | None]]:
        """Return what sends a message and says why it could not; None if it could."""
        child = _start()
        begun = {"address": address, "secret": secret, "allowed": list(self.allowed_hosts)}
        try:
            with suppress(OSError):
                _write(child, begun)
            yield lambda message: _sent(child, message, is_stopped)
        finally:
            child.kill()
            with suppress(OSError):
                child.communicate()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "ghala.delivery.notify.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        # Neither this process's secrets nor its proxies, nor a home with passwords of other programs.
        env={
            "HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
            "TZ": "UTC",
        },
        start_new_session=True,
    )


def _sent(
    child: subprocess.Popen[bytes], message: Message, is_stopped: Callable[[], bool]
) -> str | None:
    try:
        _write(child, plain(message))
        line = _read(child, is_stopped)
    except (OSError, ValueError):
        line = b""
    try:
        answer = json.loads(line)["fault"]
    except (ValueError, KeyError, TypeError):
        child.kill()
        return "it did not end in time"
    return None if answer is None else str(answer)


def _write(child: subprocess.Popen[bytes], value: object) -> None:
    assert child.stdin is not None  # noqa: S101 - it was asked for
    child.stdin.write(json.dumps(value).encode() + b"\n")
    child.stdin.flush()


def _read(child: subprocess.Popen[bytes], is_stopped: Callable[[], bool]) -> bytes:
    """Return the next line of the answer; what there is of it when time is over or the child has ended."""
    assert child.stdout is not None  # noqa: S101 - it was asked for
    read, ends_s = b"", time.monotonic() + SEND_S
    while not read.endswith(b"\n") and time.monotonic() < ends_s and not is_stopped():
        ready, _, _ = select.select([child.stdout], [], [], _LOOK_S)
        if ready:
            more = child.stdout.read1(_LONGEST_LINE)  # type: ignore[attr-defined]  # pipes are buffered readers
            if not more or len(read) > _LONGEST_LINE:
                break
            read += more
    return read
