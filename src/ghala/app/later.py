"""Parts whose libraries are large, and that are loaded when they are first needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.lake.scan import Scans
    from ghala.model.scan import PhysicalScan


@dataclass(frozen=True, slots=True)
class LaterScans:
    """The files of releases. A server that nobody has asked yet does without the libraries that read the lake."""

    scans: Callable[[], Scans]

    def of(self, metadata_path: str, snapshot_id: int) -> PhysicalScan:
        """Return how one snapshot is read, as `Scans.of` does."""
        return self.scans().of(metadata_path, snapshot_id)
