"""Requests for access: who asks for what, and what was decided at each level."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import DatasetName
    from ghala.model.predicate import Predicate


class RequestState(StrEnum):
    """Where a request stands; keep sorted."""

    APPROVED = "approved"
    DENIED = "denied"
    REQUESTED = "requested"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody asks for: columns of a dataset, in the rows for which `rows` holds (None: all), for a purpose."""

    dataset: DatasetName
    columns: frozenset[str]
    purpose: str
    until: datetime
    rows: Predicate | None = None


@dataclass(frozen=True, slots=True)
class RequestDecision:
    """What somebody decided at one level; `by` is `policy:ID` where a policy did."""

    level: int
    is_approved: bool
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request. The agreement that it becomes has the same id.

    `levels` is how many have to approve, one after the other: what the contract said when it was asked for.
    """

    id: str
    grantee: str
    terms: Terms
    dataset_id: str
    justification: str
    requested_by: str
    on_behalf_of: str | None
    requested_at: datetime
    levels: int
    state: RequestState = RequestState.REQUESTED
    decisions: tuple[RequestDecision, ...] = ()

    @property
    def level(self) -> int:
        """The level that decides next."""
        return len(self.decisions) + 1
