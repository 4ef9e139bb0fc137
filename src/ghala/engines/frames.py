"""Frames: how a worker and its parent speak over a pipe. One byte of kind, four of length, the payload."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing_extensions import Buffer

HEADER = struct.Struct(">BI")
MAX_PAYLOAD = 1 << 30


class FrameKind(IntEnum):
    """What a frame carries."""

    READY = 1
    """Worker: it has started."""
    REQUEST = 2
    """Parent: a JSON request, `inspect` or `run`."""
    REPLY = 3
    """Worker: the JSON answer to `inspect`."""
    ROWS = 4
    """Worker: an Arrow IPC stream with a schema and no, one or more batches."""
    BYTES = 8
    """Worker: some bytes of the Parquet file that a `write` makes, in order."""
    END = 5
    """Worker: all rows were sent; JSON."""
    FAULT = 6
    """Worker: the request failed; JSON of a `Fault`."""
    CANCEL = 7
    """Parent: stop what runs; an END or FAULT follows."""


class Sink(Protocol):
    """Where frames are written."""

    def write(self, data: Buffer, /) -> object:
        """Write all bytes."""

    def flush(self) -> object:
        """Let the other side see them."""


def write_frame(sink: Sink, kind: FrameKind, payload: Buffer = b"") -> None:
    """Write one frame.

    Raises:
        ValueError: the payload is too large for one frame.
    """
    size = memoryview(payload).nbytes
    write_header(sink, kind, size)
    if size:
        sink.write(payload)
    sink.flush()


def write_header(sink: Sink, kind: FrameKind, size: int) -> None:
    """Write the beginning of a frame whose payload of so many bytes follows.

    Raises:
        ValueError: the payload is too large for one frame.
    """
    if size > MAX_PAYLOAD:
        raise ValueError("the payload is too large for one frame")
    sink.write(HEADER.pack(kind, size))
