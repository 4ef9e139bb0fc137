"""Tickets: what somebody found wrong in a dataset, told to its owner, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import DatasetName


class TicketState(StrEnum):
    """Where a ticket stands; keep sorted. `accepted`: the owner agrees, and it is not mended yet."""

    ACCEPTED = "accepted"
    ANSWERED = "answered"
    DECLINED = "declined"
    MENDED = "mended"
    OPEN = "open"
    WITHDRAWN = "withdrawn"

    @property
    def is_waiting(self) -> bool:
        """Whether the owner still has something to do."""
        return self in {TicketState.ACCEPTED, TicketState.OPEN}


ANSWERS = (
    TicketState.ACCEPTED,
    TicketState.ANSWERED,
    TicketState.DECLINED,
    TicketState.MENDED,
)
"""The states into which an owner's answer brings a ticket."""


@dataclass(frozen=True, slots=True)
class TicketEntry:
    """One thing that was said about a ticket, and the state in which it was from then on; never changed."""

    at: datetime
    by: str
    state: TicketState
    text: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """What somebody found wrong. `place` says in which rows, in their words: Ghala copies no value.

    `release` is where they saw it, None if they do not say; `mended_in` is the release from which it is right.
    """

    id: str
    dataset: DatasetName
    dataset_id: str
    environment: str
    column: str | None
    release: int | None
    place: str
    found: str
    expected: str
    opened_by: str
    opened_at: datetime
    state: TicketState
    mended_in: int | None
    changed_at: datetime
    history: tuple[TicketEntry, ...] = ()
