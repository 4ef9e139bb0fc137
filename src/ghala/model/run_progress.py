"""How far a run is: its steps with their times and rows, and what was said meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class RunStepKind(StrEnum):
    """What a step of a run does; keep sorted."""

    INGEST = "ingest"
    PUBLISH = "publish"
    SQL = "sql"


class RunStepState(StrEnum):
    """Where a step of a run stands; keep sorted."""

    DONE = "done"
    FAILED = "failed"
    LEFT_OUT = "left_out"
    RUNNING = "running"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class RunStep:
    """One step of a run, in the order in which they are taken; the last one checks and publishes.

    `reads` names the sources, earlier steps and released datasets that it reads, for a graph of the steps. Times and
    rows are None as long as nobody knows them. A step that is `left_out` was not reached.
    """

    name: str
    kind: RunStepKind
    reads: tuple[str, ...] = ()
    dataset: str | None = None
    state: RunStepState = RunStepState.WAITING
    began_at: datetime | None = None
    ended_at: datetime | None = None
    rows_in: int | None = None
    rows_out: int | None = None
    quarantined: int | None = None


@dataclass(frozen=True, slots=True)
class RunLine:
    """One line of what a run said: names and counts, never a cell value. `number` counts from 1."""

    number: int
    at: datetime
    text: str
