"""Usage: how often a product is queried, by how many, and who agreed to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How much somebody, or many, asked: the questions, also those that failed, and the rows of their answers."""

    queries: int = 0
    rows: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(self.queries + other.queries, self.rows + other.rows)


@dataclass(frozen=True, slots=True)
class UsageWeek:
    """What was asked of a product in a week (UTC) that begins on a Monday.

    `people` are users, `teams` those that they are in now, `programs` services, agents and other products.
    """

    start: date
    people: int
    teams: int
    programs: int
    queries: int
    rows: int


@dataclass(frozen=True, slots=True)
class DatasetUsage:
    """What was asked of a dataset in all weeks together."""

    dataset: str
    people: int
    programs: int
    queries: int
    rows: int


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who asked, with the teams that they are in now, how much, and on which day last."""

    principal: str
    teams: tuple[str, ...]
    queries: int
    rows: int
    last_on: date


@dataclass(frozen=True, slots=True)
class AgreedUse:
    """Who has an agreement about a dataset, what for, and until when."""

    grantee: str
    dataset: str
    purpose: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ProductUsage:
    """How a product is used: in all weeks together, and in each.

    `consumers` and `agreements` are None for those who may only know how many there are.
    """

    product: str
    people: int
    teams: int
    programs: int
    queries: int
    rows: int
    weeks: tuple[UsageWeek, ...]
    datasets: tuple[DatasetUsage, ...]
    consumers: tuple[Consumer, ...] | None
    agreement_count: int
    agreements: tuple[AgreedUse, ...] | None
