"""Releases: numbered, audited states of a product that never change meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import DatasetName, ProductName

PROD = "prod"


@dataclass(frozen=True, slots=True)
class ReleasedDataset:
    """One dataset as a release pins it.

    `metadata_location` is relative to the lake's root; `files_sha256` is the hash of the sorted list of data files with
    the hash of each; `row_count` counts all rows of the state, not only the new ones.
    """

    name: DatasetName
    dataset_id: str
    metadata_location: str
    snapshot_id: int
    schema_id: int
    files_sha256: str
    row_count: int
    byte_count: int


@dataclass(frozen=True, slots=True)
class Release:
    """A numbered state of a product in one environment; `number` counts from 1 without gaps."""

    product: ProductName
    environment: str
    number: int
    run_id: str
    definition_sha256: str
    created_at: datetime
    datasets: tuple[ReleasedDataset, ...]
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Rollback:
    """How a release came back: `restored` is that whose content it has, `replaced` that which was current before."""

    restored: int
    replaced: int
    reason: str
    principal: str
