"""Agreements whose time has passed: said once, in their history and in the audit chain, by whichever process sees it.

Nothing waits for this: every decision compares an agreement's end with the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.governance.access_log import note_expired
from ghala.governance.audit_clock import every
from ghala.registry import agreements
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ghala.registry.registry import Registry

EVERY_S = 10.0
_MOST = 100
"""So many are noted in one transaction: others must get their turn."""


@dataclass(frozen=True, slots=True)
class Expiries:
    """Notes the ends of the agreements of one registry."""

    registry: Registry
    now_us: Callable[[], int]

    def note(self) -> int:
        """Note what has ended and was not noted yet, and return how many agreements that were."""
        count = 0
        while True:
            now_us = self.now_us()
            with self.registry.read() as connection:
                if not agreements.expired(connection, now_us, 1):
                    return count
            with self.registry.write() as connection:
                # Looked up again: another process may have had its turn before.
                for one in agreements.expired(connection, now_us, _MOST):
                    at = agreements.next_time_us(connection, one.id, agreements.as_us(one.until))
                    note_expired(connection, one, as_time(at))
                    count += 1

    def noted_every(self, seconds: float = EVERY_S) -> AbstractContextManager[None]:
        """Note within the block, every so often, what has ended."""
        failed = "the end of agreements could not be noted"
        return every(seconds, self.note, name="expiries", failed=failed)
