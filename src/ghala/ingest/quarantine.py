"""Keeps the records that could not become rows, as one Parquet file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ghala.lake.files import refusals

if TYPE_CHECKING:
    from collections.abc import Sequence
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
_ROWS = 8192


@dataclass(slots=True)
class Quarantine:
    """Writes faults to `path`; the file comes to be with the first of them and is durable after `close`."""

    path: Path
    disk: Disk
    count: int = 0
    _writer: Any = None

    def keep(self, faults: Sequence[tuple[str, Fault]]) -> None:
        """Add faults, each with its file's name."""
        for begin in range(0, len(faults), _ROWS):
            part = faults[begin : begin + _ROWS]
            rows = [
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
                for file, fault in part
            ]
            self._open().write_batch(pa.RecordBatch.from_pylist(rows, SCHEMA))
            self.count += len(part)

    def close(self) -> Path | None:
        """Make the file durable and return it; None if nothing was kept."""
        if self._writer is None:
            return None
        with refusals(self.path):
            self._writer.close()
        self.disk.adopt(self.path)
        return self.path

    def _open(self) -> Any:
        if self._writer is None:
            self.disk.make_folder(self.path.parent)
            with refusals(self.path):
                self._writer = pq.ParquetWriter(self.path, SCHEMA, compression="zstd")
        return self._writer
