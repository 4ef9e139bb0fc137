"""Agreements: granted access requests, as rows and never as policies; and what becomes of them in time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import DatasetName
    from ghala.model.predicate import Predicate


class AgreementState(StrEnum):
    """Where an agreement stands at a moment; keep sorted."""

    EXPIRED = "expired"
    IN_FORCE = "in_force"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody may see these columns of a dataset in clear, in the rows for which `rows` holds (None: all).

    `grantee` is the id of a user, a team, a service, an agent or a product. It is in force for one purpose, from
    `since` until before `until`, unless it was revoked before. `dataset` is how the dataset was called when it was
    asked for, `dataset_id` what it is: it may be renamed. At `reassess_at` somebody should look whether it is still
    needed; that ends nothing by itself.
    """

    id: str
    grantee: str
    dataset: DatasetName
    columns: frozenset[str]
    purpose: str
    since: datetime
    until: datetime
    rows: Predicate | None = None
    dataset_id: str = ""
    reassess_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_in_force(self, now: datetime) -> bool:
        """Return whether it is in force at a moment."""
        return self.since <= now < self.end

    @property
    def end(self) -> datetime:
        """When it ends, or ended."""
        return self.until if self.revoked_at is None else min(self.until, self.revoked_at)

    def state(self, now: datetime) -> AgreementState:
        """Return where it stands; before it begins it counts as in force already, since nobody can ask so early."""
        if self.revoked_at is not None and self.revoked_at <= now:
            return AgreementState.REVOKED
        return AgreementState.IN_FORCE if now < self.until else AgreementState.EXPIRED
