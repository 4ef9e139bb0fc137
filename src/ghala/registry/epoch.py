"""The epoch as a long-lived process knows it: looked up a few times a second, not with every decision."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from ghala.registry.registry import read_epoch

if TYPE_CHECKING:
    from ghala.registry.registry import Registry


@dataclass(slots=True)
class EpochWatch:
    """Knows the epoch as it was at most `fresh_s` ago. Safe between threads."""

    registry: Registry
    fresh_s: float = 0.2
    _value: int | None = None
    _read_at_s: float = 0.0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def now(self) -> int:
        """Return the epoch.

        Raises:
            StorageError: the registry cannot be read.
        """
        value = self._value
        if value is not None and time.monotonic() - self._read_at_s < self.fresh_s:
            return value
        with self._lock:
            value, begun_s = self._value, time.monotonic()
            if value is None or begun_s - self._read_at_s >= self.fresh_s:
                with self.registry.read() as connection:
                    value = read_epoch(connection)
                self._value, self._read_at_s = value, begun_s
            return value

    def fresh(self) -> int:
        """Return the epoch as it is this moment.

        Raises:
            StorageError: the registry cannot be read.
        """
        self.forget()
        return self.now()

    def forget(self) -> None:
        """Look it up the next time: this process has moved it."""
        self._value = None
