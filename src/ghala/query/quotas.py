"""How much one principal may ask for one purpose: questions in a minute, bytes of answers in a day."""

from __future__ import annotations

import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING

from ghala.errors import QuotaError
from ghala.registry import questions
from ghala.registry.registry import now_us as clock_us

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry

MINUTE_S = 60.0
_DAY_US = 86_400_000_000
_MOST_ASKERS = 10_000


@dataclass(slots=True)
class Taking:
    """What one answer takes of a day's bytes; `left` None is no limit."""

    left: int | None
    retry_after_s: int
    count: int = 0

    def take(self, count: int) -> None:
        """Count bytes of the answer.

        Raises:
            QuotaError: they are more than are left of the day.
        """
        self.count += count
        if self.left is not None and self.count > self.left:
            raise QuotaError(
                "the answer has more bytes than are left for today",
                hint="ask for less, or wait for the next day (UTC); `limits.bytes_per_day` is the operator's",
                retry_after_s=self.retry_after_s,
            )


@dataclass(slots=True)
class Quotas:
    """The quotas of one server; bytes are counted in the registry, for all servers. Safe between threads."""

    registry: Registry
    questions_per_minute: int | None = None
    bytes_per_day: int | None = None
    now_s: Callable[[], float] = time.monotonic
    now_us: Callable[[], int] = clock_us
    _asked: dict[tuple[str, str], deque[float]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def ask(self, principal: Principal) -> None:
        """Count a question.

        Raises:
            QuotaError: the principal asked as often as it may.
        """
        if self.questions_per_minute is None:
            return
        now_s = self.now_s()
        with self._lock:
            if len(self._asked) > _MOST_ASKERS:
                self._forget(now_s)
            asked = self._asked.setdefault((principal.id, principal.purpose), deque())
            while asked and asked[0] <= now_s - MINUTE_S:
                asked.popleft()
            if len(asked) >= self.questions_per_minute:
                wait_s = max(1, ceil(asked[0] + MINUTE_S - now_s))
                raise QuotaError(
                    f"{principal.id} asked {self.questions_per_minute} questions within a minute",
                    hint=f"ask again in {wait_s} s; `limits.questions_per_minute` is the operator's",
                    retry_after_s=wait_s,
                )
            asked.append(now_s)

    @contextmanager
    def taking(self, principal: Principal) -> Iterator[Taking]:
        """Count what the answer in the block takes, also where it fails in the middle.

        Raises:
            QuotaError: nothing is left of the day.
        """
        if self.bytes_per_day is None:
            yield Taking(None, 0)
            return
        day, into_us = divmod(self.now_us(), _DAY_US)
        with self.registry.read() as connection:
            before = questions.taken(connection, principal.id, principal.purpose, day)
        taking = Taking(self.bytes_per_day - before, (_DAY_US - into_us) // 1_000_000 + 1)
        taking.take(0)
        try:
            yield taking
        finally:
            if taking.count:
                with self.registry.write() as connection:
                    questions.take(connection, principal.id, principal.purpose, day, taking.count)

    def _forget(self, now_s: float) -> None:
        for key in [key for key, asked in self._asked.items() if asked[-1] <= now_s - MINUTE_S]:
            del self._asked[key]
