"""Attempts: how long somebody must wait who has failed to sign in, so that passwords cannot be tried out.

Three counts are kept, in the registry, so that all processes share them: of an account from one address, of an account
from anywhere, and of an address. An attempt counts before its password is looked at: else many at the same moment would
all be the first. Only the count of one account from one address leads to a real lock, and that of the account alone is
short and spares addresses from which the account was used: a stranger must not be able to lock anybody out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from ghala.errors import TooManyAttemptsError
from ghala.governance.administration import US
from ghala.registry import credentials
from ghala.registry.credentials import Attempts

if TYPE_CHECKING:
    from ghala.registry.identity import Transaction

FORGOTTEN_AFTER_S = 24 * 3600
_NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """So many free attempts; then each makes the wait twice as long, up to the longest."""

    free: int
    longest_s: int

    def wait_s(self, count: int) -> int:
        """Return how long the next attempt must wait after so many failed ones.

        >>> [Limit(5, 900).wait_s(count) for count in (5, 6, 7, 10, 15, 10_000)]
        [0, 2, 4, 32, 900, 900]
        """
        over = min(count - self.free, self.longest_s.bit_length())
        return 0 if over <= 0 else min(2**over, self.longest_s)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the three counts."""

    account_at_address: Limit = Limit(free=5, longest_s=900)
    account: Limit = Limit(free=20, longest_s=60)
    address: Limit = Limit(free=50, longest_s=900)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at an address who tries a name."""

    name: str
    address: str
    limits: Limits

    def count(self, connection: Transaction, now_us: int, *, is_known_address: bool) -> int:
        """Count it as failed before it is looked at, and return how long the next one must wait if it is.

        Raises:
            TooManyAttemptsError: it came too early; then it does not count, so that waiting always helps.
        """
        credentials.forget_old_attempts(connection, now_us - FORGOTTEN_AFTER_S * US)
        limits = self._limits()
        found = {key: credentials.find_attempts(connection, key) for key in limits}
        spared = self._account if is_known_address else None
        next_us = max(
            [attempts.next_us for key, attempts in found.items() if attempts and key != spared],
            default=0,
        )
        if now_us < next_us:
            wait_s = -((now_us - next_us) // US)
            raise TooManyAttemptsError(
                "signing in failed too often",
                hint=f"try again in {wait_s} s",
                retry_after_s=wait_s,
            )
        longest_s = 0
        for key, limit in limits.items():
            before = found[key]
            count = before.count + 1 if before else 1
            wait_s = limit.wait_s(count)
            longest_s = max(longest_s, 0 if key == spared else wait_s)
            attempts = Attempts(count, now_us, now_us + wait_s * US)
            credentials.set_attempts(connection, key, attempts)
        return longest_s

    def forgive(self, connection: Transaction) -> None:
        """Take it back: it succeeded. Of the address only this one, or an own account would reset its count."""
        credentials.forget_attempts(connection, self._account)
        credentials.forget_attempts(connection, self._account_at_address)
        found = credentials.find_attempts(connection, self._address)
        if found is not None:
            credentials.set_attempts(
                connection, self._address, Attempts(found.count - 1, found.last_us, 0)
            )

    def _limits(self) -> dict[str, Limit]:
        return {
            self._account_at_address: self.limits.account_at_address,
            self._account: self.limits.account,
            self._address: self.limits.address,
        }

    @property
    def _account(self) -> str:
        return _key("account", self.name.lower())

    @property
    def _address(self) -> str:
        return _key("address", network(self.address))

    @property
    def _account_at_address(self) -> str:
        return _key("both", self.name.lower(), network(self.address))


def network(address: str) -> str:
    """Return what one visitor can choose from: an IPv4 address, or the /64 of an IPv6 address.

    >>> network("2001:db8::1:2"), network("192.0.2.7"), network("::ffff:192.0.2.7"), network("somewhere")
    ('2001:db8::/64', '192.0.2.7', '192.0.2.7', 'somewhere')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    bits = _NETWORK_BITS
    return f"{IPv6Address(int(found) >> bits << bits)}/{bits}"


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
