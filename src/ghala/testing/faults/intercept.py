"""Changes of files by a child process, each of which its parent lets pass, fails or answers with a kill.

The kernel's own means are used (seccomp with user notification), so that it matters in no way which library makes the
call: the registry's, the engine's, Arrow's or Python's. All threads are counted together, in the order in which the
kernel sees them, and only what happens below one folder counts: pipes, sockets and logs never fail.

The child calls `offer`, the parent makes a `Watch` of the descriptor that it gets.
"""

from __future__ import annotations

import array
import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS = {
    "x86_64": (0xC000003E, 317, {
        "creat": 85, "fallocate": 285, "fdatasync": 75, "fsync": 74, "ftruncate": 77, "link": 86, "mkdir": 83,
        "mkdirat": 258, "open": 2, "openat": 257, "pwrite64": 18, "pwritev": 296, "rename": 82, "renameat": 264,
        "renameat2": 316, "rmdir": 84, "truncate": 76, "unlink": 87, "unlinkat": 263, "write": 1, "writev": 20,
    }),
    "aarch64": (0xC00000B7, 277, {
        "fallocate": 47, "fdatasync": 83, "fsync": 82, "ftruncate": 46, "mkdirat": 34, "openat": 56, "pwrite64": 68,
        "pwritev": 70, "renameat": 38, "renameat2": 276, "truncate": 45, "unlinkat": 35, "write": 64, "writev": 66,
    }),
}  # fmt: skip
_NAMES_A_PATH_FIRST = {"creat", "link", "mkdir", "open", "rename", "rmdir", "truncate", "unlink"}
_NAMES_A_PATH_SECOND = {"mkdirat", "openat", "renameat", "renameat2", "unlinkat"}

WRITES = ("write", "pwrite64", "pwritev", "writev", "fallocate", "ftruncate", "truncate")
SYNCS = ("fsync", "fdatasync")
NAMES = (
    *("link", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "rmdir", "unlink", "unlinkat"),
)
OPENINGS = ("creat", "open", "openat")
"""Of files that may be written; the others pass, uncounted."""
EVERYTHING = (*WRITES, *SYNCS, *NAMES, *OPENINGS)

_WRITABLE = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_NO_NEW_PRIVILEGES = 38
_SET_FILTER, _NEW_LISTENER = 1, 8
_NOTIFY, _ALLOW = 0x7FC00000, 0x7FFF0000
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_NOTICE = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_PASS = 1
_LONGEST_PATH = 4096
_LOOK_MS = 100


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


@dataclass(frozen=True, slots=True)
class Call:
    """One call that would have changed something: its name, and the path below the watched folder."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Which of the child's calls fail: the `index`-th of these names, counted from 1, and when it `stays`, all after.

    `error` is what the call returns (`errno.ENOSPC`); None kills the whole process instead.
    """

    names: tuple[str, ...]
    index: int
    error: int | None
    stays: bool = False


def is_available() -> bool:
    """Return whether this kernel offers it and allows it here."""
    # Its end writes nothing: nobody is there to let it.
    program = (
        "import os, socket; from ghala.testing.faults.intercept import offer; "
        "ends = socket.socketpair(); offer(ends[0]); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)  # noqa: S603 - nothing from outside
    return done.returncode == 0


def offer(connection: socket.socket) -> None:
    """Let whoever has the other end of a socket decide about this process's calls; new threads and children too.

    Raises:
        OSError: this kernel does not offer it, or does not allow it here.
    """
    machine = _NUMBERS.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        raise OSError(errno.ENOSYS, "system calls cannot be intercepted here")
    architecture, number, calls = machine
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this process may not limit itself")
    code = _filter(architecture, sorted(calls.values()))
    program = _Program(len(code) // 8, code)
    listener = libc.syscall(number, _SET_FILTER, _NEW_LISTENER, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "system calls cannot be intercepted here")
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [listener]))
    connection.sendmsg([b"!"], [rights])
    # Closing is none of the calls that wait for the parent.
    os.close(listener)


