"""Notifications: what the outbox holds is settled, sent through channels, tried again, and in the end given up.

A notification is written with what happened, so nothing is told that did not happen, and nothing is lost: it is
delivered at least once. Who receives one twice knows it by its id.
"""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ghala.errors import GhalaError, NotFoundError, UsageError
from ghala.governance.administration import US, record, require
from ghala.governance.notification_clock import LOOK_S, delivering
from ghala.governance.notification_text import message_of, tested_message
from ghala.model.audit import AuditTag
from ghala.model.notification import ChannelStatus, DeliveryState, Told
from ghala.model.policy import Action
from ghala.registry import events, outbox
from ghala.registry.registry import read_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from ghala.governance.notification_routing import Routing
    from ghala.model.notification import Channel, Delivery, Message
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry

_LOG = logging.getLogger(__name__)

MOST_ATTEMPTS = 20
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 3600
"""20 tries, each after twice as long, at most an hour: a receiver may be down for half a day."""
GIVEN_UP_S = 3 * 24 * 3600
"""What nobody could try for so long is old news: its channel is gone, or its address is not to be read."""
KEPT_S = 90 * 24 * 3600
EVENTS_KEPT_S = 7 * 24 * 3600
"""Who looks at a page again after so long looks at all of it."""
LEASE_S = 120
BATCH = 20
SOON_S = 15.0
"""How long a run waits at its end until people are told."""
ROUND_S = 60.0
_MOST_FAULTS = 2
"""After so many in a row a channel is left alone for this round: its receiver is down, or one message is bad."""
MOST_LISTED = 500


class Sender(Protocol):
    """Sends messages to one address after the other; an open one belongs to one thread."""

    def open(
        self, address: str, secret: str | None, is_stopped: Callable[[], bool]
    ) -> AbstractContextManager[Callable[[Message], str | None]]:
        """Return what sends a message and says why it could not, without the address; None if it could."""


