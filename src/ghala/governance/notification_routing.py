"""What the outbox holds, given to the channels that tell it: to whom it matters, with names that they may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.governance.administration import US
from ghala.governance.notification_audience import People, find_audience, may_name
from ghala.model.notification import Notification, NotificationKind
from ghala.registry import agreements, outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.governance.decider import EndpointDecider
    from ghala.model.notification import Channel, Kept
    from ghala.model.purpose import Purpose
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

NEWS_S = 3 * 24 * 3600
"""What happened longer ago is no news: nobody told it while there was no channel for it."""
_SETTLED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Routing:
    """Finds out whom to tell what.

    `expiring_days` is how long before its end somebody is told of an agreement's end; 0 for never.
    """

    registry: Registry
    definitions: Callable[[], Definitions]
    decider: EndpointDecider
    purposes: Callable[[], Mapping[str, Purpose]]
    channels: Sequence[Channel]
    expiring_days: int
    now_us: Callable[[], int]

    def settle(self) -> int:
        """Find out of what happened whom to tell, and return how many notifications that were."""
        settled = 0
        while True:
            with self.registry.read() as connection:
                found = outbox.unsettled(connection, _SETTLED_AT_ONCE)
            if not found:
                return settled
            routes = self._routes(found)
            with self.registry.write() as connection:
                for number, channels in routes.items():
                    outbox.settle(connection, number, channels, self.now_us())
            settled += len(found)

    def note_expiring(self) -> int:
        """Put on record which agreements end soon, each once, and return how many are new."""
        if not self.expiring_days:
            return 0
        now_us, soon_us = self.now_us(), self.expiring_days * 24 * 3600 * US
        with self.registry.read() as connection:
            found = agreements.ending(connection, now_us, now_us + soon_us)
        # One that was made for a shorter time is no news.
        late = [one for one in found if (one.until - one.since).total_seconds() * US > soon_us]
        noted, kind = 0, NotificationKind.AGREEMENT_EXPIRING
        for agreement in late:
            # Renewed, it ends at another time, and that is another thing to be told.
            subject = f"{agreement.id}@{agreement.until.isoformat()}"
            with self.registry.read() as connection:
                if outbox.last_us(connection, kind, subject) is not None:
                    continue
            facts = {
                "agreement": agreement.id,
                "grantee": agreement.grantee,
                "until": agreement.until.isoformat(),
            }
            made = Notification(
                kind=kind,
                subject=subject,
                domain=agreement.dataset.domain,
                by="time",
                datasets=(str(agreement.dataset),),
                facts=facts,
            )
            with self.registry.write() as connection:
                if outbox.last_us(connection, kind, subject) is None:
                    outbox.add(connection, made, now_us)
                    noted += 1
        return noted

    def _routes(self, found: Sequence[Kept]) -> dict[int, dict[str, bool]]:
        """Return for each notification the channels that tell it, and whether each may have the names."""
        now_us, definitions = self.now_us(), self.definitions()
        old_us = now_us - NEWS_S * US
        with self.registry.read() as connection:
            people = People.of(connection, now_us)
            heard = {
                one.number: find_audience(connection, people, definitions, one.notification, now_us)
                for one in found
            }
        purposes = tuple(self.purposes())
        routes: dict[int, dict[str, bool]] = {}
        for one in found:
            audience = heard[one.number]
            # What happened long before there was a channel is no news.
            is_told = not audience.is_moot and one.at.timestamp() * US > old_us
            routes[one.number] = {
                channel.name: not channel.to
                or may_name(
                    self.decider,
                    people,
                    definitions,
                    channel.to,
                    audience=audience,
                    purposes=purposes,
                )
                for channel in self.channels
                if is_told and channel.takes(one.notification, audience.ids)
            }
        return routes
