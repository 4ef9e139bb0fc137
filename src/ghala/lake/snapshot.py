"""The next snapshot of a table: its manifests are written, and its metadata is made, in memory and at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyiceberg.manifest import (
    ManifestEntry,
    ManifestEntryStatus,
    write_manifest,
    write_manifest_list,
)
from pyiceberg.table.refs import MAIN_BRANCH
from pyiceberg.table.snapshots import (
    Operation,
    Snapshot,
    SnapshotSummaryCollector,
    Summary,
    update_snapshot_summaries,
)
from pyiceberg.table.update import (
    AddSchemaUpdate,
    AddSnapshotUpdate,
    RemoveSnapshotsUpdate,
    SetCurrentSchemaUpdate,
    SetSnapshotRefUpdate,
    update_table_metadata,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyiceberg.io import FileIO
    from pyiceberg.manifest import DataFile, ManifestFile
    from pyiceberg.schema import Schema
    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.table.update import TableUpdate

MERGED_AT = 16
"""So many manifests become one: planning must not become slower with every release."""

_FORMAT: Final = 2
_CODEC: Final = "deflate"


@dataclass(frozen=True, slots=True)
class NextSnapshot:
    """Builds one snapshot upon a table's metadata; `schema` is the one that the new files were written with.

    Iceberg's own transactions would do the same, but rebuild the whole metadata at every step of the way.
    """

    io: FileIO
    metadata: TableMetadata
    schema: Schema
    snapshot_id: int
    commit_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def appended(self, added: Sequence[DataFile], manifests: Sequence[ManifestFile]) -> Snapshot:
        """Write the snapshot that has `added` beside everything that `manifests` list."""
        kept = [one for one in manifests if one.has_added_files() or one.has_existing_files()]
        if len(kept) >= MERGED_AT:
            kept = self._merged(kept)
        return self._written([*self._added(added), *kept], Operation.APPEND, added, ())

    def replaced(self, added: Sequence[DataFile], manifests: Sequence[ManifestFile]) -> Snapshot:
        """Write the snapshot that has only `added`; what `manifests` list is marked as deleted by it."""
        gone = [entry for manifest in manifests for entry in self._entries(manifest)]
        deleted = self._manifest("d", gone, ManifestEntryStatus.DELETED)
        files = [entry.data_file for entry in gone]
        return self._written([*self._added(added), *deleted], Operation.OVERWRITE, added, files)

    def metadata_with(
        self, snapshot: Snapshot, *, is_evolved: bool, keep: int, base_location: str | None
    ) -> TableMetadata:
        """Return the table's metadata with the snapshot as its current one, and only the last `keep` snapshots.

        Releases read older snapshots through the metadata file that they pin.
        """
        updates: list[TableUpdate] = []
        if is_evolved:
            updates += [
                AddSchemaUpdate.model_validate({"schema": self.schema}),
                SetCurrentSchemaUpdate.model_validate({"schema-id": self.schema.schema_id}),
            ]
        head = {"ref-name": MAIN_BRANCH, "type": "branch", "snapshot-id": snapshot.snapshot_id}
        updates += [
            AddSnapshotUpdate.model_validate({"snapshot": snapshot}),
            SetSnapshotRefUpdate.model_validate(head),
        ]
        before = sorted(self.metadata.snapshots, key=lambda one: one.sequence_number or 0)
        old = [one.snapshot_id for one in before[: max(0, len(before) + 1 - keep)]]
        if old:
            updates.append(RemoveSnapshotsUpdate.model_validate({"snapshot-ids": old}))
        return update_table_metadata(self.metadata, tuple(updates), metadata_location=base_location)

    def _added(self, files: Sequence[DataFile]) -> list[ManifestFile]:
        entries = [
            ManifestEntry.from_args(
                status=ManifestEntryStatus.ADDED,
                snapshot_id=self.snapshot_id,
                sequence_number=None,
                file_sequence_number=None,
                data_file=file,
            )
            for file in files
        ]
        return self._manifest("a", entries, ManifestEntryStatus.ADDED)

    def _merged(self, manifests: Sequence[ManifestFile]) -> list[ManifestFile]:
        entries = [entry for manifest in manifests for entry in self._entries(manifest)]
        return self._manifest("m", entries, ManifestEntryStatus.EXISTING)

    def _entries(self, manifest: ManifestFile) -> Iterable[ManifestEntry]:
        return manifest.fetch_manifest_entry(self.io, discard_deleted=True)

    def _manifest(
        self, mark: str, entries: Sequence[ManifestEntry], status: ManifestEntryStatus
    ) -> list[ManifestFile]:
        if not entries:
            return []
        output = self.io.new_output(self._place(f"{self.commit_id}-{mark}.avro"))
        spec = self.metadata.spec()
        with write_manifest(_FORMAT, spec, self.schema, output, self.snapshot_id, _CODEC) as writer:
            write = {
                ManifestEntryStatus.ADDED: writer.add_entry,
                ManifestEntryStatus.DELETED: writer.delete,
                ManifestEntryStatus.EXISTING: writer.existing,
            }[status]
            for entry in entries:
                write(entry)
        return [writer.to_manifest_file()]

    def _written(
        self,
        manifests: list[ManifestFile],
        operation: Operation,
        added: Sequence[DataFile],
        removed: Sequence[DataFile],
    ) -> Snapshot:
        parent = self.metadata.current_snapshot()
        sequence_number = self.metadata.next_sequence_number()
        location = self._place(f"snap-{self.snapshot_id}-0-{self.commit_id}.avro")
        with write_manifest_list(
            format_version=_FORMAT,
            output_file=self.io.new_output(location),
            snapshot_id=self.snapshot_id,
            parent_snapshot_id=parent.snapshot_id if parent else None,
            sequence_number=sequence_number,
            avro_compression=_CODEC,
        ) as writer:
            writer.add_manifests(manifests)
        return Snapshot.model_validate(
            {
                "snapshot-id": self.snapshot_id,
                "parent-snapshot-id": parent.snapshot_id if parent else None,
                "manifest-list": location,
                "sequence-number": sequence_number,
                "summary": self._summary(operation, added, removed),
                "schema-id": self.schema.schema_id,
            }
        )

    def _summary(
        self, operation: Operation, added: Sequence[DataFile], removed: Sequence[DataFile]
    ) -> Summary:
        collector = SnapshotSummaryCollector()
        for file in added:
            collector.add_file(file, self.schema)
        for file in removed:
            collector.remove_file(file, self.schema)
        parent = self.metadata.current_snapshot()
        return update_snapshot_summaries(
            Summary(operation, **collector.build()), parent.summary if parent else None
        )

    def _place(self, name: str) -> str:
        return f"{self.metadata.location}/metadata/{name}"
