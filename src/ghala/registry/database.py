"""What the two databases that can hold a registry do each in their own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DBAPIError

    from ghala.errors import StorageError

BUSY_TIMEOUT_S = 60
"""How long a transaction waits for its turn to write; far longer than any transaction takes."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a database says about itself: `version` for people, and its first `fault` with what to do."""

    version: str
    fault: str | None = None
    hint: str | None = None


class Database(Protocol):
    """A database that holds one registry.

    An implementation gives two engines: `reading` begins transactions that see one consistent state and cannot write,
    `writing` begins transactions of which `take_turn` lets one through at a time, each of which sees all that the ones
    before it wrote. Its commits are durable when they return. What a statement means must not depend on which database
    it is: text is ordered by its bytes, and its case counts.
    """

    @property
    def is_at_hand(self) -> bool:
        """Whether it is of this machine: `epoch` waits for no network."""

    @property
    def reading(self) -> Engine:
        """The engine whose transactions cannot write."""

    @property
    def writing(self) -> Engine:
        """The engine whose transactions write, one at a time."""

    def take_turn(self, connection: Connection, *, upgrades: bool) -> None:
        """Wait until nobody else writes; with `upgrades`, the tables may not be there yet."""

    def epoch(self) -> int:
        """Return the epoch as it is this moment, in the way that costs least."""

    def refusal(self, error: DBAPIError) -> StorageError:
        """Say what the database refused; the words hold no parameter and no secret."""

    def examine(self, connection: Connection) -> Examination:
        """Look for what makes the database unreliable."""

    def close(self) -> None:
        """Close all connections."""
