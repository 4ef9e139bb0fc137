"""Where everything lies below a workspace's storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one storage."""

    storage: Path

    @property
    def lake(self) -> Path:
        """Iceberg tables, `domain/dataset-…/`."""
        return self.storage / "lake"

    @property
    def raw(self) -> Path:
        """The bytes of every file that was read, by their hash."""
        return self.storage / "raw"

    @property
    def staging(self) -> Path:
        """One folder a run; gone when the run is over."""
        return self.storage / "staging"

    @property
    def quarantine(self) -> Path:
        """One folder a run that kept rows out."""
        return self.storage / "quarantine"

    @property
    def spill(self) -> Path:
        """What the engine puts aside when its memory is full."""
        return self.storage / "spill"
