"""Incidents: something that consumers feel is not as it was promised, from when it began until it is well again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ghala.model.run import RunState

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import ProductName
    from ghala.model.service_level import LevelKind

BY_TIME = "time"
"""Who opens and resolves what only the clock finds."""


class IncidentCause(StrEnum):
    """What opened an incident; keep sorted."""

    BY_HAND = "by_hand"
    CONTRACT_BROKEN = "contract_broken"
    LEVEL_MISSED = "level_missed"
    RUN_FAILED = "run_failed"


OF_RUNS = {
    RunState.FAILED: IncidentCause.RUN_FAILED,
    RunState.REFUSED: IncidentCause.CONTRACT_BROKEN,
}
"""What a run opens that ends like this."""


class IncidentState(StrEnum):
    """Where an incident stands; keep sorted."""

    ACKNOWLEDGED = "acknowledged"
    OPEN = "open"
    RESOLVED = "resolved"


class IncidentEventKind(StrEnum):
    """What happened to an incident; keep sorted."""

    ACKNOWLEDGED = "acknowledged"
    AGAIN = "again"
    NOTED = "noted"
    OPENED = "opened"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident; `dataset_ids` are the identities of its datasets, `run_id` is that of the run that opened it."""

    id: str
    environment: str
    product: ProductName
    cause: IncidentCause
    title: str
    dataset_ids: tuple[str, ...]
    run_id: str | None
    opened_at: datetime
    opened_by: str
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None

    @property
    def state(self) -> IncidentState:
        """Where it stands."""
        if self.resolved_at is not None:
            return IncidentState.RESOLVED
        return IncidentState.OPEN if self.acknowledged_at is None else IncidentState.ACKNOWLEDGED


@dataclass(frozen=True, slots=True)
class IncidentEvent:
    """One line of an incident's timeline; `text` is for everybody who may discover one of its datasets."""

    number: int
    at: datetime
    kind: IncidentEventKind
    by: str
    text: str


def run_key(environment: str, product: ProductName, cause: IncidentCause) -> str:
    """Return what is the same for all failures of a product of one kind: they open one incident."""
    return f"{environment}:{product}:{cause}"


def level_key(environment: str, dataset_id: str, level: LevelKind) -> str:
    """Return what is the same as long as a service level of a dataset is missed."""
    return f"{environment}:{dataset_id}:{IncidentCause.LEVEL_MISSED}:{level}"


@dataclass(frozen=True, slots=True)
class ShownIncident:
    """An incident as somebody sees it: with the names of those of its datasets that they may discover."""

    incident: Incident
    datasets: tuple[str, ...]
    events: tuple[IncidentEvent, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """It as plain facts, without its timeline."""
        found = self.incident
        return {
            "id": found.id,
            "state": found.state,
            "cause": found.cause,
            "title": found.title,
            "product": str(found.product),
            "datasets": list(self.datasets),
            "environment": found.environment,
            "run": found.run_id,
            "opened_at": found.opened_at,
            "opened_by": found.opened_by,
            "acknowledged_at": found.acknowledged_at,
            "acknowledged_by": found.acknowledged_by,
            "resolved_at": found.resolved_at,
            "resolved_by": found.resolved_by,
        }