@dataclass(slots=True)
class Watch:
    """The parent's side: a thread answers every call of the child, as the current fault says."""

    listener: int
    folder: Path
    count: int = 0
    hit: list[Call] = field(default_factory=list)
    _fault: Fault | None = None
    _names: dict[int, str] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self._names = {number: name for name, number in _NUMBERS[platform.machine()][2].items()}
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def begin(self, fault: Fault, folder: Path | None = None) -> None:
        """Let a fault begin, from now on below `folder` if there is one; counting starts anew."""
        if folder is not None:
            self.folder = folder.resolve()
        self.count = 0
        self.hit = []
        self._fault = fault

    def end(self) -> list[Call]:
        """End the fault and return the calls that it hit."""
        self._fault = None
        return self.hit

    def close(self) -> None:
        """Stop deciding; the child must be gone."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        os.close(self.listener)

    def _serve(self) -> None:
        poller = select.poll()
        poller.register(self.listener, select.POLLIN)
        while not self._ended.is_set():
            events = poller.poll(_LOOK_MS)
            if not events:
                continue
            if not events[0][1] & select.POLLIN:
                return
            # A call whose thread is gone meanwhile needs no answer.
            with suppress(FileNotFoundError):
                notice = bytearray(_NOTICE.size)
                fcntl.ioctl(self.listener, _RECEIVE, notice)
                key, thread, _, number, _, _, *arguments = _NOTICE.unpack(notice)
                error = self._decide(thread, self._names[number], arguments)
                if error is not None:
                    answer = _ANSWER.pack(key, 0, -error, 0 if error else _PASS)
                    fcntl.ioctl(self.listener, _SEND, answer)

    def _decide(self, thread: int, name: str, arguments: Sequence[int]) -> int | None:
        """Return the error that a call gives, 0 when it passes, None when nobody waits for an answer any more."""
        fault = self._fault
        if fault is None or name not in fault.names:
            return 0
        path = self._path(thread, name, arguments)
        if path is None:
            return 0
        self.count += 1
        if self.count < fault.index or (self.count > fault.index and not fault.stays):
            return 0
        self.hit.append(Call(name, path))
        if fault.error is None:
            os.kill(thread, signal.SIGKILL)
        return fault.error

    def _path(self, thread: int, name: str, arguments: Sequence[int]) -> str | None:
        """Return the path below the folder that a call would change; None if it would change nothing there."""
        if name in _NAMES_A_PATH_FIRST or name in _NAMES_A_PATH_SECOND:
            second = name in _NAMES_A_PATH_SECOND
            flags = arguments[2 if second else 1] if name in {"open", "openat"} else _WRITABLE
            if not flags & _WRITABLE:
                return None
            path = _text_at(thread, arguments[1 if second else 0])
            if second and not path.startswith(os.sep) and ctypes.c_int(arguments[0]).value >= 0:
                path = f"{_file_of(thread, arguments[0])}{os.sep}{path}"
        else:
            path = _file_of(thread, arguments[0])
        path = path.removesuffix(" (deleted)")
        below = f"{self.folder}{os.sep}"
        return path.removeprefix(below) if path.startswith(below) else None


def _file_of(thread: int, descriptor: int) -> str:
    return str(Path(f"/proc/{thread}/fd/{descriptor}").readlink())


def _text_at(thread: int, address: int) -> str:
    with open(f"/proc/{thread}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 - a path that only the kernel has
        memory.seek(address)
        # Up to the end of the page: what follows may belong to nobody.
        size = _LONGEST_PATH - address % _LONGEST_PATH
        text = memory.read(size)
        if b"\0" not in text:
            text += memory.read(_LONGEST_PATH)
    return os.fsdecode(text.split(b"\0", 1)[0])


def _filter(architecture: int, numbers: Sequence[int]) -> bytes:
    """Return a filter program that notifies about these system calls and allows all others."""
    load, jump_equal, give = 0x20, 0x15, 0x06
    number_at, architecture_at = 0, 4

    def step(code: int, if_true: int, if_false: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, value)

    count = len(numbers)
    steps = [
        step(load, 0, 0, architecture_at),
        step(jump_equal, 0, count + 1, architecture),
        step(load, 0, 0, number_at),
        *(step(jump_equal, count - place, 0, number) for place, number in enumerate(numbers)),
        step(give, 0, 0, _ALLOW),
        step(give, 0, 0, _NOTIFY),
    ]
    return b"".join(steps)
