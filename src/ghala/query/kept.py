"""Answers that are kept for a while: one Arrow file each, read again from any row on."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from ghala.errors import LimitError, NotFoundError
from ghala.lake.files import refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

LONGEST_BYTES = 2**30
PART_ROWS = 65_536
_ENDING = ".arrow"


@dataclass(frozen=True, slots=True)
class KeptRows:
    """The rows of a kept answer."""

    schema: pa.Schema
    path: Path

    def batches(self, start: int = 0, count: int | None = None) -> Iterator[pa.RecordBatch]:
        """Yield rows from one on; all that are left, or so many."""
        import pyarrow as pa  # noqa: PLC0415 - a server that nobody has asked yet does without

        left = count
        with pa.memory_map(str(self.path)) as source, pa.ipc.open_file(source) as file:
            for number in range(file.num_record_batches):
                if left == 0:
                    return
                # Nothing is copied: the file is not compressed.
                batch = file.get_batch(number)
                if start >= batch.num_rows:
                    start -= batch.num_rows
                    continue
                part = batch.slice(start, left)
                start = 0
                left = None if left is None else left - part.num_rows
                yield part


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """The kept answers of one storage, each in a file that its owner alone can read."""

    folder: Path
    longest_bytes: int = LONGEST_BYTES

    def write(
        self,
        which: str,
        schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        grown: Callable[[int], None] = lambda _: None,
    ) -> tuple[int, int]:
        """Keep an answer, and return how many rows and bytes it has; a failure leaves nothing.

        `grown` is called with how many bytes it has after each part; what it raises ends it.

        Raises:
            LimitError: it is larger than an answer may be.
            StorageError: the disk refused.
        """
        import pyarrow as pa  # noqa: PLC0415 - a server that nobody has asked yet does without

        path, rows = self._path(which), 0
        begun = path.with_suffix(".part")
        try:
            with refusals(path):
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with (
                    open(begun, "wb", opener=_private) as stream,
                    pa.ipc.new_file(stream, schema) as writer,
                ):
                    for part in chain.from_iterable(map(_parts, batches)):
                        writer.write_batch(part)
                        rows += part.num_rows
                        self._check(stream.tell())
                        grown(stream.tell())
                begun.replace(path)
                return rows, path.stat().st_size
        except BaseException:
            begun.unlink(missing_ok=True)
            raise

    def read(self, which: str) -> KeptRows:
        """Return a kept answer.

        Raises:
            NotFoundError: it is not kept here.
        """
        import pyarrow as pa  # noqa: PLC0415 - a server that nobody has asked yet does without

        path = self._path(which)
        try:
            with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as file:
                return KeptRows(file.schema, path)
        except (OSError, pa.ArrowInvalid):
            raise NotFoundError("the answer is not kept any more", hint="ask again") from None

    def remove(self, which: str) -> None:
        """Forget an answer."""
        self._path(which).unlink(missing_ok=True)

    def sweep(self, older_than_s: float) -> None:
        """Forget answers that were written so long ago that nobody can ask for them."""
        with suppress(FileNotFoundError):
            for path in self.folder.iterdir():
                with suppress(FileNotFoundError):
                    if time.time() - path.stat().st_mtime > older_than_s:
                        path.unlink()

    def _path(self, which: str) -> Path:
        return self.folder / f"{which}{_ENDING}"

    def _check(self, byte_count: int) -> None:
        if byte_count > self.longest_bytes:
            raise LimitError(
                f"the answer has more than {self.longest_bytes:,} bytes",
                hint="aggregate, filter or LIMIT it",
                reason="bytes",
            )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, PART_ROWS):
        yield batch.slice(start, PART_ROWS)
