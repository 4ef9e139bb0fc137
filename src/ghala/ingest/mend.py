"""Repaired records: read again as their file would have been read with them, one at a time.

A repair stands for exactly one record: the same bytes at the same place of the same file. It is taken when a landing
comes upon that record and puts it aside again, or when the landing that took its file before did. Where a file was
mended at its source, its record is another one, and the repair is left alone: no row comes twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ghala.errors import StorageError
from ghala.ingest.intake import BLOCK_BYTES
from ghala.ingest.reason import MESSAGES, Reason
from ghala.ingest.source import FileRefusedError
from ghala.model.quarantine import RowFault
from ghala.model.run import FileBalance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from ghala.ingest.fault import Fault, Record
    from ghala.ingest.source import Batch, RecordReader
    from ghala.ingest.typed import Caster
    from ghala.lake.parquet import StagedFile
    from ghala.model.quarantine import Place, Repair
    from ghala.model.run import TakenFile

BALANCE_NAME = "repaired records"
"""What repaired records are called where a run says what became of its files."""


class Judge(Protocol):
    """Says which repaired rows cannot be in a dataset."""

    def __call__(
        self, rows: Mapping[str, pa.RecordBatch], written: Sequence[StagedFile]
    ) -> Mapping[str, RowFault]:
        """Return which of some rows, each by the id of its repair, cannot stand beside those that are written."""


@dataclass(slots=True)
class Mending:
    """The repairs of what one landing puts aside.

    `repairs` are those that may be taken, by row; `again` those of them whose files were taken before, and their
    records put aside, and that shall be taken now. `judge` looks at rows that go into a dataset as they are. `outcomes`
    says, when the landing is over, which were taken (None) and why others were not.
    """

    place: Place
    repairs: Mapping[str, Repair]
    again: Collection[str]
    judge: Judge | None = None
    outcomes: dict[str, RowFault | None] = field(default_factory=dict)
    _met: list[str] = field(default_factory=list)
    _taken: list[bytes] = field(default_factory=list)
    _starts: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)

    def meet(self, file: str, faults: Iterable[Fault]) -> None:
        """Look for repairs among records that a landing puts aside."""
        for fault in faults:
            row = self.place.record_id(file, fault.record.number, fault.record.raw)
            if row in self.repairs:
                self._met.append(row)

    def rows(
        self,
        caster: Caster,
        reader: Callable[[], RecordReader],
        raw: Path,
        *,
        seen: Mapping[str, TakenFile],
        read: Mapping[str, TakenFile],
        written: Sequence[StagedFile],
    ) -> list[pa.RecordBatch]:
        """Return the rows of the repairs that are taken.

        Args:
            caster: gives them their types.
            reader: makes what reads one file of the source.
            raw: folder of the copies of all files that were read.
            seen: the files that were taken before, by name.
            read: the files that this landing read, by name.
            written: the files with the rows of what this landing read.

        Raises:
            StorageError: the copy of a file is gone.
        """
        taken = {name: file.sha256 for name, file in {**seen, **read}.items()}
        again = [row for row in self.repairs if row in self.again and row not in self._met]
        typed: dict[str, pa.RecordBatch] = {}
        for row in [*self._met, *again]:
            found = self._typed(
                row, caster, reader, raw / _copy(taken[self.repairs[row].file or ""])
            )
            if isinstance(found, RowFault):
                self.outcomes[row] = found
            else:
                typed[row] = found
        refused = self.judge(typed, written) if self.judge is not None and typed else {}
        self.outcomes |= {row: refused.get(row) for row in typed}
        kept = [row for row in typed if row not in refused]
        self._taken += [self.repairs[row].fixed or b"" for row in kept]
        return [typed[row] for row in kept]

    def balance(self) -> tuple[FileBalance, ...]:
        """Return what repaired records add to what was read."""
        count = len(self._taken)
        if not count:
            return ()
        content = b"\n".join(self._taken)
        digest = hashlib.sha256(content).hexdigest()
        return (FileBalance(BALANCE_NAME, digest, len(content), count, count, 0, None, ()),)

    def _typed(
        self, row: str, caster: Caster, reader: Callable[[], RecordReader], copy: Path
    ) -> pa.RecordBatch | RowFault:
        """Return a repaired record as one row, or why it is none."""
        try:
            if copy.name not in self._starts:
                self._starts[copy.name] = _start_of(copy, reader())
            start, end = self._starts[copy.name]
            found = _read(reader(), start + (self.repairs[row].fixed or b"") + end)
        except FileRefusedError as error:
            # The source is read in another way than when its file was taken, and the file does not fit any more.
            return RowFault(Reason.FIELD_COUNT.value, str(error))
        if isinstance(found, RowFault):
            return found
        typed = caster.typed(0, found)
        for fault in typed.faults:
            return RowFault(fault.reason.value, fault.message, fault.column)
        (batch,) = (one for one in typed.rows if one.num_rows)
        return batch


def _start_of(path: Path, reader: RecordReader) -> tuple[bytes, bytes]:
    """Return what stands before the first record of a file, such as its header, and the end of a line of it.

    Raises:
        FileRefusedError: the file is none of the source, as it is read now.
        StorageError: the file cannot be read.
    """
    head, is_last = b"", False
    try:
        with path.open("rb") as stream:
            while not is_last:
                block = stream.read(BLOCK_BYTES)
                is_last = len(block) < BLOCK_BYTES
                head += block
                first = _first(list(reader.feed(block, is_last=is_last)))
                if first is not None:
                    end = first.byte_offset + len(first.raw)
                    return head[: first.byte_offset], _line_end(head[end : end + 2])
    except OSError as error:
        raise StorageError(
            "the copy of a file that was read cannot be read any more",
            hint=f"restore `{path.name}` below the storage's folder `raw`",
        ) from error
    return head, b"\n"


def _copy(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _first(batches: list[Batch]) -> Record | None:
    records = [batch.positions.at(0) for batch in batches if len(batch.positions)]
    records += [fault.record for batch in batches for fault in batch.faults]
    return min(records, key=lambda record: record.byte_offset, default=None)


def _line_end(following: bytes) -> bytes:
    if following.startswith(b"\r"):
        return b"\r\n" if following == b"\r\n" else b"\r"
    return b"\n"


def _read(reader: RecordReader, text: bytes) -> Batch | RowFault:
    """Return the one record of a text as a row of texts, or why it is none.

    Raises:
        FileRefusedError: the text is none of the source.
    """
    batches = list(reader.feed(text, is_last=True))
    faults = [fault for batch in batches for fault in batch.faults]
    rows = [batch for batch in batches if len(batch.positions)]
    if len(faults) + sum(len(batch.positions) for batch in rows) != 1:
        return RowFault(Reason.RECORD_COUNT.value, MESSAGES[Reason.RECORD_COUNT])
    if faults:
        return RowFault(faults[0].reason.value, faults[0].message, faults[0].column)
    return rows[0]
