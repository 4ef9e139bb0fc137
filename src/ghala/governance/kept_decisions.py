"""Decisions that are kept for a while: what was decided holds until something moves that it depends on."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

Value = TypeVar("Value")
MOST = 10_000
"""Kept decisions; the one that was used longest ago makes room."""


class KeptDecisions(Generic[Value]):
    """Keeps what was decided by a key, within one world and until a time. Safe between threads.

    The world is compared by identity: it is too large to compare whole.

    >>> from datetime import UTC, datetime, timedelta
    >>> now, world, kept = datetime(2026, 1, 1, tzinfo=UTC), object(), KeptDecisions()
    >>> kept.get("a", world, now, lambda: (1, now + timedelta(seconds=1)))
    1
    >>> kept.get("a", world, now, lambda: (2, None)), kept.get("a", object(), now, lambda: (3, None))
    (1, 3)
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[object, datetime | None, Value]] = OrderedDict()
        self._lock = Lock()

    def get(
        self,
        key: Hashable,
        world: object,
        now: datetime,
        make: Callable[[], tuple[Value, datetime | None]],
    ) -> Value:
        """Return what is kept, or made now with the time until which it holds (None: for as long as the world)."""
        found = self._find(key, world, now)
        if found is not None:
            return found[0]
        value, until = make()
        with self._lock:
            self._kept[key] = (world, until, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value

    def find(self, key: Hashable, world: object, now: datetime) -> Value | None:
        """Return what is kept; None if nothing is."""
        found = self._find(key, world, now)
        return None if found is None else found[0]

    def _find(self, key: Hashable, world: object, now: datetime) -> tuple[Value] | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] is not world or not (found[1] is None or now < found[1]):
                return None
            self._kept.move_to_end(key)
            return (found[2],)
