"""Outcomes: what the program's verbs answer, ready to be shown as text, JSON or a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.errors import GhalaError
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.release import Release
    from ghala.model.report import Report
    from ghala.model.run import Run, RunState


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How one product's run ended; `release` is None unless it published, `error` is None unless it failed.

    A run that could not begin, since another one of the product did not end in time, has failed but is on no record.
    """

    run: Run
    release: Release | None
    reports: tuple[Report, ...]
    error: GhalaError | None
    seconds: float


@dataclass(frozen=True, slots=True)
class ProductStatus:
    """One line of `ghala list`; release fields are None before the first release."""

    name: ProductName
    title: str
    owner: str
    version: str
    status: str
    datasets: tuple[DatasetName, ...]
    release: int | None
    released_at: datetime | None
    last_run: RunState | None


@dataclass(frozen=True, slots=True)
class FileFault:
    """One stored file that is not what was released: `release` is the oldest kept release that needs it."""

    path: str
    dataset: DatasetName
    product: ProductName
    release: int
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What `ghala verify` looked at and what it found."""

    releases: int
    files: int
    byte_count: int
    faults: tuple[FileFault, ...]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One batch of rows that a run kept out: `kind` is `source` (records) or `check` (rows that broke rules)."""

    product: ProductName
    run_id: str
    step: str
    kind: str
    rows: int
    path: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One check of `ghala doctor`."""

    name: str
    is_fine: bool
    message: str
    hint: str | None = None
