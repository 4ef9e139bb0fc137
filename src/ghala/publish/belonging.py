"""One storage, one registry: a lake whose registry was lost must not look like an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import StorageError
from ghala.registry.registry import read_id

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.lake.files import Disk
    from ghala.registry.registry import Registry

MARK = "registry.id"


def check_belonging(registry: Registry, storage: Path, disk: Disk) -> None:
    """Mark a new storage with its registry, or compare the mark of an old one.

    Raises:
        StorageError: the storage belongs to another registry, which was lost or replaced: what is in the lake is not
            known to this one, and a sweep would remove it.
    """
    with registry.read() as connection:
        registry_id = read_id(connection)
    mark = storage / MARK
    if not mark.exists():
        try:
            with disk.create(mark) as stream:
                stream.write(registry_id.encode())
        except StorageError:
            # Another process that opened the storage for the first time too may have been faster.
            if not mark.exists():
                raise
    if mark.read_bytes().decode(errors="replace") != registry_id:
        raise StorageError(
            f"the registry of `{storage.name}` was lost or replaced: this one does not know what is in the lake",
            hint=f"bring the registry back from a backup; to begin anew, move `{storage.name}` away",
        )
