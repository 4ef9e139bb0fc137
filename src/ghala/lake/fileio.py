"""Iceberg's view of the lake: locations relative to its root, so that a workspace can be moved; every write durable."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pyarrow as pa
from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile, OutputStream
from pyiceberg.serializers import FromInputFile

from ghala.lake.files import Disk

if TYPE_CHECKING:
    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.typedef import Properties

SCHEME = "lake://"
ROOT = "ghala.root"


def location_of(path: str) -> str:
    """Return the location of a path below the lake's root.

    >>> location_of("sales/orders-1f/data/a.parquet")
    'lake://sales/orders-1f/data/a.parquet'
    """
    return SCHEME + path


def path_of(location: str) -> str:
    """Return a location's path below the lake's root.

    Raises:
        ValueError: the location lies elsewhere.

    >>> path_of("lake://sales/orders-1f/data/a.parquet")
    'sales/orders-1f/data/a.parquet'
    """
    path = location.removeprefix(SCHEME)
    if not location.startswith(SCHEME) or ".." in PurePosixPath(path).parts or path.startswith("/"):
        raise ValueError(f"`{location}` does not lie in this lake")
    return path


def read_metadata(io: FileIO, location: str) -> TableMetadata:
    """Return the metadata stored at a location."""
    return FromInputFile.table_metadata(io.new_input(location))


class LakeFileIO(FileIO):
    """Reads and writes the lake's own files; `written` has path, sha256 and size of all that this instance wrote."""

    def __init__(self, properties: Properties, disk: Disk | None = None) -> None:
        super().__init__(properties)
        self.root = Path(properties[ROOT])
        self.disk = disk or Disk()
        self.written: dict[str, tuple[str, int]] = {}

    def new_input(self, location: str) -> InputFile:
        """Return a file to read."""
        return _LakeInput(location, self.root / path_of(location))

    def new_output(self, location: str) -> OutputFile:
        """Return a file to write: it appears, durable, when its stream is closed."""
        return _LakeOutput(location, self)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Remove a file that this instance wrote: nothing else may be removed through Iceberg."""
        path = path_of(location if isinstance(location, str) else location.location)
        if self.written.pop(path, None) is not None:
            self.disk.remove(self.root / path)


class _LakeInput(InputFile):
    def __init__(self, location: str, path: Path) -> None:
        super().__init__(location)
        self._path = path

    def __len__(self) -> int:
        return self._path.stat().st_size

    def exists(self) -> bool:
        return self._path.exists()

    def open(self, seekable: bool = True) -> InputStream:  # noqa: ARG002, FBT001, FBT002 - Iceberg's signature
        stream: InputStream = pa.OSFile(str(self._path), "rb")
        return stream


class _LakeOutput(OutputFile):
    def __init__(self, location: str, owner: LakeFileIO) -> None:
        super().__init__(location)
        self._owner = owner
        self._path = owner.root / path_of(location)

    def __len__(self) -> int:
        return self._path.stat().st_size

    def exists(self) -> bool:
        return self._path.exists()

    def to_input_file(self) -> InputFile:
        return _LakeInput(self.location, self._path)

    def create(self, overwrite: bool = False) -> OutputStream:  # noqa: ARG002, FBT001, FBT002 - Iceberg's signature
        # Files of the lake are immutable: whatever the caller allows, a name is written once.
        if self._path.exists():
            raise FileExistsError(self.location)
        return _Buffer(path_of(self.location), self._owner)


class _Buffer(io.BytesIO):
    """Collects a small file (manifest or metadata) and writes it whole and durable when closed."""

    def __init__(self, path: str, owner: LakeFileIO) -> None:
        super().__init__()
        self._target = path
        self._owner = owner

    def close(self) -> None:
        if not self.closed:
            content = self.getvalue()
            super().close()
            with self._owner.disk.create(self._owner.root / self._target) as stream:
                stream.write(content)
            digest = hashlib.sha256(content).hexdigest()
            self._owner.written[self._target] = (digest, len(content))
