"""Upkeep of the lake: is every file what was released, and which files does no release need."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ghala.lake.files import Disk

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what was released; `message` says how."""

    path: str
    message: str


def damages(root: Path, known: Mapping[str, tuple[str, int]], threads: int = 2) -> Iterator[Damage]:
    """Read every known file (path to sha256 and bytes) and yield those that are missing or have other bytes."""

    def look(item: tuple[str, tuple[str, int]]) -> Damage | None:
        path, (sha256, byte_count) = item
        message = _fault(root / path, sha256, byte_count)
        return None if message is None else Damage(path, message)

    with ThreadPoolExecutor(threads) as pool:
        yield from (damage for damage in pool.map(look, sorted(known.items())) if damage)


def orphans(folders: Iterable[Path], *, before_s: float) -> list[Path]:
    """Return all files below these folders that were last written before a time, in seconds since 1970."""
    found = []
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                path = Path(place) / name
                try:
                    if path.stat().st_mtime < before_s:
                        found.append(path)
                except FileNotFoundError:  # another sweep was faster
                    continue
    return found


def sweep(candidates: Iterable[Path], is_needed: Callable[[Path], bool], disk: Disk) -> list[Path]:
    """Remove those candidates that nothing needs and return them.

    `is_needed` must be asked after the candidates were listed: a run that published in between made its files known.
    """
    removed = []
    for path in candidates:
        if not is_needed(path):
            disk.remove(path)
            removed.append(path)
    return removed


def old_folders(folders: Iterable[Path], *, before_s: float) -> list[Path]:
    """Return all folders below these that were last changed before a time, the deepest first.

    To be asked before anything is removed: whatever is removed from a folder changes it as well.
    """
    found = []
    for top in folders:
        for place, _, _ in os.walk(top, topdown=False):
            path = Path(place)
            try:
                if path != top and path.stat().st_mtime < before_s:
                    found.append(path)
            except FileNotFoundError:  # another sweep was faster
                continue
    return found


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those folders that are empty, in the order given; one that has or gets content stays."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _fault(path: Path, sha256: str, byte_count: int) -> str | None:
    try:
        size = path.stat().st_size
        if size != byte_count:
            return f"has {size} bytes instead of {byte_count}"
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None if digest.hexdigest() == sha256 else "has other bytes than were released"
