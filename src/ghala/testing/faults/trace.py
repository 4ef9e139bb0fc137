"""Recording of every change that a program makes below one folder, by strace: whoever makes it, in whatever library."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

CALLS = (
    "openat", "open", "creat", "write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate",
    "truncate", "fallocate", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link",
    "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "lseek", "sendfile",
    "copy_file_range", "symlink", "symlinkat", "msync",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    """One change. `path` and `target` are below the recorded folder; `offset` is None for a write at the end."""

    kind: str
    path: str
    target: str = ""
    offset: int = 0
    data: bytes = b""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """What a program did, in order, and what it said on the way: each line of output with the operations before it."""

    operations: tuple[Operation, ...]
    said: tuple[tuple[int, str], ...]
    return_code: int


def is_available() -> bool:
    """Return whether strace is installed and allowed here."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    command = [strace, "-f", "-o", "/dev/null", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - nothing from outside


def record(
    command: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str]
) -> Recording:
    """Run a command and return every change that it made below `folder`.

    Raises:
        ValueError: it changed a file in a way that this recorder does not understand.
    """
    strace = shutil.which("strace") or "strace"
    traced = [
        "-f",
        "-y",
        "-xx",
        "-s",
        "67108864",
        "-e",
        f"trace={','.join(CALLS)}",
        "-e",
        "signal=none",
    ]
    done = subprocess.run(  # noqa: S603 - the tests' own command
        [strace, *traced, "-o", str(log), *command],
        env=dict(environment),
        stdout=subprocess.PIPE,
        check=False,
    )
    operations: list[Operation] = []
    said: list[tuple[int, str]] = []
    parser = _Parser(folder.resolve())
    unfinished = ""
    for line in _joined(log):
        text = parser.output(line)
        if text is not None:
            *whole, unfinished = (unfinished + text).split("\n")
            said.extend((len(operations), part) for part in whole)
            continue
        operations.extend(parser.operations(line))
    return Recording(tuple(operations), tuple(said), done.returncode)


_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<[^>]*>)?(?: .*)?$", re.DOTALL)
_DESCRIPTOR = re.compile(r"(-?\d+|AT_FDCWD)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def _joined(log: Path) -> Iterator[str]:
    """Yield whole calls: strace splits a call that another thread interrupts into two lines."""
    open_calls: dict[str, str] = {}
    with log.open(encoding="ascii", errors="replace") as lines:
        for raw in lines:
            line = raw.rstrip("\n")
            pid = line.split(" ", 1)[0]
            if line.endswith("<unfinished ...>"):
                open_calls[pid] = line.removesuffix("<unfinished ...>").rstrip()
            elif "<... " in line and " resumed>" in line:
                yield open_calls.pop(pid, "") + line.split(" resumed>", 1)[1]
            else:
                yield line


class _Parser:
    """Turns strace's lines into operations; keeps the position of files that are written without saying where."""

    def __init__(self, folder: Path) -> None:
        self._folder = f"{folder}/"
        self._positions: dict[tuple[str, str], int] = {}

    def output(self, line: str) -> str | None:
        """Return what a call wrote to standard output; None if it did not."""
        match = _LINE.match(line)
        if match is None or match[2] != "write" or not match[3].startswith("1<"):
            return None
        return _bytes(match[3]).decode(errors="replace")

    def operations(self, line: str) -> Iterator[Operation]:
        """Yield what a call changed below the folder."""
        match = _LINE.match(line)
        if match is None or int(match[4]) < 0:
            return
        name, arguments, result = match[2], match[3], int(match[4])
        if name in ("openat", "open", "creat"):
            yield from self._opened(name, arguments, line)
            return
        if name in ("rename", "renameat", "renameat2", "link", "linkat"):
            paths = [self._below(path) for path in _paths(arguments)]
            if any(path is not None for path in paths):
                if None in paths:
                    raise ValueError(f"a file crosses the recorded folder's edge: {line[:200]}")
                yield Operation(name.rstrip("at2"), paths[0] or "", target=paths[1] or "")
            return
        if name in ("unlink", "unlinkat", "rmdir", "mkdir", "mkdirat"):
            path = self._below(_paths(arguments)[0])
            if path is not None:
                is_folder = name == "rmdir" or "AT_REMOVEDIR" in arguments
                yield Operation("rmdir" if is_folder else name.removesuffix("at"), path)
            return
        descriptor = _DESCRIPTOR.match(arguments)
        path = self._below(_unescaped(descriptor[2])) if descriptor else None
        if path is None or descriptor is None:
            return
        yield from self._through_descriptor(name, arguments, (descriptor[1], path), result, line)

    def _through_descriptor(
        self, name: str, arguments: str, at: tuple[str, str], result: int, line: str
    ) -> Iterator[Operation]:
        path = at[1]
        match name:
            case "lseek":
                self._positions[at] = result
            case "write":
                position = self._positions.get(at, 0)
                yield Operation("write", path, offset=position, data=_bytes(arguments)[:result])
                self._positions[at] = position + result
            case "writev":
                position = self._positions.get(at, 0)
                data = b"".join(_decoded(text) for text in _TEXT.findall(arguments))
                yield Operation("write", path, offset=position, data=data[:result])
                self._positions[at] = position + result
            case "pwrite64":
                offset = int(arguments.rsplit(", ", 1)[1])
                yield Operation("write", path, offset=offset, data=_bytes(arguments)[:result])
            case "ftruncate":
                yield Operation("truncate", path, size=int(arguments.rsplit(", ", 1)[1]))
            case "fsync" | "fdatasync":
                yield Operation("sync", path)
            case "fallocate":
                return  # reserves room, changes no byte that a reader sees
            case _:
                raise ValueError(f"cannot replay: {line[:200]}")

    def _opened(self, name: str, arguments: str, line: str) -> Iterator[Operation]:
        path = self._below(_paths(arguments)[0] if name != "openat" else _paths(arguments)[-1])
        if path is None:
            return
        descriptor = re.search(r"= (\d+)<", line)
        if descriptor is not None:
            self._positions[descriptor[1], path] = 0
        if "O_APPEND" in arguments:
            raise ValueError(f"cannot replay a file that is appended to: {line[:200]}")
        if "O_CREAT" in arguments or name == "creat":
            yield Operation("create", path)
        if "O_TRUNC" in arguments or name == "creat":
            yield Operation("truncate", path, size=0)

    def _below(self, path: str) -> str | None:
        path = path.removesuffix(" (deleted)")
        if path == self._folder.rstrip("/"):
            return ""
        return path.removeprefix(self._folder) if path.startswith(self._folder) else None


def _paths(arguments: str) -> list[str]:
    """Return the paths that a call names, those relative to a descriptor made whole."""
    found = []
    folder = ""
    for match in re.finditer(r'(?:-?\d+|AT_FDCWD)<([^>]*)>|"((?:\\x[0-9a-f]{2})*)"', arguments):
        if match[1] is not None:
            folder = _unescaped(match[1])
        else:
            path = _decoded(match[2]).decode(errors="replace")
            found.append(path if path.startswith("/") else f"{folder}/{path}")
    return found


def _unescaped(text: str) -> str:
    return _decoded(text).decode(errors="replace") if text.startswith("\\x") else text


def _bytes(arguments: str) -> bytes:
    match = _TEXT.search(arguments)
    return _decoded(match[1]) if match else b""


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
