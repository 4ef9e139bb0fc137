"""Simulations: what other policies would have changed for the questions that were really asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import DatasetName
    from ghala.model.policy import Clearance


class RowChange(StrEnum):
    """How the rows that somebody sees differ; keep sorted."""

    CHANGED = "changed"
    """Some are gained and some lost, as far as the predicates tell."""
    GAINED = "gained"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """How a column was seen, and how it would be."""

    name: str
    before: Clearance
    after: Clearance


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for one principal's questions about one dataset, for one purpose at one endpoint.

    `queries` is how many were asked; `before` and `after` whether they are answered. `rows` is None where the same rows
    are seen, or none at all. `reasons` are those of the decision after.
    """

    principal: str
    dataset: DatasetName
    purpose: str
    endpoint: str
    queries: int
    before: bool
    after: bool
    rows: RowChange | None
    gained: tuple[ColumnChange, ...]
    lost: tuple[ColumnChange, ...]
    reasons: tuple[str, ...]

    @property
    def loses(self) -> bool:
        """Whether somebody sees less than before."""
        fewer_rows = self.rows in {RowChange.LOST, RowChange.CHANGED}
        return (self.before and not self.after) or bool(self.lost) or fewer_rows


@dataclass(frozen=True, slots=True)
class Simulation:
    """The changes of one replay; `skipped` questions were about what is no longer there."""

    since: datetime
    until: datetime
    version_before: str
    version_after: str
    queries: int
    skipped: int
    changes: tuple[Change, ...]

    @property
    def has_losers(self) -> bool:
        """Whether somebody sees less than before."""
        return any(change.loses for change in self.changes)
