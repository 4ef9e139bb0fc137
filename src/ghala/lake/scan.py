"""Which files hold a dataset's rows: read once per manifest, since nothing in the lake ever changes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.conversions import from_bytes
from pyiceberg.exceptions import ValidationError
from pyiceberg.expressions.literals import literal

from ghala.errors import CorruptError
from ghala.lake.fileio import ROOT, LakeFileIO, location_of, path_of, read_metadata
from ghala.lake.schema import as_data_type
from ghala.model.scan import ColumnSource, FileGroup, PhysicalScan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pyiceberg.manifest import ManifestFile
    from pyiceberg.schema import Schema
    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.types import IcebergType, NestedField

    from ghala.model.types import DataType

Value = TypeVar("Value")
_CACHED = 4096


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One data file: path below the lake's root, and for each field id the bytes of its least and greatest value."""

    path: str
    row_count: int
    byte_count: int
    lower: dict[int, bytes] = field(repr=False)
    upper: dict[int, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Layout:
    """One column as a file stores it."""

    field_id: int | None
    name: str
    members: tuple[_Layout, ...]


class _Cache(Generic[Value]):
    """The values most lately used, by the path of the immutable file that they come from."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[str, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, path: str, read: Callable[[str], Value]) -> Value:
        """Return the value of a path, reading it when it is not known."""
        with self._lock:
            if path in self._values:
                self._values.move_to_end(path)
                return self._values[path]
        value = read(path)
        with self._lock:
            self._values[path] = value
            if len(self._values) > self._size:
                self._values.popitem(last=False)
        return value


class Scans:
    """Plans reads of the lake. Safe to share between threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._io = LakeFileIO({ROOT: str(root)})
        self._metadata: _Cache[TableMetadata] = _Cache(_CACHED // 16)
        # A release reads one snapshot of its metadata file only, so the file's path is the whole key.
        self._lists: _Cache[tuple[ManifestFile, ...]] = _Cache(_CACHED // 16)
        self._manifests: _Cache[tuple[StoredFile, ...]] = _Cache(_CACHED)
        self._layouts: _Cache[tuple[tuple[_Layout, ...], Path]] = _Cache(_CACHED * 16)
        self._plans: _Cache[PhysicalScan] = _Cache(_CACHED // 64)

    def metadata(self, metadata_path: str) -> TableMetadata:
        """Return the table metadata at a path below the lake's root.

        Raises:
            CorruptError: it is missing or cannot be read.
        """
        return self._metadata.get(metadata_path, self._read_metadata)

    def manifests(self, metadata_path: str, snapshot_id: int) -> tuple[ManifestFile, ...]:
        """Return what one snapshot's manifest list names.

        Raises:
            CorruptError: the list is missing or cannot be read.
        """

        def read(metadata_path: str) -> tuple[ManifestFile, ...]:
            snapshot = self.metadata(metadata_path).snapshot_by_id(snapshot_id)
            if snapshot is None:
                raise CorruptError(f"`{metadata_path}` does not have snapshot {snapshot_id}")
            try:
                return tuple(snapshot.manifests(self._io))
            except (OSError, ValueError, EOFError) as error:
                raise CorruptError(f"`{path_of(snapshot.manifest_list)}` cannot be read") from error

        return self._lists.get(metadata_path, read)

    def files(self, metadata_path: str, snapshot_id: int) -> tuple[StoredFile, ...]:
        """Return the data files of one snapshot.

        Raises:
            CorruptError: a file that names them is missing or cannot be read.
        """
        manifests = {one.manifest_path: one for one in self.manifests(metadata_path, snapshot_id)}

        def read(path: str) -> tuple[StoredFile, ...]:
            entries = manifests[path].fetch_manifest_entry(self._io, discard_deleted=True)
            return tuple(
                StoredFile(
                    path=path_of(entry.data_file.file_path),
                    row_count=entry.data_file.record_count,
                    byte_count=entry.data_file.file_size_in_bytes,
                    lower=dict(entry.data_file.lower_bounds or {}),
                    upper=dict(entry.data_file.upper_bounds or {}),
                )
                for entry in entries
            )

        try:
            return tuple(file for path in manifests for file in self._manifests.get(path, read))
        except (OSError, ValueError, EOFError) as error:
            raise CorruptError(f"a manifest of `{metadata_path}` cannot be read") from error

    def of(self, metadata_path: str, snapshot_id: int) -> PhysicalScan:
        """Return how to read all rows of a release's dataset."""

        def plan(metadata_path: str) -> PhysicalScan:
            schema = self._schema(metadata_path, snapshot_id)
            return self.over(schema, self.files(metadata_path, snapshot_id))

        return self._plans.get(metadata_path, plan)

    def columns(self, metadata_path: str, snapshot_id: int) -> tuple[tuple[str, DataType], ...]:
        """Return the columns of a release's dataset, with types."""
        return _columns(self._schema(metadata_path, snapshot_id))

    def near(
        self, metadata_path: str, snapshot_id: int, column: str, low: object, high: object
    ) -> PhysicalScan:
        """Return how to read the files that may hold values of a column in [low, high]."""
        schema = self._schema(metadata_path, snapshot_id)
        wanted = schema.find_field(column)
        kind: Any = wanted.field_type
        files = self.files(metadata_path, snapshot_id)
        try:
            span = _stored_value(kind, low), _stored_value(kind, high)
        except (TypeError, ValueError):
            # Values that cannot be compared with bounds say nothing: read every file.
            return self.over(schema, files)
        return self.over(schema, [file for file in files if _may_hold(file, wanted, *span)])

    def over(self, schema: Schema, files: Sequence[StoredFile]) -> PhysicalScan:
        """Return how to read these files as this schema, grouped by their layout."""
        groups: dict[tuple[_Layout, ...], list[Path]] = {}
        for file in files:
            layout, path = self._layouts.get(file.path, self._read_layout)
            groups.setdefault(layout, []).append(path)
        return PhysicalScan(
            columns=_columns(schema),
            groups=tuple(
                FileGroup(tuple(paths), tuple(_source(field, layout) for field in schema.fields))
                for layout, paths in groups.items()
            ),
            row_count=sum(file.row_count for file in files),
        )

    def _schema(self, metadata_path: str, snapshot_id: int) -> Schema:
        metadata = self.metadata(metadata_path)
        snapshot = metadata.snapshot_by_id(snapshot_id)
        if snapshot is None or snapshot.schema_id is None:
            return metadata.schema()
        return next(known for known in metadata.schemas if known.schema_id == snapshot.schema_id)

    def _read_metadata(self, path: str) -> TableMetadata:
        try:
            return read_metadata(self._io, location_of(path))
        except (OSError, ValueError, ValidationError) as error:
            raise CorruptError(
                f"`{path}` is missing or cannot be read",
                hint="run `ghala verify` for all such files",
            ) from error

    def _read_layout(self, path: str) -> tuple[tuple[_Layout, ...], Path]:
        try:
            stored = pq.read_schema(self._root / path)
        except (OSError, pa.ArrowException) as error:
            raise CorruptError(
                f"`{path}` is missing or cannot be read",
                hint="run `ghala verify` for all such files",
            ) from error
        return tuple(_layout(field) for field in stored), self._root / path


def _columns(schema: Schema) -> tuple[tuple[str, DataType], ...]:
    return tuple((field.name, as_data_type(field.field_type)) for field in schema.fields)


def _layout(stored: pa.Field) -> _Layout:
    text = (stored.metadata or {}).get(b"PARQUET:field_id")
    kind = stored.type
    members = (
        tuple(_layout(kind.field(i)) for i in range(kind.num_fields))
        if pa.types.is_struct(kind)
        else ()
    )
    return _Layout(None if text is None else int(text), stored.name, members)


def _source(wanted: NestedField, layout: Sequence[_Layout]) -> ColumnSource:
    data_type = as_data_type(wanted.field_type)
    stored = next((column for column in layout if column.field_id == wanted.field_id), None)
    if stored is None:
        return ColumnSource(wanted.name, data_type, None)
    fields: tuple[NestedField, ...] = getattr(wanted.field_type, "fields", ())
    members = tuple(_source(member, stored.members) for member in fields) if stored.members else ()
    return ColumnSource(wanted.name, data_type, stored.name, members)


def _may_hold(file: StoredFile, wanted: NestedField, least: Any, greatest: Any) -> bool:
    """Whether a file's bounds leave room for values in [least, greatest]; without bounds it may hold anything."""
    lower, upper = file.lower.get(wanted.field_id), file.upper.get(wanted.field_id)
    if lower is None or upper is None:
        return True
    kind: Any = wanted.field_type
    try:
        return bool(from_bytes(kind, lower) <= greatest and from_bytes(kind, upper) >= least)
    except (TypeError, ValueError):
        # Bounds that cannot be compared say nothing: read the file.
        return True


def _stored_value(kind: IcebergType, value: object) -> Any:
    convert: Callable[[Any], Any] = literal
    return convert(value).to(kind).value
