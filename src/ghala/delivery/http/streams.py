"""Open streams of events: how many there may be, and the one look a moment for all of them at what moved."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import CapacityLimiter

from ghala.delivery.http.sync import call
from ghala.errors import BusyError, GhalaError, QuotaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.delivery.http.event_ids import EventIds
    from ghala.governance.events import Events
    from ghala.governance.proof import Proofs
    from ghala.model.event import Event
    from ghala.model.principal import Principal

LOOK_S = 0.25
MOST_EACH = 10
MOST_STREAMS = 1000
BLIND_LOOKS = 8
"""So often in turn the registry may be unreadable; then nobody knows what was withdrawn."""
_TAIL = 1000
_AT_ONCE = 4
_LOG = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Listening:
    """One open stream, as it is woken: something happened, rights moved, or the server stops."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_gone: bool = False
    is_lost: bool = False
    """Nobody can say any more what its reader may know."""


@dataclass(slots=True)
class Streams:
    """The streams of one server process. For one thread, that of the loop."""

    events: Events
    proofs: Proofs
    ids: EventIds
    look_s: float = LOOK_S
    most_each: int = MOST_EACH
    most: int = MOST_STREAMS
    epoch: int = -1
    is_over: bool = False
    """Set when the server stops."""
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_AT_ONCE))
    _open: set[Listening] = field(default_factory=set, repr=False)
    _each: Counter[str] = field(default_factory=Counter, repr=False)
    _newest: int | None = field(default=None, repr=False)
    _tail: deque[Event] = field(default_factory=lambda: deque(maxlen=_TAIL), repr=False)
    _begins: int = field(default=0, repr=False)
    """All that happened after this is in the tail."""
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    @contextmanager
    def listening(self, principal: Principal) -> Iterator[Listening]:
        """Count a stream while it is open.

        Raises:
            QuotaError: the principal has too many.
            BusyError: there are too many.
        """
        if self.is_over or len(self._open) >= self.most:
            raise BusyError(
                "so many streams are open that there is no room", hint="ask again later"
            )
        if self._each[principal.id] >= self.most_each:
            raise QuotaError(
                f"{self.most_each} streams of {principal.id} are open already",
                hint="close one; several pages can share one",
                retry_after_s=5,
            )
        one = Listening()
        self._open.add(one)
        self._each[principal.id] += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow())
        try:
            yield one
        finally:
            self._open.discard(one)
            self._each[principal.id] -= 1
            if not self._each[principal.id]:
                del self._each[principal.id]

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    def close(self) -> None:
        """End all of them: each says so and ends."""
        self.is_over = True
        self._wake()

    def recent(self, after: int) -> tuple[Event, ...] | None:
        """Return all events after one, whoever may know them, if all streams have read them already; else None."""
        if self._newest is None or not self._begins <= after <= self._newest:
            return None
        return tuple(one for one in self._tail if one.number > after)

    def has_news(self, after: int) -> bool:
        """Return whether anything happened after an event, whoever may know it."""
        return self._newest is None or self._newest > after

    async def _follow(self) -> None:
        blind = 0
        while self._open and not self.is_over:
            try:
                await self._look()
                blind = 0
            except GhalaError as error:
                blind += 1
                if blind == 1:
                    _LOG.warning("events cannot be read: %s", error.code)
                if blind >= BLIND_LOOKS:
                    self._give_up()
                    return
            await asyncio.sleep(self.look_s)
        # What was read is not followed any more: the next stream begins anew.
        self._newest = None

    async def _look(self) -> None:
        seen = await call(self.limiter, self.events.look)
        has_moved = seen.epoch != self.epoch
        if self._newest is None or seen.newest < self._newest:
            self._tail.clear()
            self._newest = self._begins = seen.newest
            has_moved = True
        while self._newest < seen.newest:
            found = await call(self.limiter, self.events.read, self._newest)
            if not found:
                break
            has_moved = True
            overflow = len(self._tail) + len(found) - _TAIL
            if overflow > 0:
                self._begins = ([*self._tail, *found])[overflow - 1].number
            self._tail.extend(found)
            self._newest = found[-1].number
        self.epoch = seen.epoch
        if has_moved:
            self._wake()

    def _give_up(self) -> None:
        # Those that are open end; whoever comes after that is looked at again.
        self._newest = None
        for one in tuple(self._open):
            one.is_lost = True
            one.woken.set()

    def _wake(self) -> None:
        for one in self._open:
            one.woken.set()
