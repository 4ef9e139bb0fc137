"""Wishes: data that somebody asks for and that is not there, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class WishState(StrEnum):
    """Where a wish stands; keep sorted. `merged`: it lives on in another one."""

    DECLINED = "declined"
    MERGED = "merged"
    OPEN = "open"
    PLANNED = "planned"
    SHIPPED = "shipped"

    @property
    def is_open(self) -> bool:
        """Whether people still wait, so that votes for it mean something."""
        return self in {WishState.OPEN, WishState.PLANNED}


ANSWERS = (WishState.DECLINED, WishState.OPEN, WishState.PLANNED, WishState.SHIPPED)
"""The states into which an answer brings a wish."""


class WishEvent(StrEnum):
    """What happened to a wish; keep sorted."""

    ANSWERED = "answered"
    ASSIGNED = "assigned"
    JOINED = "joined"
    MERGED = "merged"
    WISHED = "wished"


@dataclass(frozen=True, slots=True)
class WishEntry:
    """One thing that happened to a wish; never changed."""

    at: datetime
    by: str
    event: WishEvent
    text: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for, and what for. `words` are those of the title, as demand compares them.

    `domain` is who shall answer, empty while nobody does. `roadmap_item` is where it is planned
    (`sales/orders#refunds`), `dataset` what came of it, `merged_into` the wish in which it lives on.
    """

    id: str
    title: str
    reason: str
    words: str
    domain: str
    wished_by: str
    wished_at: datetime
    state: WishState
    changed_at: datetime
    answer: str = ""
    roadmap_item: str | None = None
    dataset: str | None = None
    merged_into: str | None = None
    history: tuple[WishEntry, ...] = ()
    votes: int = 0


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """One thing that happened to a wish, as somebody sees it: `by` is None for those who do not answer wishes."""

    at: datetime
    by: str | None
    event: WishEvent
    text: str


@dataclass(frozen=True, slots=True)
class SeenWish:
    """A wish as somebody sees it: without names that they may not know, and without who wished, unless they answer."""

    id: str
    title: str
    reason: str
    domain: str
    wished_by: str | None
    wished_at: datetime
    state: WishState
    changed_at: datetime
    answer: str
    roadmap_item: str | None
    dataset: str | None
    merged_into: str | None
    votes: int
    is_voted: bool
    is_own: bool
    may_answer: bool
    history: tuple[SeenEntry, ...]
