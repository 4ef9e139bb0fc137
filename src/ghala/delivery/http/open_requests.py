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
PRESENTED_TIMES = 4
"""So many times the share may present a cookie or token: people behind an address that is used up are let in."""
MINUTE_S = 60.0
MOST_ADDRESSES = 20_000


_Key = tuple[str, bool]


@dataclass(slots=True)
class OpenRequests:
    """Counts them: `per_minute` at once, then evenly. For one thread, that of the loop.

    Each request is counted before it is known whether somebody signed it, and given back once that was proved. Where
    an address has used up its share, a request that presents something has another one in which to prove it.

    This machine's own addresses are free: behind a proxy that hides its clients, all of them would share one count.

    >>> clock = iter([0.0, 0.0, 30.0])
    >>> requests = OpenRequests(1, lambda: next(clock))
    >>> counted = requests.count("192.0.2.1")
    >>> requests.count("192.0.2.1")
    Traceback (most recent call last):
    ghala.errors.QuotaError: too many requests from this address
    """

    per_minute: int
    now_s: Callable[[], float] = time.monotonic
    _left: OrderedDict[_Key, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)

    def count(self, address: str, *, is_presenting: bool = False) -> _Key | None:
        """Count a request, and return what `give_back` takes; `is_presenting` says that it carries a credential.

        Raises:
            QuotaError: there were too many.
        """
        if _is_own(address):
            return None
        who = network(address)
        wait_s = 0
        for key in [(who, False), (who, True)][: 1 + is_presenting]:
            wait_s = self._take(key)
            if not wait_s:
                return key
        raise QuotaError(
            "too many requests from this address",
            hint=f"try again in {wait_s} s, or sign in",
            retry_after_s=wait_s,
        )

    def give_back(self, key: _Key) -> None:
        """Count a request no longer: somebody signed it."""
        kept = self._left.get(key)
        if kept is not None:
            self._left[key] = (min(self._share(key), kept[0] + 1), kept[1])

    def _take(self, key: _Key) -> int:
        """Take one of a share, and return 0; or how many seconds it is until there is one again."""
        share, now_s = self._share(key), self.now_s()
        left, at_s = self._left.pop(key, (float(share), now_s))
        left = min(share, left + (now_s - at_s) * share / MINUTE_S)
        self._left[key] = (left if left < 1 else left - 1, now_s)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return 0 if left >= 1 else int((1 - left) * MINUTE_S / share) + 1

    def _share(self, key: _Key) -> int:
        return self.per_minute * (PRESENTED_TIMES if key[1] else 1)


def _is_own(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
