"""Keeps the records that could not become rows, as one Parquet file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ghala.lake.files import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ghala.ingest.fault import Fault
    from ghala.lake.files import Disk

SCHEMA = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("record", pa.int64(), nullable=False),
        pa.field("byte_offset", pa.int64(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("raw", pa.binary(), nullable=False),
        pa.field("column", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
    ]
)
_ROWS, _RAW_BYTES = 8192, 8 << 20
"""So many faults, or such as have so many bytes, are held back to be written at one stroke."""


@dataclass(slots=True)
class Quarantine:
    """Writes faults to `path`; the file comes to be with the first of them and is durable after `close`."""

    path: Path
    disk: Disk
    count: int = 0
    _writer: Any = None
    _held: list[dict[str, object]] = field(default_factory=list)
    _held_bytes: int = 0

    def keep(self, file: str, faults: Iterable[Fault]) -> None:
        """Add faults of the file with that name."""
        for fault in faults:
            self._held.append(
                {
                    "file": file,
                    "record": fault.record.number,
                    "byte_offset": fault.record.byte_offset,
                    "line": fault.record.line,
                    "raw": fault.record.raw,
                    "column": fault.column,
                    "reason": fault.reason.value,
                    "message": fault.message,
                }
            )
            self._held_bytes += len(fault.record.raw)
            if len(self._held) >= _ROWS or self._held_bytes >= _RAW_BYTES:
                self._write()

    def close(self) -> Path | None:
        """Make the file durable and return it; None if nothing was kept."""
        self._write()
        if self._writer is None:
            return None
        with refusals(self.path):
            self._writer.close()
        self.disk.adopt(self.path)
        return self.path

    def _write(self) -> None:
        if self._held:
            rows = pa.RecordBatch.from_pylist(self._held, SCHEMA)
            with refusals(self.path):
                self._open().write_batch(rows)
            self.count += len(self._held)
            self._held, self._held_bytes = [], 0

    def _open(self) -> Any:
        if self._writer is None:
            self.disk.make_folder(self.path.parent)
            with refusals(self.path):
                self._writer = pq.ParquetWriter(self.path, SCHEMA, compression="zstd")
        return self._writer
