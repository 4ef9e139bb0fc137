"""How many requests one address may send that nobody has signed: signing in, health, whatever is refused."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from ghala.errors import QuotaError
from ghala.governance.attempts import network

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN_REQUESTS = 600
MINUTE_S = 60.0
MOST_ADDRESSES = 20_000


@dataclass(slots=True)
class OpenRequests:
    """Counts them: `per_minute` at once, then evenly. For one thread, that of the loop.

    This machine's own addresses are free: behind a proxy that hides its clients, all of them would share one count.

    >>> clock = iter([0.0, 0.0, 30.0])
    >>> requests = OpenRequests(1, lambda: next(clock))
    >>> requests.count("192.0.2.1")
    >>> requests.count("192.0.2.1")
    Traceback (most recent call last):
    ghala.errors.QuotaError: too many requests from this address
    """

    per_minute: int
    now_s: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)

    def count(self, address: str) -> None:
        """Count a request.

        Raises:
            QuotaError: there were too many.
        """
        who = network(address)
        if _is_own(address):
            return
        now_s = self.now_s()
        left, at_s = self._left.pop(who, (float(self.per_minute), now_s))
        left = min(self.per_minute, left + (now_s - at_s) * self.per_minute / MINUTE_S)
        self._left[who] = (max(0.0, left - 1), now_s)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        if left < 1:
            wait_s = int((1 - left) * MINUTE_S / self.per_minute) + 1
            raise QuotaError(
                "too many requests from this address",
                hint=f"try again in {wait_s} s, or sign in",
                retry_after_s=wait_s,
            )


def _is_own(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
