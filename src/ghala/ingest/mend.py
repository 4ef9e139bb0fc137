"""Repaired records: read again as their file would have been read with them, one at a time.

A repair stands for exactly one record: the same bytes at the same place of the same file. It is taken when a landing
comes upon that record and puts it aside again, or when the file was taken before and is not read any more. Where a file
was mended at its source, its record is another one, and the repair is left alone: no row comes twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.errors import StorageError
from ghala.ingest.intake import BLOCK_BYTES
from ghala.ingest.reason import MESSAGES, Reason
from ghala.ingest.source import FileRefusedError
from ghala.model.quarantine import RowFault
from ghala.model.run import FileBalance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from ghala.ingest.fault import Fault, Record
    from ghala.ingest.source import Batch, RecordReader
    from ghala.ingest.typed import Caster
    from ghala.model.quarantine import Place, Repair
    from ghala.model.run import TakenFile

BALANCE_NAME = "repaired records"
"""What repaired records are called where a run says what became of its files."""


@dataclass(slots=True)
class Mending:
    """The repairs of what one landing puts aside.

    `repairs` are those that may be taken, by row; `chosen` those of them that shall be, also of files that were taken
    before. `outcomes` says, when the landing is over, which were taken (None) and why others were not.
    """

    place: Place
    repairs: Mapping[str, Repair]
    chosen: Collection[str]
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
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the repairs that are to be taken.

        Args:
            caster: gives them their types.
            reader: makes what reads one file of the source.
            raw: folder of the copies of all files that were read.
            seen: the files that were taken before, by name.
            read: the files that this landing read, by name.

        Raises:
            StorageError: the copy of a file is gone.
        """
        taken = {name: file.sha256 for name, file in {**seen, **read}.items()}
        again = [
            row
            for row in self.repairs
            if row in self.chosen and self.repairs[row].file in seen and row not in self._met
        ]
        for row in [*self._met, *again]:
            repair = self.repairs[row]
            fixed = repair.fixed or b""
            start, end = self._start(raw, taken[repair.file or ""], reader)
            found = _read(reader(), start + fixed + end)
            if isinstance(found, RowFault):
                self.outcomes[row] = found
                continue
            typed = caster.typed(0, found)
            fault = next(iter(typed.faults), None)
            self.outcomes[row] = (
                None if fault is None else RowFault(fault.reason.value, fault.message, fault.column)
            )
            if fault is None:
                self._taken.append(fixed)
                yield from typed.rows

    def balance(self) -> tuple[FileBalance, ...]:
        """Return what repaired records add to what was read."""
        count = len(self._taken)
        if not count:
            return ()
        content = b"\n".join(self._taken)
        digest = hashlib.sha256(content).hexdigest()
        return (FileBalance(BALANCE_NAME, digest, len(content), count, count, 0, None, ()),)

    def _start(
        self, raw: Path, sha256: str, reader: Callable[[], RecordReader]
    ) -> tuple[bytes, bytes]:
        if sha256 not in self._starts:
            self._starts[sha256] = _start_of(raw / sha256[:2] / sha256, reader())
        return self._starts[sha256]


def _start_of(path: Path, reader: RecordReader) -> tuple[bytes, bytes]:
    """Return what stands before the first record of a file, such as its header, and the end of a line of it.

    Raises:
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


def _first(batches: list[Batch]) -> Record | None:
    records = [batch.positions.at(0) for batch in batches if len(batch.positions)]
    records += [fault.record for batch in batches for fault in batch.faults]
    return min(records, key=lambda record: record.byte_offset, default=None)


def _line_end(following: bytes) -> bytes:
    if following.startswith(b"\r"):
        return b"\r\n" if following == b"\r\n" else b"\r"
    return b"\n"


def _read(reader: RecordReader, text: bytes) -> Batch | RowFault:
    """Return the one record of a text as a row of texts, or why it is none."""
    try:
        batches = list(reader.feed(text, is_last=True))
    except FileRefusedError as error:
        return RowFault(Reason.FIELD_COUNT.value, str(error))
    faults = [fault for batch in batches for fault in batch.faults]
    rows = [batch for batch in batches if len(batch.positions)]
    if len(faults) + sum(len(batch.positions) for batch in rows) != 1:
        return RowFault(Reason.RECORD_COUNT.value, MESSAGES[Reason.RECORD_COUNT])
    if faults:
        return RowFault(faults[0].reason.value, faults[0].message, faults[0].column)
    return rows[0]
