"""A disk as a power cut leaves it: bytes and names that nobody made durable are lost, torn or there, as it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable
    from pathlib import Path

    from ghala.testing.faults.trace import Operation

_SECTOR_BYTES = 512


class Loss(StrEnum):
    """What a power cut does to everything that was not made durable; keep sorted."""

    EVERYTHING = "everything"
    NAMES = "names"
    NOTHING = "nothing"
    SOME = "some"
    WRITES = "writes"


@dataclass(slots=True)
class _File:
    """A file's bytes as the program sees them, and as they surely are on the disk, with the writes between the two."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytes = b""
    pending: list[Operation] = field(default_factory=list)

    def change(self, operation: Operation) -> None:
        _apply(self.now, operation)
        self.pending.append(operation)

    def sync(self) -> None:
        self.durable = bytes(self.now)
        self.pending.clear()

    def after(self, loss: Loss, chance: random.Random) -> bytes:
        """Return the bytes that are found after a power cut."""
        if loss in (Loss.NOTHING, Loss.NAMES):
            return bytes(self.now)
        content = bytearray(self.durable)
        if loss is Loss.SOME:
            for operation in self.pending:
                fate = chance.random()
                if fate < 0.5:  # noqa: PLR2004 - half of the writes reached the disk whole
                    _apply(content, operation)
                elif fate < 0.75:  # noqa: PLR2004 - a quarter was torn at a sector
                    _apply(content, operation, torn_at=chance.randrange(0, len(operation.data) + 1))
        return bytes(content)


class SimulatedDisk:
    """Replays recorded operations over a first state that is wholly durable."""

    def __init__(self, folder: Path) -> None:
        """Start from what is in a folder now."""
        self._now: dict[str, _File | None] = {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_dir():
                self._now[name] = None
            else:
                content = path.read_bytes()
                self._now[name] = _File(bytearray(content), content)
        self._durable = dict(self._now)
        # What happened to names since their folder was last made durable, oldest first.
        self._pending: list[tuple[str, str, _File | str | None]] = []

    def replay(self, operation: Operation) -> None:
        """Let the program's view of the disk follow one operation."""
        path = operation.path
        match operation.kind:
            case "create":
                if path not in self._now:
                    self._name("set", path, _File())
            case "mkdir":
                self._name("set", path, None)
            case "unlink" | "rmdir":
                self._name("drop", path, None)
            case "rename":
                self._rename(path, operation.target)
            case "link":
                self._name("set", operation.target, self._now[path])
            case "sync":
                self._sync(path)
            case _:
                file = self._now.get(path)
                if (
                    file is not None
                ):  # a file that was removed while open has no reader to disappoint
                    file.change(operation)

    def lay_out(self, target: Path, loss: Loss, chance: random.Random) -> None:
        """Write what is found after a power cut now into an empty folder."""
        names = self._names_after(loss, chance)
        for name, node in sorted(names.items()):
            path = target / name
            if not path.parent.is_dir():
                continue  # its folder's own name was lost
            if node is None:
                path.mkdir(exist_ok=True)
            else:
                path.write_bytes(node.after(loss, chance))

    def _name(self, action: str, path: str, node: _File | None) -> None:
        if action == "set":
            self._now[path] = node
        else:
            self._now.pop(path, None)
        self._pending.append((action, path, node))

    def _rename(self, source: str, target: str) -> None:
        moved = {
            name: node
            for name, node in self._now.items()
            if name == source or name.startswith(f"{source}/")
        }
        for name in moved:
            self._now.pop(name)
        for name, node in moved.items():
            self._now[target + name[len(source) :]] = node
        # One entry: a file system never shows half a rename.
        self._pending.append(("rename", source, target))

    def _sync(self, path: str) -> None:
        node = self._now.get(path)
        if node is not None:
            node.sync()
            return
        later = []
        for entry in self._pending:
            touched = {_parent(entry[1])} | (
                {_parent(str(entry[2]))} if entry[0] == "rename" else set()
            )
            if path in touched:
                _follow(self._durable, entry)
            else:
                later.append(entry)
        self._pending = later

    def _names_after(self, loss: Loss, chance: random.Random) -> dict[str, _File | None]:
        if loss in (Loss.NOTHING, Loss.WRITES):
            return dict(self._now)
        names = dict(self._durable)
        if loss is Loss.SOME:
            kept: Iterable[tuple[str, str, _File | str | None]] = [
                entry
                for entry in self._pending
                if chance.random() < 0.5  # noqa: PLR2004 - a coin
            ]
            for entry in kept:
                _follow(names, entry)
        return names


def _follow(names: dict[str, _File | None], entry: tuple[str, str, _File | str | None]) -> None:
    action, path, value = entry
    if action == "rename":
        moved = {name: names[name] for name in names if name == path or name.startswith(f"{path}/")}
        for name, node in moved.items():
            del names[name]
            names[f"{value}{name[len(path) :]}"] = node
    elif action == "drop":
        names.pop(path, None)
    elif not isinstance(value, str):
        names[path] = value


def _parent(path: str) -> str:
    parent = PurePosixPath(path).parent.as_posix()
    return "" if parent == "." else parent


def _apply(content: bytearray, operation: Operation, torn_at: int | None = None) -> None:
    if operation.kind == "truncate":
        del content[operation.size :]
        content.extend(bytes(operation.size - len(content)))
        return
    data = operation.data
    if torn_at is not None:
        data = data[: torn_at - torn_at % _SECTOR_BYTES]
    end = operation.offset + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[operation.offset : end] = data