@dataclass(frozen=True, slots=True)
class Notifications:
    """The notifications of one registry.

    `read_secret` returns what `env:NAME` or `file:PATH` refers to, or raises UsageError.
    """

    routing: Routing
    sender: Sender
    read_secret: Callable[[str], str]
    workspace: str
    public_url: str | None = None
    _holder: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)

    @property
    def registry(self) -> Registry:
        """The registry whose outbox it is."""
        return self.routing.registry

    @property
    def channels(self) -> Sequence[Channel]:
        """The channels of the settings."""
        return self.routing.channels

    def now_us(self) -> int:
        """Return the time in microseconds since 1970, UTC."""
        return self.routing.now_us()

    # What a program does by itself.

    def deliver(self, *, within_s: float, is_stopped: Callable[[], bool] = lambda: False) -> Told:
        """Find out whom to tell what, and send what is due, for so long at most.

        Raises:
            GhalaError: the registry is out of reach, or the definitions are wrong.
        """
        began_s = time.monotonic()
        usable = {
            channel.name: channel for channel in self.channels if self._fault(channel) is None
        }
        with self.registry.read() as connection:
            has_work = outbox.has_work(connection, usable, self.now_us())
        if not has_work:
            return Told()
        self.routing.settle()

        def is_over() -> bool:
            return is_stopped() or time.monotonic() - began_s >= within_s

        delivered = failed = dead = 0
        while not is_over():
            claimed = self._claim(usable)
            if not claimed:
                break
            # Well before somebody else may take over what was claimed.
            ends_s = time.monotonic() + ROUND_S
            for name in dict.fromkeys(one.channel for one in claimed):
                mine = [one for one in claimed if one.channel == name]
                told = self._send(usable[name], mine, ends_s, is_over)
                delivered += told.delivered
                failed += told.failed
                dead += told.dead
        return Told(delivered, failed, dead)

    def keep_up(self) -> None:
        """Note what ends soon, and clear away what is past."""
        self.routing.note_expiring()
        self.clear()

    def deliver_soon(self) -> None:
        """Deliver at the end of a run: without a server nobody else may. Failures are logged, never raised."""
        if not self.channels:
            return
        try:
            self.keep_up()
            self.deliver(within_s=SOON_S)
        except GhalaError as error:
            _LOG.warning("no notification could be delivered: %s", error)

    def delivering(self, look_s: float = LOOK_S) -> AbstractContextManager[None]:
        """Deliver what comes while the block runs."""

        def deliver(is_stopped: Callable[[], bool]) -> None:
            self.deliver(within_s=ROUND_S, is_stopped=is_stopped)

        return delivering(deliver, self.keep_up, look_s)

    def clear(self) -> int:
        """Give up what nobody could deliver for days, forget what is long past, and return how many were given up."""
        now_us = self.now_us()
        with self.registry.write() as connection:
            fault = "nobody could try for three days: its channel is gone, or its address cannot be read"
            given_up = outbox.give_up(connection, now_us - GIVEN_UP_S * US, now_us, fault)
            outbox.forget(connection, now_us - KEPT_S * US)
            events.forget(connection, now_us - EVENTS_KEPT_S * US)
        return given_up

    def counts(self) -> Mapping[DeliveryState, int]:
        """Return how many deliveries are in each state."""
        with self.registry.read() as connection:
            return outbox.counts(connection)

    # What administrators do.

    def deliveries(
        self, *, by: Principal, state: str | None = None, limit: int = 50
    ) -> tuple[Delivery, ...]:
        """Return what is or was on its way, newest first.

        Raises:
            DeniedError: `by` is no administrator.
            UsageError: there is no such state.
        """
        if state is not None and state not in set(DeliveryState):
            raise UsageError(
                f"`{state[:80]}` is no state of a delivery", hint=f"use {', '.join(DeliveryState)}"
            )
        with self.registry.read() as connection:
            require(connection, by, Action.NOTIFICATION_MANAGE, self.now_us())
            wanted = None if state is None else DeliveryState(state)
            return outbox.deliveries(connection, wanted, min(limit, MOST_LISTED))

    def statuses(self, *, by: Principal) -> tuple[ChannelStatus, ...]:
        """Return the channels, and whether each can be used by this process.

        Raises:
            DeniedError: `by` is no administrator.
        """
        with self.registry.read() as connection:
            require(connection, by, Action.NOTIFICATION_MANAGE, self.now_us())
        return tuple(
            ChannelStatus(
                channel.name,
                tuple(sorted(channel.kinds)),
                tuple(sorted(channel.domains)),
                tuple(sorted(channel.to)),
                self._fault(channel),
            )
            for channel in self.channels
        )

    def retry(self, number: int, *, by: Principal) -> Delivery:
        """Let a delivery that was given up be tried again.

        Raises:
            DeniedError: `by` is no administrator.
            NotFoundError: there is no such delivery.
            UsageError: it was not given up.
        """
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.NOTIFICATION_MANAGE, now_us)
            found = outbox.find_delivery(connection, number)
            if found is None:
                raise NotFoundError(
                    "there is no such delivery", hint="`ghala notify list` names them"
                )
            if not outbox.revive(connection, number, now_us):
                raise UsageError(
                    f"the delivery {number} is {found.state}", hint="only a dead one is tried again"
                )
            record(connection, AuditTag.DELIVERY_RETRIED, by, [found.channel], {"number": number})
            changed = outbox.find_delivery(connection, number)
        return changed or found

    def test(self, name: str, *, by: Principal) -> str | None:
        """Send a test through a channel, and return why it could not be sent; None if it could.

        Raises:
            DeniedError: `by` is no administrator.
            NotFoundError: there is no such channel.
        """
        with self.registry.write() as connection:
            require(connection, by, Action.NOTIFICATION_MANAGE, self.now_us())
            channel = next((one for one in self.channels if one.name == name), None)
            if channel is None:
                known = ", ".join(f"`{one.name}`" for one in self.channels)
                raise NotFoundError(
                    f"there is no channel `{name[:80]}`",
                    hint=f"use {known}" if known else "name one in `notifications.channels`",
                )
            record(connection, AuditTag.CHANNEL_TESTED, by, [name], {})
        if fault := self._fault(channel):
            return fault
        message = tested_message(name, self.workspace, secrets.token_hex(8))
        with self.sender.open(*self._opened(channel), lambda: False) as send:
            return send(message)

    def _claim(self, usable: Iterable[str]) -> tuple[Delivery, ...]:
        with self.registry.write() as connection:
            now_us = self.now_us()
            return outbox.claim(
                connection,
                tuple(usable),
                self._holder,
                now_us=now_us,
                until_us=now_us + LEASE_S * US,
                limit=BATCH,
            )

    def _send(
        self,
        channel: Channel,
        mine: Sequence[Delivery],
        ends_s: float,
        is_over: Callable[[], bool],
    ) -> Told:
        with self.registry.read() as connection:
            registry = read_id(connection)
        left, faults, delivered, dead = list(mine), 0, 0, 0
        try:
            with self.sender.open(*self._opened(channel), is_over) as send:
                while left and not is_over() and faults < _MOST_FAULTS:
                    if time.monotonic() > ends_s:
                        break
                    fault = send(message_of(left[0], registry, self.public_url))
                    if fault is not None and is_over():
                        # It was cut short, which is not the receiver's fault.
                        break
                    one = left.pop(0)
                    dead += self._finish(one, fault)
                    delivered, faults = delivered + (not fault), faults + 1 if fault else 0
        finally:
            wait_us = FIRST_WAIT_S * US if faults >= _MOST_FAULTS else 0
            with self.registry.write() as connection:
                numbers = [one.number for one in left]
                outbox.give_back(connection, numbers, self._holder, self.now_us() + wait_us)
        return Told(delivered, len(mine) - len(left) - delivered, dead)

    def _finish(self, delivery: Delivery, fault: str | None) -> bool:
        """Note how a try ended, and return whether it was the last."""
        now_us = self.now_us()
        is_last = delivery.attempts >= MOST_ATTEMPTS
        state = DeliveryState.DELIVERED
        if fault is not None:
            state = DeliveryState.DEAD if is_last else DeliveryState.WAITING
            _LOG.warning(
                "channel %s: try %d of a notification failed: %s",
                delivery.channel,
                delivery.attempts,
                fault,
            )
        wait_s = min(FIRST_WAIT_S * 2 ** (delivery.attempts - 1), LONGEST_WAIT_S)
        with self.registry.write() as connection:
            outbox.finish(
                connection,
                delivery.number,
                self._holder,
                state,
                now_us=now_us,
                next_us=now_us + wait_s * US,
                fault=fault,
            )
        return state is DeliveryState.DEAD

    def _fault(self, channel: Channel) -> str | None:
        try:
            self._opened(channel)
        except GhalaError as error:
            return str(error)
        return None

    def _opened(self, channel: Channel) -> tuple[str, str | None]:
        address = self.read_secret(channel.address)
        return address, None if channel.secret is None else self.read_secret(channel.secret)
