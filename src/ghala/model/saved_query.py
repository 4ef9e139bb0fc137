"""Saved queries: questions that somebody keeps, for themselves or for others, and what somebody asked lately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

EVERYBODY = "everybody"
"""With whom a query is shared that all may see who may read what it reads."""


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question with a name. `shared_with` is empty for nobody, `team:NAME`, or `everybody`.

    Whoever it is shared with sees it only if they may read what it reads, and it runs as whoever runs it.
    """

    id: str
    owner: str
    name: str
    description: str
    sql: str
    environment: str
    shared_with: str
    datasets: tuple[str, ...]
    saved_at: datetime
    changed_at: datetime
    run_count: int
    last_run_at: datetime | None


@dataclass(frozen=True, slots=True)
class AskedStatement:
    """What somebody asked, for them alone."""

    number: int
    asked_at: datetime
    purpose: str
    environment: str
    sql: str
