"""Reads a file once: the bytes that are parsed are the bytes that are hashed and copied."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from ghala.errors import SourceError
from ghala.lake.hashed import HashedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.ingest.discover import InputFile
    from ghala.lake.files import Disk
    from ghala.model.run import TakenFile

BLOCK_BYTES = 4 << 20
"""Small enough that a block is still in the processor's cache when it is parsed, hashed and copied."""
_COARSEST_TIME_NS = 2_000_000_000


def has_changed(file: InputFile, taken: TakenFile) -> bool:
    """Return whether a file has other bytes than those that were taken; it is read only if its stamp is another.

    Raises:
        SourceError: the file cannot be read.
    """
    stamp = _stamp(file, is_old_at_ns=time.time_ns())
    if stamp and stamp == taken.stamp:
        return False
    found = _sha256_by_stamp(file, stamp) if stamp else _sha256(file)
    return found != taken.sha256


@lru_cache(maxsize=65_536)
def _sha256_by_stamp(file: InputFile, _: str) -> str:
    return _sha256(file)


def _sha256(file: InputFile) -> str:
    digest = hashlib.sha256()
    for block in _read(file):
        digest.update(block)
    return digest.hexdigest()


def _stamp(file: InputFile, *, is_old_at_ns: int | None = None) -> str:
    """Return a file's stamp; empty if its last change is not safely before a moment.

    File systems count time in steps, of up to two seconds: a change soon after another may leave no trace.
    """
    try:
        found = os.stat(file.location)  # noqa: PTH116 - thousands of files have no time for paths
    except OSError as error:
        raise _unreadable(file, error) from error
    if is_old_at_ns is not None:
        changed_ns = max(found.st_mtime_ns, found.st_ctime_ns)
        if changed_ns > is_old_at_ns - _COARSEST_TIME_NS:
            return ""
    return f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"


@dataclass(slots=True)
class Intake:
    """One pass over one file; when `blocks` is exhausted, hash, size and stamp are known and the raw copy is durable.

    The copy is `raw/<2 hex>/<sha256>`. Until it has its name it is `raw/.incoming/<random>`: what a killed run leaves
    there belongs to nobody.
    """

    file: InputFile
    raw: Path
    disk: Disk
    sha256: str = ""
    byte_count: int = 0
    stamp: str = ""

    def blocks(self) -> Iterator[tuple[bytes, bool]]:
        """Yield every block with whether it is the last; an empty file is one empty block.

        Raises:
            SourceError: the file cannot be read.
            StorageError: the copy cannot be written.
        """
        incoming = self.raw / ".incoming" / uuid4().hex
        stamp = _stamp(self.file, is_old_at_ns=time.time_ns())
        with HashedFile(self.disk, incoming, is_read_again=False) as copy:
            previous: bytes | None = None
            for block in _read(self.file):
                copy.write(block)
                if previous is not None:
                    yield previous, False
                previous = block
            # The parser works on the last block while the rest is hashed, written and made durable.
            copy.end()
            yield previous or b"", True
        self.sha256, self.byte_count = copy.sha256, copy.byte_count
        self.stamp = stamp if stamp == _stamp(self.file) else ""
        self._name(incoming)

    def _name(self, incoming: Path) -> None:
        target = self.raw / self.sha256[:2] / self.sha256
        if target.exists() and target.stat().st_size == self.byte_count:
            self.disk.remove(incoming)
            return
        self.disk.make_folder(target.parent)
        self.disk.move(incoming, target)


def _read(file: InputFile) -> Iterator[bytes]:
    try:
        with Path(file.location).open("rb", buffering=0) as stream:
            while block := stream.read(BLOCK_BYTES):
                yield block
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: InputFile, error: OSError) -> SourceError:
    return SourceError(
        f"cannot read `{file.name}`: {error.strerror or 'the file is not readable'}",
        hint="is it still there, and may this user read it?",
        path=file.name,
    )
