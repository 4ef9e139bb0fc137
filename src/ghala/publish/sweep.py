"""Sweeping: files that no kept release, no record and no open run needs are removed, once they are old enough."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ghala.lake import upkeep
from ghala.model.audit import AuditEntry, AuditTag
from ghala.registry import audit, claims, releases, tables

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.lake.files import Disk
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry

_MARGIN_S = 2.0
"""File systems and the registry may disagree about the time of a file by their clocks' coarseness."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Removes what crashed and refused runs left behind in a workspace's storage."""

    registry: Registry
    disk: Disk
    lake: Path
    staging: Path
    quarantine: Path
    raw: Path

    def sweep(self, principal: Principal, *, minimum_age_s: float) -> tuple[Path, ...]:
        """Remove orphans older than `minimum_age_s` seconds and return them.

        Never removed: what any kept release reaches, quarantined rows and raw files that are on record, and anything
        written since the oldest open run began.
        """
        before_s = time.time() - minimum_age_s
        if (open_since := self._open_since()) is not None:
            before_s = min(before_s, open_since / 1_000_000 - _MARGIN_S)
        folders = [
            folder for folder in (self.lake, self.staging, self.quarantine) if folder.is_dir()
        ]
        candidates = upkeep.orphans(folders, before_s=before_s)
        candidates += [
            path
            for path in upkeep.orphans([self.raw], before_s=before_s)
            if len(path.name) != _SHA256_CHARACTERS
        ]
        # Only those: a run makes folders before it fills them, and may begin at any time.
        old = upkeep.old_folders(folders, before_s=before_s)
        # Asked only now: whatever was published while the folders were listed is known by this time.
        needed = self._needed()
        removed = upkeep.sweep(candidates, needed.__contains__, self.disk)
        if self._open_since() is None:
            # An open run may fill an old folder too, one that an earlier run left behind.
            upkeep.remove_empty(old)
        if removed:
            self._record(principal, len(removed))
        return tuple(removed)

    def _open_since(self) -> int | None:
        with self.registry.read() as connection:
            return claims.oldest_open_us(connection)

    def _needed(self) -> set[Path]:
        with self.registry.read() as connection:
            known = releases.known_files(connection)
            quarantined = connection.execute(select(tables.quarantines.c.path)).scalars().all()
        return {self.lake / path for path in known} | {
            self.quarantine / path for path in quarantined
        }

    def _record(self, principal: Principal, count: int) -> None:
        entry = AuditEntry(
            AuditTag.ORPHANS_SWEPT, principal.id, principal.purpose, (), {"files": count}
        )
        with self.registry.write() as connection:
            audit.append(connection, entry)


_SHA256_CHARACTERS = 64
