"""Answers that were just given, kept in memory for whoever asks the same again: found by all that would run.

What would run is the statement with its views, and these hold the decision, its masks and the files of the releases,
none of which ever changes. So an answer is found only by who would be answered the same; everything before it, the
decision and its record included, happens as always.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from ghala.engines.pool import Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from ghala.engines.pool import Job

KEPT_S = 15 * 60.0
LARGEST_PART = 16
"""One answer takes at most this part of the room."""
BESIDE_BYTES = 1024
COLUMN_BYTES = 512
"""What an answer and each of its columns take beside its rows: also many without any do not fill the memory."""


@dataclass(frozen=True, slots=True)
class _Given:
    schema: pa.Schema
    batches: tuple[pa.RecordBatch, ...] = field(repr=False)
    byte_count: int
    at_s: float


@dataclass(slots=True)
class GivenAnswers:
    """The answers last given, in `most_bytes` of memory; 0 keeps none. Safe between threads."""

    most_bytes: int
    now_s: Callable[[], float] = time.monotonic
    _kept: OrderedDict[bytes, _Given] = field(default_factory=OrderedDict, repr=False)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def find(self, job: Job) -> Rows | None:
        """Return the rows that a job gave before; None if they are not known."""
        key = _key(job)
        with self._lock:
            self._forget_old()
            found = self._kept.get(key)
        return None if found is None else Rows(found.schema, list(found.batches), lambda: None)

    def noted(self, job: Job, rows: Rows) -> Rows:
        """Return the rows of a job that runs, which are kept once the last of them was read, if they are few."""
        taken: list[pa.RecordBatch] = []
        size = BESIDE_BYTES + COLUMN_BYTES * len(rows.schema)

        def note(batches: list[pa.RecordBatch]) -> None:
            nonlocal size
            size += sum(batch.nbytes for batch in batches)
            if self._has_room(size):
                taken.extend(batches)
            else:
                taken.clear()

        def receive() -> list[pa.RecordBatch] | None:
            batches = rows.receive()
            if batches is not None:
                note(batches)
            elif self._has_room(size):
                self._keep(_key(job), _Given(rows.schema, tuple(taken), size, self.now_s()))
            return batches

        note(rows.first)
        return Rows(rows.schema, rows.first, receive)

    def _has_room(self, byte_count: int) -> bool:
        return byte_count <= self.most_bytes // LARGEST_PART

    def _keep(self, key: bytes, given: _Given) -> None:
        with self._lock:
            self._forget(key)
            self._kept[key] = given
            self._bytes += given.byte_count
            while self._bytes > self.most_bytes:
                self._forget(next(iter(self._kept)))

    def _forget_old(self) -> None:
        before_s = self.now_s() - KEPT_S
        # The oldest stands first.
        while self._kept and next(iter(self._kept.values())).at_s < before_s:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: bytes) -> None:
        known = self._kept.pop(key, None)
        if known is not None:
            self._bytes -= known.byte_count


def _key(job: Job) -> bytes:
    # As a hash: views have the keys of keyed hashes in them.
    text = json.dumps([job.owner, job.sql, job.catalog, job.files])
    return hashlib.sha256(text.encode()).digest()
