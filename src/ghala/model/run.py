"""Runs: one execution of a product's pipeline, and the balance of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import ProductName


class RunState(StrEnum):
    """Where a run stands; keep sorted."""

    FAILED = "failed"
    PUBLISHED = "published"
    REFUSED = "refused"
    RUNNING = "running"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A source's file as a landing read it.

    `stamp` is its inode, size and times, as one text: while they stay, so do its bytes. It is empty where that cannot
    be said, since the file had hardly been written when it was read.
    """

    sha256: str
    byte_count: int
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class FileBalance:
    """What became of one input file's records: `read` = `landed` + `quarantined`; a refused file has no records.

    `sha256` is that of the file's bytes; `refused` is the reason why the whole file was refused, None if it was read.
    `unread` names what its records have and no column takes: perhaps a new column of the other system.
    """

    path: str
    sha256: str
    byte_count: int
    read: int
    landed: int
    quarantined: int
    refused: str | None = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepBalance:
    """Rows that went into and came out of one step.

    For an ingest step `rows_in` = `rows_out` + `quarantined`; a SQL step may turn any number into any other.
    """

    step: str
    rows_in: int
    rows_out: int
    quarantined: int = 0
    files: tuple[FileBalance, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a product's pipeline, of one definition, in one environment.

    `started_by` asked a server for it; None where it was started at a terminal. `error_code` and `hint` are of `error`.
    One that `rolls_back` to a release executes nothing: it checks the rows of that release.
    """

    id: str
    product: ProductName
    environment: str
    definition_sha256: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None = None
    release: int | None = None
    error: str | None = None
    steps: tuple[StepBalance, ...] = ()
    started_by: str | None = None
    error_code: str | None = None
    hint: str | None = None
    rolls_back: int | None = None
