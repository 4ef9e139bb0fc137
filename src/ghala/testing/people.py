"""A registry with people in it, and a clock that a test sets: what tests of identity begin with."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ghala.governance.attempts import Limits
from ghala.governance.identity import Identity
from ghala.governance.passwords import Passwords
from ghala.model.principal import OWNER_LOCAL
from ghala.model.purpose import BUILT_IN
from ghala.registry.registry import open_registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ghala.model.principal import Principal
    from ghala.model.session import BegunSession
    from ghala.registry.registry import Registry

PASSWORD = "tall ships sail"  # noqa: S105 - of nobody
ANOTHER = "nine brown bears"
ADDRESS = "192.0.2.7"
START_US = 1_800_000_000_000_000


def cheap_passwords() -> Passwords:
    """Return passwords that cost next to nothing: tests hash many."""
    return Passwords(memory_kib=8, passes=1, lanes=1)


@dataclass(slots=True)
class Clock:
    """A clock that stands until a test moves it."""

    us: int = START_US

    def __call__(self) -> int:
        """Return the time in microseconds since 1970."""
        return self.us

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.us += int(seconds * 1_000_000)


@dataclass
class People:
    """Identity over a registry of its own."""

    registry: Registry
    owners: dict[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def identity(self) -> Identity:
        """The parts that are tested."""
        return Identity.over(
            self.registry,
            purposes=lambda: {purpose.name: purpose for purpose in BUILT_IN},
            owners=lambda: self.owners,
            passwords=cheap_passwords(),
            limits=self.limits,
            now_us=self.clock,
        )

    def add(self, *names: str) -> None:
        """Add users, all with the same password."""
        for name in names:
            self.identity.accounts.add(name, by=OWNER_LOCAL, password=PASSWORD)

    def sign_in(
        self, name: str = "amina", password: str = PASSWORD, address: str = ADDRESS
    ) -> BegunSession:
        """Sign in for analytics."""
        return self.identity.sign_in.sign_in(name, password, purpose="analytics", address=address)

    def principal(self, name: str = "amina") -> Principal:
        """Return a user who has just signed in."""
        return self.identity.sessions.check(self.sign_in(name).cookie.value).principal

    def administrator(self, name: str = "boss") -> Principal:
        """Return a new user who has signed in and has taken the administrator's role."""
        self.add(name)
        self.identity.roles.assign(name, "administrator", by=OWNER_LOCAL)
        self.identity.roles.take(name, "administrator", minutes=60, reason="test", by=OWNER_LOCAL)
        return self.principal(name)

    def tags(self) -> list[str]:
        """Return the tags of the audit, in order."""
        with self.registry.read() as connection:
            statement = "SELECT tag FROM audit ORDER BY at, chain, number"
            return [str(tag) for tag in connection.exec_driver_sql(statement).scalars()]


def made_once(folder: Path) -> Iterator[Path]:
    """Yield a registry's file with its tables, to copy: migrations take a second."""
    open_registry(None, folder).close()
    yield folder / "registry.db"


def open_people(template: Path, folder: Path, at_us: int = START_US) -> People:
    """Open a registry of one's own, copied from one that was made once."""
    shutil.copy(template, folder / "registry.db")
    return People(open_registry(None, folder), clock=Clock(at_us))
