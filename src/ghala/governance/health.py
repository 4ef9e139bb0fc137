"""Health: can this workspace be relied upon on this machine, and what to do where it cannot."""

from __future__ import annotations

import re
import shutil
import sys
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ghala.errors import GhalaError, StorageError
from ghala.model.outcome import Diagnosis
from ghala.registry import audit, claims, releases
from ghala.registry.registry import REVISION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ghala.lake.files import Disk
    from ghala.registry.registry import Registry

_NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "lustre",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    }
)
_MOUNTS = Path("/proc/mounts")
_ESCAPED = re.compile(r"\\([0-7]{3})")
_MOUNT_PARTS = 3
_LOW_SPACE_BYTES = 1 << 30
_OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Doctor:
    """Examines one workspace; every examination is a `Diagnosis`, none raises."""

    storage: Path
    disk: Disk
    open_registry: Callable[[], Registry]
    load_definitions: Callable[[], int]
    registry_is_embedded: bool = True
    check_policies: Callable[[], Diagnosis] | None = None
    mounts: Path = _MOUNTS

    def examine(self) -> Iterator[Diagnosis]:
        """Yield what was found, in the order in which one would mend it."""
        yield self._python()
        yield self._definitions()
        yield self._file_system()
        yield self._space()
        yield self._durability()
        yield self._registry()
        if self.check_policies is not None:
            yield self._policies(self.check_policies)
        yield self._audit()
        yield self._runs()

    def _python(self) -> Diagnosis:
        version = ".".join(str(part) for part in sys.version_info[:3])
        return Diagnosis("python", sys.version_info >= _OLDEST_PYTHON, f"Python {version}")

    def _definitions(self) -> Diagnosis:
        try:
            count = self.load_definitions()
        except GhalaError as error:
            return Diagnosis(
                "definitions", is_fine=False, message=str(error), hint="run `ghala lint`"
            )
        return Diagnosis("definitions", is_fine=True, message=f"{count} products")

    def _file_system(self) -> Diagnosis:
        kind = file_system_of(self.storage, self.mounts)
        if kind in _NETWORK_FILE_SYSTEMS and self.registry_is_embedded:
            return Diagnosis(
                "file system",
                is_fine=False,
                message=f"the storage lies on {kind}: SQLite's locks do not hold there",
                hint="set `storage` in ghala.yaml to a folder on a local disk",
            )
        return Diagnosis("file system", is_fine=True, message=kind or "unknown, taken as local")

    def _space(self) -> Diagnosis:
        free = shutil.disk_usage(_existing(self.storage)).free
        return Diagnosis(
            "space",
            free >= _LOW_SPACE_BYTES,
            f"{free / (1 << 30):.1f} GiB free",
            None
            if free >= _LOW_SPACE_BYTES
            else "free some space: a full disk refuses new releases",
        )

    def _durability(self) -> Diagnosis:
        # A name of its own: others may examine the same storage now.
        probe = self.storage / f"doctor-{uuid.uuid4().hex}.probe"
        try:
            with self.disk.create(probe) as stream:
                stream.write(b"probe")
            self.disk.remove(probe)
        except StorageError as error:
            with suppress(StorageError):
                self.disk.remove(probe)
            return Diagnosis("writing", is_fine=False, message=str(error), hint=error.hint)
        return Diagnosis("writing", is_fine=True, message="files and folders can be made durable")

    def _registry(self) -> Diagnosis:
        try:
            registry = self.open_registry()
            found = registry.examine()
            if found.fault is not None:
                return Diagnosis("registry", is_fine=False, message=found.fault, hint=found.hint)
            with registry.read() as connection:
                count = len(releases.known_files(connection))
        except GhalaError as error:
            return Diagnosis("registry", is_fine=False, message=str(error), hint=error.hint)
        message = f"{found.version}, revision {REVISION}, {count} files known"
        return Diagnosis("registry", is_fine=True, message=message)

    def _policies(self, check: Callable[[], Diagnosis]) -> Diagnosis:
        try:
            return check()
        except GhalaError as error:
            return Diagnosis("policies", is_fine=False, message=str(error), hint=error.hint)

    def _audit(self) -> Diagnosis:
        try:
            with self.open_registry().read() as connection:
                broken = audit.first_break(connection)
        except GhalaError as error:
            return Diagnosis("audit chain", is_fine=False, message=str(error), hint=error.hint)
        if broken is not None:
            return Diagnosis(
                "audit chain",
                is_fine=False,
                message=broken.words,
                hint="somebody changed the registry outside Ghala: compare it with a backup",
            )
        return Diagnosis("audit chain", is_fine=True, message="holds")

    def _runs(self) -> Diagnosis:
        try:
            with self.open_registry().read() as connection:
                open_since = claims.oldest_open_us(connection)
        except GhalaError as error:
            return Diagnosis("runs", is_fine=False, message=str(error), hint=error.hint)
        message = (
            "none open"
            if open_since is None
            else f"open since {releases.as_time(open_since):%F %T} UTC"
        )
        return Diagnosis("runs", is_fine=True, message=message)


def file_system_of(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the kind of file system that a path lies on; None where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    resolved = _existing(path).resolve()
    best, kind = -1, None
    for line in lines:
        parts = line.split(" ")
        if len(parts) < _MOUNT_PARTS:
            continue
        mounted = Path(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), parts[1]))
        # Of two mounts on one place the later one hides the other.
        if resolved.is_relative_to(mounted) and len(mounted.parts) >= best:
            best, kind = len(mounted.parts), parts[2]
    return kind


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
