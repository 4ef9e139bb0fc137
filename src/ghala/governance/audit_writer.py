"""Writes the record of reads: who arrives while others wait shares their transaction.

A read waits until its intent is durable. The first one to come commits at once, alone; those who come meanwhile wait
for it, and then go together in one transaction. Outcomes wait for nobody and nobody waits for them: they go with the
next transaction, or in one of their own some milliseconds later.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import GhalaError
from ghala.registry import audit
from ghala.registry.audit import PreparedEntry

if TYPE_CHECKING:
    from ghala.model.audit import AuditEntry
    from ghala.registry.registry import Registry

GATHER_S = 0.025
"""How long an outcome waits for a transaction that is made anyway."""
_AGAIN_S = 1.0
_MOST_KEPT = 10_000
"""So many outcomes are kept while the registry refuses; the reads of others show as interrupted."""


@dataclass(slots=True, eq=False)
class _Waiting:
    entry: PreparedEntry
    is_awaited: bool
    is_done: bool = False
    error: GhalaError | None = None


class AuditWriter:
    """Writes entries into one registry; `close` it before the registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._queue: list[_Waiting] = []
        self._queue_lock = threading.Lock()
        self._turn = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def append(self, entry: AuditEntry) -> None:
        """Write an entry; return when it is durable.

        Raises:
            StorageError: the registry refused it, and those that went with it.
        """
        mine = _waiting(entry, is_awaited=True)
        with self._queue_lock:
            self._queue.append(mine)
        with self._turn:
            # Whoever had the turn before may have written it already.
            if not mine.is_done:
                self._commit()
        if mine.error is not None:
            raise mine.error

    def append_soon(self, entry: AuditEntry) -> None:
        """Write an entry within moments, without waiting for it."""
        waiting = _waiting(entry, is_awaited=False)
        with self._queue_lock:
            self._queue.append(waiting)
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._write_soon, name="audit", daemon=True)
                self._thread.start()
        self._wake.set()
        if self._stop.is_set():
            # The thread has ended, or is about to.
            with self._turn:
                self._commit()

    def flush(self) -> None:
        """Write what waits.

        Raises:
            StorageError: the registry refused it; outcomes are kept for the next attempt.
        """
        with self._turn:
            refused = self._commit()
        if refused is not None:
            raise refused

    def close(self) -> None:
        """Write what waits, and end the thread. Where the registry refuses, reads show as interrupted."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        with self._turn:
            self._commit()

    def _commit(self) -> GhalaError | None:
        """Write all that waits in one transaction, on behalf of all who wait; the caller has the turn."""
        with self._queue_lock:
            batch, self._queue = self._queue, []
        if not batch:
            return None
        refused = None
        try:
            with self._registry.write() as connection:
                audit.append_prepared(connection, [waiting.entry for waiting in batch])
        except GhalaError as error:
            refused = error
        except BaseException:
            # It ends the caller alone: the others have a turn of their own.
            self._put_back(batch)
            raise
        for waiting in batch:
            waiting.is_done = waiting.is_awaited or refused is None
            waiting.error = refused
        if refused is not None:
            self._put_back([waiting for waiting in batch if not waiting.is_done])
        return refused

    def _put_back(self, batch: list[_Waiting]) -> None:
        with self._queue_lock:
            kept = [*batch, *self._queue]
            surplus = len(kept) - _MOST_KEPT
            self._queue = [
                one for place, one in enumerate(kept) if one.is_awaited or place >= surplus
            ]

    def _write_soon(self) -> None:
        while not self._stop.is_set():
            self._wake.wait()
            self._wake.clear()
            self._stop.wait(GATHER_S)
            with self._turn:
                refused = self._commit()
            if refused is not None and not self._stop.wait(_AGAIN_S):
                self._wake.set()


def _waiting(entry: AuditEntry, *, is_awaited: bool) -> _Waiting:
    # What cannot be written fails here, before it could fail those that it goes with.
    return _Waiting(PreparedEntry.of(entry), is_awaited)
