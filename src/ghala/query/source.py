"""What the read door needs to know about datasets: which release is meant, its columns, its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from ghala.model.contract import Column
    from ghala.model.names import DatasetName
    from ghala.model.scan import PhysicalScan


@dataclass(frozen=True, slots=True)
class Wanted:
    """A dataset in the release of that number, or the one that was current at that time (UTC), or the current one."""

    name: DatasetName
    version: int | None = None
    timestamp: datetime | None = None

    def __str__(self) -> str:
        if self.version is not None:
            return f"{self.name} in release {self.version}"
        return (
            f"{self.name} at {self.timestamp:%Y-%m-%d %H:%M:%S}"
            if self.timestamp
            else str(self.name)
        )


@dataclass(frozen=True, slots=True)
class ResolvedDataset:
    """One dataset as a release pins it. A column without an entry in `columns` cannot be seen by anybody.

    `lineage` is the hash of what it comes from; None if that is not on record. `own_terms` is what the contract of an
    old release said of its columns; None for the current one.
    """

    name: DatasetName
    release: int
    columns: Sequence[Column]
    scan: PhysicalScan
    lineage: str | None = None
    own_terms: tuple[Column, ...] | None = None


class Releases(Protocol):
    """Finds releases; one answer sees one consistent state of all of them."""

    def made_on_demand(self, wanted: Collection[Wanted]) -> AbstractSet[Wanted]:
        """Return what of it is brought up to date when somebody asks who may read it; perhaps it has no release yet."""
        ...

    def refresh(self, wanted: Collection[Wanted]) -> None:
        """Bring what is made on demand up to date."""
        ...

    def resolve(
        self, environment: str, wanted: Collection[Wanted]
    ) -> Mapping[Wanted, ResolvedDataset]:
        """Return what is wanted; a dataset or release that is not there has no entry."""
        ...

    def names(self, environment: str) -> Collection[DatasetName]:
        """Return all datasets that have a current release."""
        ...
