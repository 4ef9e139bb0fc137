"""Writes a large new file: hashed and made durable on the way, in a thread of its own, while its maker goes on."""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO, Self

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import ReadableBuffer

    from ghala.lake.files import Disk

_BLOCKS_AHEAD = 4
_BLOCK_BYTES = 1 << 20
_SYNCED_BYTES = 16 << 20
"""So much is made durable at a time: the end of a large file has little left to wait for."""


class HashedFile(io.RawIOBase):
    """A new file, open for writing; `sha256` and `byte_count` are known once it is closed.

    Whoever leaves the block without an error finds it durable, with its name; after an error there is no file.

    Args:
        is_read_again: whether somebody reads it soon. If not, what is durable leaves the page cache, and the memory is
            used again for what follows.
    """

    def __init__(self, disk: Disk, path: Path, *, is_read_again: bool) -> None:
        self.sha256 = ""
        self.byte_count = 0
        self._disk = disk
        self._is_read_again = is_read_again
        self._unsynced = 0
        self._digest = hashlib.sha256()
        self._waiting: deque[Future[None]] = deque()
        self._ending: Future[None] | None = None
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ghala-file")
        self._creation = disk.create(path)
        try:
            self._stream: BinaryIO = self._keeper.submit(self._creation.__enter__).result()
        except BaseException:
            self._keeper.shutdown()
            raise

    def __enter__(self) -> Self:
        """Begin the block that makes the file's content."""
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """End the file, or take it away if the block failed.

        Raises:
            StorageError: the disk refused.
        """
        try:
            if error is None:
                self.end().result()
            elif self._ending is None:
                self._keeper.submit(self._abandon, error).result()
        finally:
            self._keeper.shutdown()
            super().close()

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def write(self, block: ReadableBuffer, /) -> int:
        """Add a block; it is written soon.

        Raises:
            OSError: an earlier block could not be written.
        """
        content = block if isinstance(block, bytes) else bytes(block)
        self._waiting.append(self._keeper.submit(self._keep, content))
        if len(self._waiting) > _BLOCKS_AHEAD:
            self._waiting.popleft().result()
        return len(content)

    def end(self) -> Future[None]:
        """Begin to write, hash and make durable what is left; no block may follow."""
        if self._ending is None:
            self._ending = self._keeper.submit(self._close)
        return self._ending

    def _keep(self, block: bytes) -> None:
        self._digest.update(block)
        self._stream.write(block)
        self.byte_count += len(block)
        self._unsynced += len(block)
        if self._unsynced >= _SYNCED_BYTES:
            self._stream.flush()
            self._disk.sync_file(self._stream.fileno())
            self._unsynced = 0
            if sys.platform == "linux" and not self._is_read_again:
                os.posix_fadvise(self._stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def _close(self) -> None:
        try:
            for write in self._waiting:
                write.result()
        except OSError as error:
            self._abandon(error)
            raise
        self._creation.__exit__(None, None, None)
        self.sha256 = self._digest.hexdigest()

    def _abandon(self, error: BaseException) -> None:
        """End the creation as failed; it removes its file, and words the error if it is the disk's."""
        self._creation.__exit__(type(error), error, error.__traceback__)


def buffered(file: HashedFile) -> io.BufferedWriter:
    """Return a file that takes small writes, too."""
    return io.BufferedWriter(file, _BLOCK_BYTES)
