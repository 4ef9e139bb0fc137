"""A registry that loses the answer of one commit, after or before it took place."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry


@dataclass(slots=True)
class LossyRegistry:
    """Loses the answer of the commit number `at`: after it took place if it `commits`, before otherwise."""

    registry: Registry
    commits: bool
    at: int
    calls: int = 0

    def read(self) -> AbstractContextManager[Transaction]:
        """Read as ever."""
        return self.registry.read()

    def epoch(self) -> int:
        """Return the epoch as ever."""
        return self.registry.epoch()

    def close(self) -> None:
        """Close the registry."""
        self.registry.close()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Write, and lose the answer if it is this one's turn."""
        self.calls += 1
        is_lost = self.calls == self.at
        try:
            with self.registry.write() as connection:
                yield connection
                _hang_up(is_lost=is_lost and not self.commits)
        except ConnectionError:
            raise StorageError("the registry hung up before it committed") from None
        if is_lost:
            raise StorageError("the registry hung up after it committed")


def _hang_up(*, is_lost: bool) -> None:
    if is_lost:
        raise ConnectionError
