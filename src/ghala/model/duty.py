"""Duties: what waits for somebody, each with what it is about and since when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class DutyKind(StrEnum):
    """What waits; keep sorted.

    `agreement_ends`: somebody has to renew it, or do without. `agreement_reassess`: somebody has to say whether it is
    still needed.
    """

    AGREEMENT_ENDS = "agreement_ends"
    AGREEMENT_REASSESS = "agreement_reassess"
    INCIDENT = "incident"
    REQUEST = "request"
    TICKET = "ticket"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that waits; `id` is that of the agreement, incident, request, ticket or wish.

    `about` is a dataset, or a product of an incident, or the title of a wish. `by` is who asked, found, or has the
    agreement; None where nobody in particular did. `due_at` is when it is too late; None if it never is. `is_own` says
    that an agreement is for whoever asks: what waits is their own loss.
    """

    kind: DutyKind
    id: str
    about: str
    by: str | None
    since: datetime
    due_at: datetime | None = None
    is_own: bool = False
