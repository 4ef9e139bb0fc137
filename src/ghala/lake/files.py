"""The disk, as the one seam through which Ghala changes files; durable before it says so."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from ghala.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Disk:
    """Changes files on a local disk. Tests put a subclass here that fails, records or kills at a given call.

    Every method raises `StorageError` when the disk refuses. A method that returns has made its effect durable, unless
    its docstring says otherwise.
    """

    @contextmanager
    def create(self, path: Path) -> Iterator[BinaryIO]:
        """Write a new file: its bytes and its name are durable after the block, and a failed block leaves no file."""
        with refusals(path):
            self.make_folder(path.parent)
            stream = self.open_new(path)
            try:
                with stream:
                    yield stream
                    stream.flush()
                    self.sync_file(stream.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            self.sync_folder(path.parent)

    def adopt(self, path: Path) -> None:
        """Make a file durable that another library wrote, with its name."""
        with refusals(path):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                self.sync_file(descriptor)
            finally:
                os.close(descriptor)
            self.sync_folder(path.parent)

    def make_folder(self, path: Path) -> None:
        """Make a folder and its missing parents, each with a durable name."""
        missing = []
        while not path.exists():
            missing.append(path)
            path = path.parent
        with refusals(path):
            for folder in reversed(missing):
                folder.mkdir(exist_ok=True)
                self.sync_folder(folder.parent)

    def move(self, source: Path, target: Path) -> None:
        """Rename a file or folder within one file system."""
        with refusals(target):
            source.rename(target)
            self.sync_folder(target.parent)
            if source.parent != target.parent:
                self.sync_folder(source.parent)

    def remove(self, path: Path) -> None:
        """Remove a file if it is there; whether it stays away after a power cut is not promised."""
        with refusals(path):
            path.unlink(missing_ok=True)

    def open_new(self, path: Path) -> BinaryIO:
        """Open a file that must not exist; not durable."""
        return path.open("xb")

    def sync_file(self, descriptor: int) -> None:
        """Make a file's bytes durable."""
        os.fsync(descriptor)

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder durable."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses to write into a `StorageError` that names the file."""
    try:
        yield
    except OSError as error:
        hints = {
            errno.ENOSPC: "free some space and run again; nothing that was released has changed",
            errno.EACCES: "give this user the right to write there",
            errno.EROFS: "the file system is read-only",
        }
        raise StorageError(
            # Arrow gives the number alone, in words of its own.
            f"cannot write `{path.name}`: {os.strerror(error.errno) if error.errno else error}",
            hint=hints.get(error.errno or 0),
            path=str(path),
            errno=error.errno,
        ) from error


@contextmanager
def read_refusals(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses to read into a `StorageError` that names the file."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"cannot read `{path.name}`: {os.strerror(error.errno) if error.errno else error}",
            path=str(path),
            errno=error.errno,
        ) from error
