"""Events: what people who look at a page are told as it happens; never a value of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class EventKind(StrEnum):
    """What happened, `object:verb` as in the audit; keep sorted."""

    AGREEMENT_APPROVED = "agreement:approved"
    AGREEMENT_DENIED = "agreement:denied"
    AGREEMENT_EXPIRED = "agreement:expired"
    AGREEMENT_NARROWED = "agreement:narrowed"
    AGREEMENT_REASSESSED = "agreement:reassessed"
    AGREEMENT_RENEWED = "agreement:renewed"
    AGREEMENT_REQUESTED = "agreement:requested"
    AGREEMENT_REVOKED = "agreement:revoked"
    AGREEMENT_WITHDRAWN = "agreement:withdrawn"
    NOTIFICATION_TOLD = "notification:told"
    RELEASE_PUBLISHED = "release:published"
    RUN_FAILED = "run:failed"
    RUN_PUBLISHED = "run:published"
    RUN_REFUSED = "run:refused"
    RUN_RUNNING = "run:running"
    RUN_UNCHANGED = "run:unchanged"

    @property
    def is_about_agreement(self) -> bool:
        """Whether the subject is a request, or the agreement that it became."""
        return self.value.startswith("agreement:")


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it was written, with what happened, in its transaction.

    `subject` is a product, the id of a request and its agreement, or the number of a notification. `number` grows in
    the order in which transactions ended; nobody outside is told it, since it counts what others may not know.
    """

    number: int
    at: datetime
    kind: EventKind
    subject: str
    facts: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event as somebody may know it; what it does not speak of is None."""

    number: int
    at: datetime
    kind: EventKind
    product: str | None = None
    environment: str | None = None
    run: str | None = None
    release: int | None = None
    agreement: str | None = None
    dataset: str | None = None
    by: str | None = None
    told: str | None = None
    """What a notification is about: its kind."""
    about: str | None = None
    """The id of the ticket, the wish or the incident that a notification is about."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, oldest first, and the number up to which all was looked at.

    `is_behind` says that events before them are no longer kept: whoever follows has to look at everything again.
    """

    events: tuple[SeenEvent, ...]
    number: int
    is_behind: bool = False
