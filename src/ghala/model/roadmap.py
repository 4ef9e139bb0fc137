"""Roadmaps: what a product's owner means to do, and what will change for those who use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ghala.errors import Place


class ItemState(StrEnum):
    """How far an item of a roadmap is; keep sorted."""

    BUILDING = "building"
    DECLINED = "declined"
    PLANNED = "planned"
    SHIPPED = "shipped"

    @property
    def is_open(self) -> bool:
        """Whether it is still to come, so that votes for it mean something."""
        return self in {ItemState.BUILDING, ItemState.PLANNED}


class ChangeKind(StrEnum):
    """What a change ahead means for those who use the product; keep sorted."""

    BREAKING = "breaking"
    DEPRECATION = "deprecation"


@dataclass(frozen=True, slots=True)
class RoadmapItem:
    """One thing that is to come, or not; `by` is a quarter (`2026-Q2`) or a day (`2026-04-01`), or empty."""

    id: str
    title: str
    state: ItemState
    description: str = ""
    by: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ChangeAhead:
    """What users have to prepare for, and what to do: from `on` a dataset, or the product, is no longer what it was."""

    title: str
    kind: ChangeKind
    on: date
    action: str
    dataset: str = ""
    description: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Roadmap:
    """What a product's `roadmap.yaml` says, in its order."""

    items: tuple[RoadmapItem, ...] = ()
    changes: tuple[ChangeAhead, ...] = ()


@dataclass(frozen=True, slots=True)
class VotedItem:
    """An item as somebody sees it: how many want it, and whether they are one of them."""

    id: str
    title: str
    state: ItemState
    description: str
    by: str
    votes: int
    is_voted: bool


@dataclass(frozen=True, slots=True)
class SeenRoadmap:
    """A product's roadmap as somebody sees it; changes of datasets that they may not know are not in it."""

    product: str
    items: tuple[VotedItem, ...]
    changes: tuple[ChangeAhead, ...]
