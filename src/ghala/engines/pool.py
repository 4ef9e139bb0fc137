"""Lends workers, to one principal at a time: warm ones if there are, replaced after a limit, crash or long service."""

from __future__ import annotations

import json
import threading
import time
import weakref
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from ghala.engines.frames import FrameKind
from ghala.engines.process import DeadlineError, Process, fault_in
from ghala.engines.wording import failure, refusal, too_slow
from ghala.errors import BusyError, QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from ghala.engines.stop import Stop
    from ghala.errors import Place

GRACE_S = 2.0
"""How long after its own time limit the engine may still be stopping, before its process is killed."""

IDLE_S = 60.0
"""How long a worker waits for its principal's next question."""

KEPT_FOR_MANY = 32
"""How many principals of a server find their worker again: to start one takes longer than most questions."""

YIELD_S = 2.0
"""How much work of processors a question may take before those of others go first, where others may ask."""

_BROKEN = frozenset({"FATAL", "INTERNAL"})
"""Faults after which an engine's instance answers nothing any more: it must not meet the next statement."""

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
    """A pool that keeps `size` workers warm for who used them, and starts more, up to `most`. Safe between threads.

    Of `spares` it has so many beside them that served nobody yet: whoever comes next need not wait for one to start.
    """

    threads: int
    memory_mb: int
    folders: tuple[Path, ...]
    """Where data files are: no worker can read another folder of ours."""
    size: int = 1
    most: int = 8
    spares: int = 0
    requests_per_worker: int = 2_000
    _idle: list[Process] = field(default_factory=list, repr=False)
    _lent: set[int] = field(default_factory=set, repr=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _is_closed: bool = field(default=False, repr=False)
    _tidying: threading.Timer | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        # Also at the end of the program, for a pool that nobody closed.
        weakref.finalize(self, _end, self._idle)

    def warm(self) -> None:
        """Start a worker ahead of the first question; returns at once."""
        with self._changed:
            if not self._idle and not self._lent and not self._is_closed:
                self._idle.append(self._spawn())

    def inspect(
        self,
        owner: str,
        sql: str,
        tables: tuple[str, ...],
        place: Callable[[int], Place] | None = None,
        stop: Stop | None = None,
    ) -> Inspection:
        """Let the engine read a statement over empty tables; nothing of it runs.

        Raises:
            QueryRefusedError: it does not bind.
        """
        with self._lend(owner, stop) as worker:
            worker.send({"do": "inspect", "sql": sql, "tables": tables, "timeout_s": _INSPECT_S})
            try:
                kind, payload = worker.receive(time.monotonic() + _INSPECT_S, stop)
            except DeadlineError:
                raise too_slow(_INSPECT_S) from None
            if kind is FrameKind.FAULT and fault_in(payload).kind in _BROKEN:
                worker.kill()
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
    def run(self, job: Job, stop: Stop | None = None) -> Iterator[Rows]:
        """Run a job; leaving the block before the last row stops it, and so does `stop`.

        Raises:
            QueryError: it failed, also while rows are read.
            LimitError: it reached a limit, also while rows are read.
        """
        with self._lend(job.owner, stop) as worker:
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
                stream = _receive(worker, job, deadline, stop)
                return None if stream is None else stream.read_all().to_batches()

            try:
                stream = _receive(worker, job, deadline, stop)
                if stream is None:
                    raise QueryError("the engine gave no answer")
                yield Rows(stream.schema, stream.read_all().to_batches(), receive)
            finally:
                worker.cancel()

    def write(
        self,
        job: Job,
        field_ids: Mapping[str, object] | None,
        target: BinaryIO,
        stop: Stop | None = None,
    ) -> int:
        """Write a job's rows to `target` as one zstd Parquet file, in order, and return how many.

        Raises:
            QueryError: it failed; what `target` has is no file then.
            LimitError: it reached a limit.
        """
        with self._lend(job.owner, stop) as worker:
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
                    kind, payload = _receive_frame(worker, job, deadline, stop)
                    if kind is FrameKind.END:
                        return int(json.loads(bytes(payload))["rows"])
                    target.write(payload)
            finally:
                worker.cancel()

    def counts(self) -> tuple[int, int]:
        """Return how many workers wait for work, and how many are at it."""
        with self._changed:
            return len(self._idle), len(self._lent)

    def close(self) -> None:
        """End every idle worker; lent ones end when they come back."""
        with self._changed:
            self._is_closed = True
            _end(self._idle)
            if self._tidying is not None:
                self._tidying.cancel()

    def tidy(self, now_s: float) -> None:
        """End the workers whose principals asked nothing for a while."""
        with self._changed:
            self._tidying = None
            for worker in [one for one in self._idle if one.owner is not None]:
                if now_s - worker.used_s >= IDLE_S:
                    self._idle.remove(worker)
                    worker.kill()
            self._tidy_later()

    @contextmanager
    def _lend(self, owner: str, stop: Stop | None) -> Iterator[Process]:
        if stop is not None:
            stop.check()
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
                worker = self._spawn()
            worker.owner = owner
            # Where many ask, the long questions of some must not make the short ones of others wait.
            worker.yields_after_s = YIELD_S if self.spares else None
            self._lent.add(id(worker))
            self._refill()
            return worker

    def _idle_for(self, owner: str) -> Process | None:
        for wanted in (owner, None):
            for worker in self._idle:
                if worker.owner == wanted and worker.is_alive:
                    self._idle.remove(worker)
                    return worker
        # None changes its principal: its memory may still hold what another one saw.
        self._make_room(self.size - 1)
        return None

    def _make_room(self, kept: int) -> None:
        """End those that were used the longest time ago, until so many are idle."""
        while len(self._idle) > max(0, kept):
            self._idle.pop(0).kill()

    def _refill(self) -> None:
        """Start spares while nobody waits for them."""
        waiting = sum(1 for worker in self._idle if worker.owner is None)
        for _ in range(0 if self._is_closed else self.spares - waiting):
            self._make_room(self.size + self.spares - 1)
            self._idle.append(self._spawn())

    def _spawn(self) -> Process:
        return Process.spawn(self.threads, self.memory_mb, self.folders)

    def _tidy_later(self) -> None:
        is_wanted = self.spares and any(worker.owner is not None for worker in self._idle)
        if is_wanted and self._tidying is None and not self._is_closed:
            self._tidying = threading.Timer(IDLE_S, lambda: self.tidy(time.monotonic()))
            self._tidying.daemon = True
            self._tidying.start()

    def _give_back(self, worker: Process) -> None:
        is_usable = (
            worker.is_alive
            and not (worker.is_busy or worker.is_yielding)
            and worker.requests < self.requests_per_worker
        )
        with self._changed:
            self._lent.discard(id(worker))
            is_kept = (
                is_usable and not self._is_closed and len(self._idle) < self.size + self.spares
            )
            if is_kept:
                worker.used_s = time.monotonic()
                self._idle.append(worker)
                self._tidy_later()
            elif not self._is_closed and not is_usable and not self._idle:
                # Its successor starts while nobody waits for it.
                self._idle.append(self._spawn())
            self._changed.notify()
        if not is_kept:
            worker.kill()


def _receive(
    worker: Process, job: Job, deadline: float, stop: Stop | None
) -> pa.RecordBatchStreamReader | None:
    import pyarrow as pa  # noqa: PLC0415 - a server that nobody has asked yet does without

    kind, payload = _receive_frame(worker, job, deadline, stop)
    return None if kind is FrameKind.END else pa.ipc.open_stream(pa.py_buffer(payload))


def _receive_frame(
    worker: Process, job: Job, deadline: float, stop: Stop | None = None
) -> tuple[FrameKind, memoryview]:
    try:
        kind, payload = worker.receive(deadline, stop)
    except DeadlineError:
        raise too_slow(job.timeout_s) from None
    if kind is FrameKind.FAULT:
        fault = fault_in(payload)
        if fault.kind in {"INTERRUPT", "Out of Memory"} | _BROKEN:
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
