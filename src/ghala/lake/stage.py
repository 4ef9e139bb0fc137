"""Staging: a dataset's next state, written and made durable while nothing points at it."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyiceberg.io.pyarrow import parquet_file_to_data_file
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC
from pyiceberg.table.metadata import new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER

from ghala.errors import StepError
from ghala.lake.fileio import ROOT, LakeFileIO, location_of, path_of
from ghala.lake.schema import as_data_type, evolve, field_ids, first_schema
from ghala.lake.snapshot import NextSnapshot
from ghala.model.product import Materialisation
from ghala.model.release import ReleasedDataset
from ghala.model.scan import PhysicalScan, plain_scan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyiceberg.manifest import DataFile
    from pyiceberg.schema import Schema
    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.table.snapshots import Snapshot

    from ghala.lake.files import Disk
    from ghala.lake.parquet import StagedFile
    from ghala.lake.scan import Scans, StoredFile
    from ghala.model.contract import Dataset
    from ghala.model.types import DataType

_PROPERTIES = {
    # Releases pin their own metadata file; the live one needs no long memory.
    "write.metadata.previous-versions-max": "5",
}
_HASH_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """A staged state that is durable and complete.

    `base` is the metadata path that the state was built upon, None for a dataset's first; a promotion succeeds only
    while the dataset still points there. `files` has sha256 and size of every new file, by path below the root.
    """

    dataset: ReleasedDataset
    base: str | None
    files: dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class ExistingRows:
    """The rows of the current release that an append keeps."""

    scans: Scans
    metadata_path: str
    snapshot_id: int

    @property
    def columns(self) -> Sequence[tuple[str, DataType]]:
        """Their columns, with types."""
        return self.scans.columns(self.metadata_path, self.snapshot_id)

    def scan(self) -> PhysicalScan:
        """Return how to read all of them."""
        return self.scans.of(self.metadata_path, self.snapshot_id)

    def near(self, column: str, low: object, high: object) -> PhysicalScan:
        """Return how to read those files that may hold values of a column in [low, high]."""
        return self.scans.near(self.metadata_path, self.snapshot_id, column, low, high)


class StagedTable:
    """One dataset's next state while it is being built.

    Write Parquet files to paths that start with `data`, with `field_ids`; then `seal` them.
    """

    def __init__(
        self,
        dataset: Dataset,
        current: ReleasedDataset | None,
        materialisation: Materialisation,
        *,
        root: Path,
        disk: Disk,
        scans: Scans,
        run_id: str,
    ) -> None:
        self.dataset = dataset
        self.materialisation = materialisation
        self._current = current
        self._root = root
        self._disk = disk
        self._scans = scans
        self._io = LakeFileIO({ROOT: str(root)}, disk)
        self._metadata, self._schema, self._is_evolved = self._begin(run_id)
        self._next = NextSnapshot(
            self._io, self._metadata, self._schema, self._metadata.new_snapshot_id()
        )
        self.field_ids = field_ids(self._schema)
        self.data: Path = root / path_of(self._metadata.location) / "data" / run_id
        self._disk.make_folder(self.data.parent)

    @property
    def existing(self) -> ExistingRows | None:
        """The rows that stay beside the new ones; None when the new ones are all."""
        if self._current is None or self.materialisation is Materialisation.REPLACE:
            return None
        return ExistingRows(self._scans, self._current.metadata_location, self._current.snapshot_id)

    def scan(self, files: Sequence[StagedFile]) -> PhysicalScan:
        """Return how to read staged files; they were written as this table's schema."""
        columns = [(field.name, as_data_type(field.field_type)) for field in self._schema.fields]
        return plain_scan(columns, [(file.path, file.row_count) for file in files])

    def seal(self, files: Sequence[StagedFile], *, live_snapshots: int) -> Sealed:
        """Write manifests and metadata over the staged files, all durable; nothing points at them yet."""
        new_files = {}
        for file in files:
            name = file.path.relative_to(self._root).as_posix()
            new_files[name] = file.fingerprint or _fingerprint(file.path)
            self._disk.adopt(file.path)
        base = None if self._current is None else self._current.metadata_location
        snapshot = self._snapshot(list(new_files))
        metadata = self._next.metadata_with(
            snapshot,
            is_evolved=self._is_evolved,
            keep=live_snapshots,
            base_location=None if base is None else location_of(base),
        )
        metadata_path = self._write_metadata(metadata, base)
        stored = self._scans.files(metadata_path, snapshot.snapshot_id)
        return Sealed(
            dataset=ReleasedDataset(
                name=self.dataset.name,
                dataset_id=self.dataset.id,
                metadata_location=metadata_path,
                snapshot_id=snapshot.snapshot_id,
                schema_id=metadata.current_schema_id,
                files_sha256=list_hash(stored),
                row_count=sum(file.row_count for file in stored),
                byte_count=sum(file.byte_count for file in stored),
            ),
            base=base,
            files={**new_files, **self._io.written},
        )

    def _begin(self, run_id: str) -> tuple[TableMetadata, Schema, bool]:
        if self._current is None:
            name = self.dataset.name
            # A folder of its own for each table: two first runs never write into the same one.
            folder = f"{name.domain}/{name.dataset}-{run_id[-8:]}"
            metadata = new_table_metadata(
                first_schema(self.dataset.columns),
                UNPARTITIONED_PARTITION_SPEC,
                UNSORTED_SORT_ORDER,
                location_of(folder),
                {"format-version": "2", **_PROPERTIES},
            )
            return metadata, metadata.schema(), False
        metadata = self._scans.metadata(self._current.metadata_location)
        schema_id = 1 + max(schema.schema_id for schema in metadata.schemas)
        evolution = evolve(
            metadata.schema(), metadata.last_column_id, self.dataset.columns, schema_id
        )
        if evolution.lost and self.materialisation is Materialisation.APPEND:
            raise StepError(
                f"{self.dataset.name}: released rows cannot take the new type of "
                + ", ".join(f"`{name}`" for name in evolution.lost),
                hint="keep the type, name the column anew, or materialise the step with `replace`",
            )
        return (
            metadata,
            evolution.schema if evolution.is_changed else metadata.schema(),
            evolution.is_changed,
        )

    def _data_file(self, path: str) -> DataFile:
        # Bounds and counts are those of the schema that the file was written with, which may not be the table's yet.
        written = self._metadata.model_copy(
            update={"schemas": [self._schema], "current_schema_id": self._schema.schema_id}
        )
        return parquet_file_to_data_file(self._io, written, location_of(path))

    def _snapshot(self, paths: Sequence[str]) -> Snapshot:
        added = [self._data_file(path) for path in paths]
        current = self._current
        manifests = (
            ()
            if current is None
            else self._scans.manifests(current.metadata_location, current.snapshot_id)
        )
        if self.materialisation is Materialisation.APPEND:
            return self._next.appended(added, manifests)
        return self._next.replaced(added, manifests)

    def _write_metadata(self, metadata: TableMetadata, base: str | None) -> str:
        number = 0 if base is None else int(base.rsplit("/", 1)[-1].split("-", 1)[0]) + 1
        folder = path_of(metadata.location)
        path = f"{folder}/metadata/{number:05d}-{uuid.uuid4()}.metadata.json"
        with self._io.new_output(location_of(path)).create() as stream:
            stream.write(metadata.model_dump_json().encode())
        return path


@dataclass(frozen=True, slots=True)
class Staging:
    """Makes staged tables in one lake."""

    root: Path
    disk: Disk
    scans: Scans

    def table(
        self,
        dataset: Dataset,
        current: ReleasedDataset | None,
        materialisation: Materialisation,
        *,
        run_id: str,
    ) -> StagedTable:
        """Begin a dataset's next state upon its current one (None: it has none yet).

        Raises:
            StepError: an append whose released rows cannot take a column's new type.
        """
        return StagedTable(
            dataset,
            current,
            materialisation,
            root=self.root,
            disk=self.disk,
            scans=self.scans,
            run_id=run_id,
        )


def list_hash(files: Sequence[StoredFile]) -> str:
    """Return the hash of a state's file list: paths, sizes and row counts, in an order that does not matter."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.path):
        digest.update(f"{file.path}\0{file.byte_count}\0{file.row_count}\n".encode())
    return digest.hexdigest()


def _fingerprint(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        while block := stream.read(_HASH_BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size
