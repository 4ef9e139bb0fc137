"""The serving loop of a worker: one request at a time, each on a locked engine instance."""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ghala.engines.clear import cleared
from ghala.engines.duckdb import Cell
from ghala.engines.fault import Fault, fault_of
from ghala.engines.frames import HEADER, FrameKind, write_frame, write_header

if TYPE_CHECKING:
    from typing import BinaryIO

CELLS_KEPT = 16
"""Locked instances that are kept for the next statement of the same principal over exactly the same views."""

BATCH_BYTES = 32 << 20
SMALL_BYTES = 1 << 15
_PIPE_BYTES = 1 << 20


@dataclass(slots=True)
class Server:
    """The serving loop: one request at a time; a second thread listens for CANCEL and the parent's end."""

    source: BinaryIO
    sink: BinaryIO
    threads: int
    memory_mb: int
    requests: SimpleQueue[dict[str, Any]] = field(default_factory=SimpleQueue)
    cells: OrderedDict[str, Cell] = field(default_factory=OrderedDict)
    spare: Cell | None = None
    shadow: Cell | None = None
    running: Cell | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Make the first instance ready."""
        self.spare = Cell.fresh(self.threads, self.memory_mb)

    def serve(self, *, is_fenced: bool) -> None:
        """Answer requests until the parent goes away."""
        threading.Thread(target=self.listen, daemon=True).start()
        write_frame(self.sink, FrameKind.READY, json.dumps({"is_fenced": is_fenced}).encode())
        while True:
            request = self.requests.get()
            self.cancelled.clear()
            try:
                match request["do"]:
                    case "inspect":
                        self.inspect(request)
                    case "write":
                        self.write(request)
                    case _:
                        self.run(request)
            except Exception as error:  # noqa: BLE001 - whatever the engine raises, the parent words it
                self.running = None
                fault = fault_of(error) if not self.cancelled.is_set() else Fault("Cancelled", "")
                write_frame(self.sink, FrameKind.FAULT, json.dumps(asdict(fault)).encode())
            if self.spare is None and self.requests.empty():
                self.spare = Cell.fresh(self.threads, self.memory_mb)

    def listen(self) -> None:
        """Read frames from the parent; without a parent there is nobody to work for."""
        while True:
            header: bytes = self.source.read(HEADER.size)
            if not header:
                os._exit(0)
            kind, size = HEADER.unpack(header)
            payload = self.source.read(size)
            if kind == FrameKind.CANCEL:
                self.cancelled.set()
                running = self.running
                if running is not None:
                    running.interrupt()
            else:
                self.requests.put(json.loads(payload))

    def inspect(self, request: dict[str, Any]) -> None:
        """Answer with the engine's own view of a statement."""
        if self.shadow is None:
            self.shadow = Cell.fresh(1, self.memory_mb)
            self.shadow.plan_only()
            self.shadow.lock((), (), request["timeout_s"])
        self.running = self.shadow
        reply = self.shadow.inspect(request["sql"], request["tables"])
        self.running = None
        write_frame(self.sink, FrameKind.REPLY, json.dumps(reply).encode())

    def run(self, request: dict[str, Any]) -> None:
        """Run a statement and send its rows as they come."""
        cell = self.cell(request)
        self.running = cell
        rows = 0
        reader = cell.reader(request["sql"])
        try:
            is_first = True
            for batch in reader:
                if self.cancelled.is_set():
                    break
                rows += batch.num_rows
                for part in _parts(cleared(batch)):
                    _send(self.sink, part, reader.schema)
                    is_first = False
            if is_first:
                _send(self.sink, None, reader.schema)
        finally:
            self.running = None
            reader.close()
        write_frame(self.sink, FrameKind.END, json.dumps({"rows": rows}).encode())

    def write(self, request: dict[str, Any]) -> None:
        """Make a statement's rows a Parquet file, and send its bytes: this process can open no file to put them in.

        The engine writes into a pipe of this process, so that compressed columns travel, not rows.
        """
        reading, writing = os.pipe()
        target = f"/proc/self/fd/{writing}"
        cell = self.spare or Cell.fresh(self.threads, self.memory_mb)
        self.spare = None
        sender = threading.Thread(target=self._send_bytes, args=(reading,))
        sender.start()
        try:
            cell.lock(request["catalog"], [*request["files"], target], request["timeout_s"])
            self.running = cell
            rows = cell.copy(request["sql"], target, request["field_ids"])
        finally:
            self.running = None
            os.close(writing)
            sender.join()
            os.close(reading)
            cell.close()
        write_frame(self.sink, FrameKind.END, json.dumps({"rows": rows}).encode())

    def _send_bytes(self, reading: int) -> None:
        while data := os.read(reading, _PIPE_BYTES):
            write_frame(self.sink, FrameKind.BYTES, data)

    def cell(self, request: dict[str, Any]) -> Cell:
        """Return the locked instance that has exactly the request's views."""
        key = json.dumps([request["catalog"], request["files"], request["timeout_s"]])
        cell = self.cells.pop(key, None)
        if cell is None:
            cell = self.spare or Cell.fresh(self.threads, self.memory_mb)
            self.spare = None
            cell.lock(request["catalog"], request["files"], request["timeout_s"])
        self.cells[key] = cell
        while len(self.cells) > CELLS_KEPT:
            self.cells.popitem(last=False)[1].close()
        return cell


def _parts(batch: pa.RecordBatch) -> list[pa.RecordBatch]:
    """Cut a batch so that no frame is much larger than it must be."""
    pieces = max(1, min(batch.num_rows, -(-batch.nbytes // BATCH_BYTES)))
    step = max(1, -(-batch.num_rows // pieces))
    return [batch.slice(start, step) for start in range(0, batch.num_rows, step)]


def _send(sink: BinaryIO, batch: pa.RecordBatch | None, schema: pa.Schema) -> None:
    """Send a frame of rows straight from the engine's memory: a copy of it would cost as much as making it.

    A small one is copied, and goes with the frame that follows it.
    """
    if batch is None or batch.nbytes <= SMALL_BYTES:
        whole = pa.BufferOutputStream()
        _stream(whole, batch, schema)
        small = whole.getvalue()
        write_header(sink, FrameKind.ROWS, small.size)
        sink.write(small)
        return
    size = pa.MockOutputStream()
    _stream(size, batch, schema)
    write_header(sink, FrameKind.ROWS, size.size())
    _stream(_Borrowed(sink), batch, schema)
    sink.flush()


def _stream(target: Any, batch: pa.RecordBatch | None, schema: pa.Schema) -> None:
    with pa.ipc.new_stream(target, schema) as writer:
        if batch is not None:
            writer.write_batch(batch)


@dataclass(slots=True)
class _Borrowed:
    """A sink that Arrow may write to and not close."""

    sink: BinaryIO
    closed: bool = False

    def write(self, data: Any) -> int:
        return self.sink.write(data)

    def flush(self) -> None:
        return

    def close(self) -> None:
        self.closed = True
