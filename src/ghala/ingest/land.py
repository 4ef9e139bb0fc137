"""Lands a source: every record of its files becomes a typed row or a line of the quarantine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from ghala.errors import SourceError
from ghala.ingest.ahead import ahead
from ghala.ingest.discover import find_files
from ghala.ingest.find import check_source, source_type
from ghala.ingest.intake import Intake, has_changed
from ghala.ingest.options import option_values
from ghala.ingest.quarantine import Quarantine
from ghala.ingest.source import FileRefusedError
from ghala.ingest.typed import Caster
from ghala.lake.parquet import write_rows
from ghala.model.run import FileBalance, StepBalance, TakenFile

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from ghala.engines.duckdb import DuckDB
    from ghala.ingest.discover import InputFile
    from ghala.ingest.mend import Mending
    from ghala.ingest.source import Batch
    from ghala.ingest.typed import Typed
    from ghala.lake.files import Disk
    from ghala.lake.parquet import StagedFile
    from ghala.model.product import Source, SourceColumn


FILE_TEXT_BYTES = 512 << 20
"""One Parquet file takes the records of about so many bytes of text."""
_MOST_NAMES = 100
_AHEAD = 6
"""So many batches may be cast while a row group is written, which takes about as many."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What a landing made. The step in `balance` has the source's name.

    `files` and `quarantine` (None when nothing was quarantined) are durable Parquet files. `cursor` has every file
    that was read, by its path below the source's folder, also a refused one: whether that ends the run is for the
    caller to say (`balance.files[…].refused`).
    """

    balance: StepBalance
    files: tuple[StagedFile, ...]
    quarantine: Path | None
    cursor: Mapping[str, TakenFile]


def land(  # noqa: PLR0913 - the parts of a use case, all by name
    source: Source,
    columns: Sequence[SourceColumn],
    *,
    zones: Mapping[str, Path],
    folder: Path,
    seen: Mapping[str, TakenFile],
    disk: Disk,
    engine: DuckDB,
    raw: Path,
    data: Path,
    quarantine: Path,
    field_ids: Mapping[str, object] | None,
    progress: Callable[[str], None] | None,
    mending: Mending | None = None,
) -> Landed:
    """Read a source's files and write its rows to `<data>-<n>.parquet`, in the order of file names and records.

    Args:
        source: where the records come from.
        columns: what to read of each record.
        zones: landing zones by name; a source without `zone` reads below `folder`.
        folder: the product's folder.
        seen: the files that earlier releases appended, by path: they are skipped.
        disk: makes everything durable.
        engine: casts and writes.
        raw: folder of the content-addressed copies of all files that were read.
        data: folder and name prefix of the Parquet files.
        quarantine: the Parquet file for records that are not taken.
        field_ids: the Iceberg field ids of the columns by name, as `lake.schema.field_ids` gives them; None for none.
        progress: is told what is read, from another thread.
        mending: the repairs of records that are put aside here.

    Raises:
        SourceError: the source says something that its type does not know, a file is not there, cannot be read, or was
            appended before with other bytes.
        StorageError: the disk refused.
    """
    checked = replace(source, columns=tuple(columns))
    if faults := check_source(checked, zones):
        raise SourceError(
            f"the source `{source.name}`: {faults[0].message}",
            hint=faults[0].hint,
            place=source.places.get(faults[0].option, source.place),
        )
    if not columns:
        raise SourceError(f"the source `{source.name}` has no columns", place=source.place)
    files = _unseen(source, find_files(source, zones, folder), seen)
    landing = _Landing(checked, files, disk, raw, progress, mending)
    disk.make_folder(data.parent)
    kept = Quarantine(quarantine, disk)
    with engine.session() as session:
        session.keep_uuids()
        caster = Caster(session, checked.columns, field_ids)
        written = tuple(landing.run(caster, data, kept))
        if mending is not None:
            written += landing.mend(caster, data, mending, seen, written)
    return Landed(landing.balance(), written, kept.close(), landing.cursor)


def _unseen(
    source: Source, files: Sequence[InputFile], seen: Mapping[str, TakenFile]
) -> tuple[InputFile, ...]:
    for file in files:
        if file.name in seen and has_changed(file, seen[file.name]):
            raise SourceError(
                f"the source `{source.name}`: `{file.name}` was appended before, with other bytes",
                hint="give the changed file a new name, or land the source with `materialisation: replace`",
                place=source.place,
                path=file.name,
            )
    return tuple(file for file in files if file.name not in seen)


@dataclass(slots=True)
class _Tally:
    read: int = 0
    quarantined: int = 0
    unread: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Landing:
    source: Source
    files: Sequence[InputFile]
    disk: Disk
    raw: Path
    progress: Callable[[str], None] | None
    mending: Mending | None
    cursor: dict[str, TakenFile] = field(default_factory=dict)
    _refusals: list[str | None] = field(default_factory=list)
    _tallies: list[_Tally] = field(default_factory=list)

    def run(self, caster: Caster, data: Path, kept: Quarantine) -> Iterator[StagedFile]:
        """Write all files, and yield each Parquet file when it is durable."""
        number = 0
        # Three threads: one reads and parses, one casts, and this one writes.
        with (
            ahead(self._batches()) as batches,
            ahead((caster.typed(index, batch) for index, batch in batches), _AHEAD) as typed,
        ):
            # A file is begun only when there is something to put into it.
            while (first := next(typed, None)) is not None:
                path = data.with_name(f"{data.name}-{number:05d}.parquet")
                rows = self._rows(chain([first], typed), kept)
                if (file := write_rows(rows, path, caster.schema, self.disk)) is not None:
                    number += 1
                    yield file

    def _rows(self, batches: Iterator[Typed], kept: Quarantine) -> Iterator[pa.RecordBatch]:
        """Yield the rows of some batches, until they are enough for one file; put their faults aside."""
        size = 0
        for batch in batches:
            self._tallies[batch.file].quarantined += len(batch.faults)
            name = self.files[batch.file].name
            kept.keep(name, batch.faults)
            if self.mending is not None:
                self.mending.meet(name, batch.faults)
            yield from batch.rows
            size += batch.byte_count
            if size >= FILE_TEXT_BYTES:
                return

    def mend(
        self,
        caster: Caster,
        data: Path,
        mending: Mending,
        seen: Mapping[str, TakenFile],
        written: Sequence[StagedFile],
    ) -> tuple[StagedFile, ...]:
        """Write the rows of repaired records to a file of their own."""
        found = source_type(self.source.type)
        values = option_values(self.source.options, found.options)
        rows = mending.rows(
            caster,
            lambda: found.reader(values, self.source.columns),
            self.raw,
            seen=seen,
            read=self.cursor,
            written=written,
        )
        file = write_rows(
            rows, data.with_name(f"{data.name}-repaired.parquet"), caster.schema, self.disk
        )
        return () if file is None else (file,)

    def balance(self) -> StepBalance:
        """Return what became of every record."""
        files = tuple(
            FileBalance(
                path=path,
                sha256=file.sha256,
                byte_count=file.byte_count,
                read=tally.read,
                landed=tally.read - tally.quarantined,
                quarantined=tally.quarantined,
                refused=refused,
                unread=tuple(sorted(tally.unread)[:_MOST_NAMES]),
            )
            for (path, file), tally, refused in zip(
                self.cursor.items(), self._tallies, self._refusals, strict=True
            )
        )
        if self.mending is not None:
            files += self.mending.balance()
        read = sum(file.read for file in files)
        quarantined = sum(file.quarantined for file in files)
        return StepBalance(self.source.name, read, read - quarantined, quarantined, files)

    def _batches(self) -> Generator[tuple[int, Batch], None, None]:
        """Read all files and yield their batches, each with the index of its file."""
        found = source_type(self.source.type)
        values = option_values(self.source.options, found.options)
        for index, file in enumerate(self.files):
            if self.progress is not None:
                self.progress(f"{self.source.name}: {file.name}")
            reader = found.reader(values, self.source.columns)
            tally, refused = _Tally(), None
            self._tallies.append(tally)
            intake = Intake(file, self.raw, self.disk)
            for block, is_last in intake.blocks():
                if refused is not None:
                    continue  # it is still hashed and copied: somebody will want to see it
                try:
                    for batch in reader.feed(block, is_last=is_last):
                        tally.read += len(batch.positions) + len(batch.faults)
                        if len(tally.unread) < _MOST_NAMES:
                            tally.unread |= batch.unread
                        yield index, batch
                except FileRefusedError as error:
                    refused = str(error)
            self._refusals.append(refused)
            self.cursor[file.name] = TakenFile(intake.sha256, intake.byte_count, intake.stamp)
