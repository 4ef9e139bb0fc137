"""Agreements: granted access requests, as rows and never as policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import DatasetName
    from ghala.model.predicate import Predicate


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody may see these columns of a dataset in clear, in the rows for which `rows` holds (None: all).

    `grantee` is the id of a user, a team, a service, an agent or a product. It is in force for one purpose, from
    `since` until before `until`.
    """

    id: str
    grantee: str
    dataset: DatasetName
    columns: frozenset[str]
    purpose: str
    since: datetime
    until: datetime
    rows: Predicate | None = None

    def is_in_force(self, now: datetime) -> bool:
        """Return whether it is in force at a moment."""
        return self.since <= now < self.until
