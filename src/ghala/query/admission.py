"""Who may ask now: so many questions run at once, so many of one principal, and those that wait come in turn."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from ghala.errors import BusyError, QuotaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ghala.engines.stop import Stop

PLACES = 8
PLACES_EACH = 4
WAITING_EACH = 16
WAIT_S = 60.0


@dataclass(slots=True, eq=False)
class Turn:
    """One question's turn: it waits until it has a place."""

    who: str
    wake: Callable[[], None]
    has_place: bool = False


@dataclass(slots=True)
class Admission:
    """Shares the places among principals. Safe between threads.

    A principal never has more than `each` of them, so that nobody's long questions keep all others out; where several
    wait, each principal's oldest question comes in turn, however many it has waiting.
    """

    places: int = PLACES
    each: int = PLACES_EACH
    waiting_each: int = WAITING_EACH
    _running: Counter[str] = field(default_factory=Counter, repr=False)
    _waiting: OrderedDict[str, deque[Turn]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @contextmanager
    def place(self, who: str, stop: Stop, wait_s: float = WAIT_S) -> Iterator[None]:
        """Wait for a place, and keep it until the end of the block.

        Raises:
            QuotaError: the principal has too many questions waiting already.
            BusyError: no place was free in time.
            GhalaError: the question shall stop.
        """
        # Not an event: whoever sets one holds the lock that whoever is woken by it needs next.
        woken: SimpleQueue[None] = SimpleQueue()

        def wake() -> None:
            woken.put(None)

        turn = self.enter(who, wake)
        try:
            if not turn.has_place:
                stop.tell(wake)
                with suppress(Empty):
                    woken.get(timeout=wait_s)
            stop.check()
            if not turn.has_place:
                raise BusyError(
                    "too many questions are running", hint="try again in a moment", retry_after_s=5
                )
            yield
        finally:
            self.leave(turn)

    def enter(self, who: str, wake: Callable[[], None]) -> Turn:
        """Begin to wait; `wake` is called once there is a place. End with `leave`, in any case.

        Raises:
            QuotaError: the principal has too many questions waiting already.
        """
        turn = Turn(who, wake)
        with self._lock:
            queue = self._waiting.setdefault(who, deque())
            if len(queue) >= self.waiting_each:
                raise QuotaError(
                    f"{who} has {self.waiting_each} questions waiting already",
                    hint="let one of them end first",
                    retry_after_s=1,
                )
            queue.append(turn)
            woken = self._give_places()
        _wake(woken)
        return turn

    def counts(self) -> tuple[int, int]:
        """Return how many questions run, and how many wait."""
        with self._lock:
            return self._running.total(), sum(map(len, self._waiting.values()))

    def leave(self, turn: Turn) -> None:
        """Give a place back, or stop waiting for one."""
        with self._lock:
            if turn.has_place:
                self._running[turn.who] -= 1
                if not self._running[turn.who]:
                    del self._running[turn.who]
            else:
                self._waiting[turn.who].remove(turn)
                self._forget_empty(turn.who)
            woken = self._give_places()
        _wake(woken)

    def _give_places(self) -> list[Turn]:
        given = []
        while self._running.total() < self.places:
            next_one = next((one for one in self._waiting if self._running[one] < self.each), None)
            if next_one is None:
                break
            turn = self._waiting[next_one].popleft()
            turn.has_place = True
            self._running[next_one] += 1
            given.append(turn)
            # Whoever came once stands behind all others.
            self._waiting.move_to_end(next_one)
            self._forget_empty(next_one)
        return given

    def _forget_empty(self, who: str) -> None:
        if not self._waiting[who]:
            del self._waiting[who]


def _wake(turns: list[Turn]) -> None:
    # Not while the lock is held: whoever wakes may leave at once.
    for turn in turns:
        turn.wake()
