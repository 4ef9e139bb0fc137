"""Lends workers, to one principal at a time: warm ones if there are, replaced after a limit, crash or long service."""

from __future__ import annotations

import json
import threading
import time
import weakref
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from ghala.engines.frames import FrameKind
from ghala.engines.process import DeadlineError, Process, fault_in
from ghala.engines.wording import failure, refusal, too_slow
from ghala.errors import BusyError, QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from ghala.errors import Place

GRACE_S = 2.0
"""How long after its own time limit the engine may still be stopping, before its process is killed."""

_INSPECT_S = 10.0
_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the engine says about a statement: its tree and plan as JSON, its output columns with types."""

    tree: str
    plan: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A statement that was checked and decided, ready to run.

    `catalog` are the statements that make the schemas and views it may see, `files` the only files that these read,
    `owner` the principal and purpose: no worker serves two. `place` maps an offset in `sql` to the user's own text.
    """

    owner: str
    sql: str
    catalog: tuple[str, ...]
    files: tuple[str, ...]
    timeout_s: float
    place: Callable[[int], Place] | None = None


@dataclass(slots=True)
class Rows:
    """The rows of a running job, to be read once; `byte_count` grows as they come."""

    schema: pa.Schema
    first: list[pa.RecordBatch]
    receive: Callable[[], list[pa.RecordBatch] | None]
    is_complete: bool = False
    byte_count: int = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the batches as the engine makes them."""
        ready: list[pa.RecordBatch] | None = self.first
        while ready is not None:
            for batch in ready:
                self.byte_count += batch.nbytes
                yield batch
            ready = self.receive()
        self.is_complete = True


@dataclass(slots=True, weakref_slot=True)
class WorkerPool:
    """A pool that keeps `size` workers warm and starts more, up to `most`, while all are lent. Safe between threads."""

    threads: int
    memory_mb: int
    folders: tuple[Path, ...]
    """Where data files are: no worker can read another folder of ours."""
    size: int = 1
    most: int = 8
    requests_per_worker: int = 2_000
    _idle: list[Process] = field(default_factory=list, repr=False)
    _lent: set[int] = field(default_factory=set, repr=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _is_closed: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        # Also at the end of the program, for a pool that nobody closed.
        weakref.finalize(self, _end, self._idle)

    def warm(self) -> None:
        """Start a worker ahead of the first question; returns at once."""
        with self._changed:
            if not self._idle and not self._lent and not self._is_closed:
                self._idle.append(Process.spawn(self.threads, self.memory_mb, self.folders))

    def inspect(
        self,
        owner: str,
        sql: str,
        tables: tuple[str, ...],
        place: Callable[[int], Place] | None = None,
    ) -> Inspection:
        """Let the engine read a statement over empty tables; nothing of it runs.

        Raises:
            QueryRefusedError: it does not bind.
        """
        with self._lend(owner) as worker:
            worker.send({"do": "inspect", "sql": sql, "tables": tables, "timeout_s": _INSPECT_S})
            try:
                kind, payload = worker.receive(time.monotonic() + _INSPECT_S)
            except DeadlineError:
                raise too_slow(_INSPECT_S) from None
        if kind is FrameKind.FAULT:
            fault = fault_in(payload)
            offset = _explained(fault.position)
            raise refusal(
                fault, place(_characters(sql, offset)) if place and offset is not None else None
            )
        reply = json.loads(bytes(payload))
        columns = tuple((name, kind) for name, kind in reply["columns"])
        return Inspection(reply["tree"], reply["plan"], columns)

    @contextmanager
    def run(self, job: Job) -> Iterator[Rows]:
        """Run a job; leaving the block before the last row stops it.

        Raises:
            QueryError: it failed, also while rows are read.
            LimitError: it reached a limit, also while rows are read.
        """
        with self._lend(job.owner) as worker:
            deadline = time.monotonic() + job.timeout_s + GRACE_S
            worker.send(
                {
                    "do": "run",
                    "sql": job.sql,
                    "catalog": job.catalog,
                    "files": job.files,
                    "timeout_s": job.timeout_s,
                }
            )

            def receive() -> list[pa.RecordBatch] | None:
                stream = _receive(worker, job, deadline)
                return None if stream is None else stream.read_all().to_batches()

            stream = _receive(worker, job, deadline)
            if stream is None:
                raise QueryError("the engine gave no answer")
            rows = Rows(stream.schema, stream.read_all().to_batches(), receive)
            try:
                yield rows
            finally:
                worker.cancel()

    def write(self, job: Job, field_ids: Mapping[str, object] | None, target: BinaryIO) -> int:
        """Write a job's rows to `target` as one zstd Parquet file, in order, and return how many.

        Raises:
            QueryError: it failed; what `target` has is no file then.
            LimitError: it reached a limit.
        """
        with self._lend(job.owner) as worker:
            deadline = time.monotonic() + job.timeout_s + GRACE_S
            request = {
                "do": "write",
                "sql": job.sql,
                "catalog": job.catalog,
                "files": job.files,
                "timeout_s": job.timeout_s,
                "field_ids": field_ids,
            }
            worker.send(request)
            try:
                while True:
                    kind, payload = _receive_frame(worker, job, deadline)
                    if kind is FrameKind.END:
                        return int(json.loads(bytes(payload))["rows"])
                    target.write(payload)
            finally:
                worker.cancel()

    def close(self) -> None:
        """End every idle worker; lent ones end when they come back."""
        with self._changed:
            self._is_closed = True
            _end(self._idle)

    @contextmanager
    def _lend(self, owner: str) -> Iterator[Process]:
        worker = self._take(owner)
        try:
            worker.await_ready()
            yield worker
        except DeadlineError:
            worker.kill()
            raise
        finally:
            self._give_back(worker)

    def _take(self, owner: str) -> Process:
        with self._changed:
            if self._is_closed:
                raise QueryError("the pool of workers is closed")
            self._changed.wait_for(
                lambda: self._idle or len(self._lent) < self.most, timeout=_WAIT_S
            )
            worker = self._idle_for(owner)
            if worker is None:
                if len(self._lent) >= self.most:
                    raise BusyError("all workers are busy", hint="try again in a moment")
                worker = Process.spawn(self.threads, self.memory_mb, self.folders)
            worker.owner = owner
            self._lent.add(id(worker))
            return worker

    def _idle_for(self, owner: str) -> Process | None:
        for wanted in (owner, None):
            for worker in self._idle:
                if worker.owner == wanted and worker.is_alive:
                    self._idle.remove(worker)
                    return worker
        # None changes its principal: its memory may still hold what another one saw.
        while len(self._idle) >= self.size:
            self._idle.pop(0).kill()
        return None

    def _give_back(self, worker: Process) -> None:
        is_usable = (
            worker.is_alive and not worker.is_busy and worker.requests < self.requests_per_worker
        )
        with self._changed:
            self._lent.discard(id(worker))
            is_kept = is_usable and not self._is_closed and len(self._idle) < self.size
            if is_kept:
                self._idle.append(worker)
            elif not self._is_closed and not is_usable and not self._idle:
                # Its successor starts while nobody waits for it.
                self._idle.append(Process.spawn(self.threads, self.memory_mb, self.folders))
            self._changed.notify()
        if not is_kept:
            worker.kill()


def _receive(worker: Process, job: Job, deadline: float) -> pa.RecordBatchStreamReader | None:
    kind, payload = _receive_frame(worker, job, deadline)
    return None if kind is FrameKind.END else pa.ipc.open_stream(pa.py_buffer(payload))


def _receive_frame(worker: Process, job: Job, deadline: float) -> tuple[FrameKind, memoryview]:
    try:
        kind, payload = worker.receive(deadline)
    except DeadlineError:
        raise too_slow(job.timeout_s) from None
    if kind is FrameKind.FAULT:
        fault = fault_in(payload)
        if fault.kind in {"INTERRUPT", "Out of Memory"}:
            worker.kill()
        position = fault.position
        known = job.place and position is not None and position < len(job.sql.encode())
        place = (
            job.place(_characters(job.sql, position))
            if job.place and known and position is not None
            else None
        )
        raise failure(fault, place)
    return kind, payload


def _explained(position: int | None) -> int | None:
    """Return a position in the statement, given one in the text in which it is explained."""
    return None if position is None else max(0, position - _EXPLAIN_BYTES)


def _characters(text: str, byte_offset: int) -> int:
    """Return the character offset of a byte offset, as the engine counts."""
    return len(text.encode()[:byte_offset].decode(errors="ignore"))


_EXPLAIN_BYTES = len("EXPLAIN (FORMAT json) ")


def _end(workers: list[Process]) -> None:
    while workers:
        workers.pop().kill()
