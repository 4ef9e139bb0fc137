"""Notifications: what people are told without asking, through which channel, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class NotificationKind(StrEnum):
    """What happened, `object:verb` as in the audit; keep sorted."""

    AGREEMENT_APPROVED = "agreement:approved"
    AGREEMENT_DENIED = "agreement:denied"
    AGREEMENT_EXPIRING = "agreement:expiring"
    AGREEMENT_NARROWED = "agreement:narrowed"
    AGREEMENT_RENEWED = "agreement:renewed"
    AGREEMENT_REQUESTED = "agreement:requested"
    AGREEMENT_REVOKED = "agreement:revoked"
    CONTRACT_BROKEN = "contract:broken"
    INCIDENT_OPENED = "incident:opened"
    INCIDENT_RESOLVED = "incident:resolved"
    PRODUCT_RECOVERED = "product:recovered"
    PRODUCT_ROLLED_BACK = "product:rolled_back"
    RUN_FAILED = "run:failed"
    TICKET_ANSWERED = "ticket:answered"
    TICKET_OPENED = "ticket:opened"
    WISH_ANSWERED = "wish:answered"
    WISH_ASSIGNED = "wish:assigned"


ABOUT_AGREEMENTS = frozenset(
    {
        NotificationKind.AGREEMENT_APPROVED,
        NotificationKind.AGREEMENT_DENIED,
        NotificationKind.AGREEMENT_EXPIRING,
        NotificationKind.AGREEMENT_NARROWED,
        NotificationKind.AGREEMENT_RENEWED,
        NotificationKind.AGREEMENT_REQUESTED,
        NotificationKind.AGREEMENT_REVOKED,
    }
)
"""The kinds that are about one request or the agreement that it became."""


ABOUT_WORDS = frozenset(
    {
        NotificationKind.TICKET_ANSWERED,
        NotificationKind.TICKET_OPENED,
        NotificationKind.WISH_ANSWERED,
        NotificationKind.WISH_ASSIGNED,
    }
)
"""The kinds that are about one ticket or wish: what people say of data."""

ABOUT_INCIDENTS = frozenset({NotificationKind.INCIDENT_OPENED, NotificationKind.INCIDENT_RESOLVED})
"""The kinds that are about one incident; what runs open is told as `run:failed`, `contract:broken` and so on."""


class DeliveryState(StrEnum):
    """What became of a notification on its way to one channel; keep sorted."""

    DEAD = "dead"
    DELIVERED = "delivered"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Notification:
    """What is to be told, written in the transaction of what happened: names and counts, never a cell value.

    `subject` is what it is about: `prod:sales/orders`, or the id of an agreement. `dataset_ids` are the identities of
    the datasets that it names; a receiver who may not discover one of them is told no name. `by` did it.
    """

    kind: NotificationKind
    subject: str
    domain: str
    by: str
    product: str = ""
    datasets: tuple[str, ...] = ()
    dataset_ids: tuple[str, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Kept:
    """A notification as the registry keeps it."""

    number: int
    at: datetime
    notification: Notification


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to tell somebody, of `notifications.channels`; `address` and `secret` say where a secret is.

    `kinds` and `domains` are those that are told here, all if empty; `to` are the teams and users for whom it is, and
    whoever reads one without `to` is told everything.
    """

    name: str
    address: str
    secret: str | None = None
    kinds: frozenset[NotificationKind] = frozenset()
    domains: frozenset[str] = frozenset()
    to: frozenset[str] = frozenset()

    def takes(self, notification: Notification, audience: frozenset[str]) -> bool:
        """Return whether something is told here, where `audience` are those who should hear of it.

        >>> failed = Notification(NotificationKind.RUN_FAILED, "prod:sales/orders", "sales", "product:sales/orders")
        >>> Channel("ops", "env:OPS").takes(failed, frozenset())
        True
        >>> Channel("sales", "env:SALES", to=frozenset({"team:sales"})).takes(failed, frozenset({"team:hr"}))
        False
        """
        return (
            (not self.kinds or notification.kind in self.kinds)
            and (not self.domains or notification.domain in self.domains)
            and (not self.to or bool(self.to & audience))
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification on its way to one channel. `is_named` says whether its receivers may know the names in it."""

    number: int
    channel: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_at: datetime
    delivered_at: datetime | None
    fault: str | None
    is_named: bool
    notification: Notification


@dataclass(frozen=True, slots=True)
class Message:
    """A notification in words, and as facts for programs. The same `id` is the same notification, sent again."""

    id: str
    title: str
    text: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """A channel as its operators see it: never its address. `fault` says why it cannot be used now."""

    name: str
    kinds: tuple[str, ...]
    domains: tuple[str, ...]
    to: tuple[str, ...]
    fault: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What one round of deliveries did."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0
