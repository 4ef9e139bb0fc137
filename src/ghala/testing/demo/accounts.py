"""Who works with the example's data: an account of each kind of reader, in the teams that own the domains."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.model.principal import OWNER_LOCAL, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.app import App
    from ghala.model.principal import Principal

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that one takes for something else when one types it."""
_GROUPS, _GROUP_LENGTH = 4, 4
_HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in: what they are in the company, their teams, and the role that they may take."""

    name: str
    does: str
    teams: tuple[str, ...] = ()
    role: Role | None = None


PEOPLE = (
    Person("amina.otieno", "analyst", ("market-insights",)),
    Person("baraka.mwangi", "viewer"),
    Person("kato.lubega", "engineer", ("sales-operations", "web-shop")),
    Person("grace.nakato", "owner of sales", ("sales-operations",)),
    Person("paolo.conti", "owner of finance", ("group-finance",)),
    Person("hans.fischer", "owner of logistics", ("dispatch-desk",)),
    Person("wambui.kamau", "owner of people", ("people-office",)),
    Person("tendo.mugisha", "owner of web", ("web-shop",)),
    Person("neema.barasa", "data steward", role=Role.STEWARD),
    Person("esther.russo", "auditor", role=Role.AUDITOR),
    Person("johan.smit", "administrator", role=Role.ADMINISTRATOR),
)
"""By what they do, the first reader first; a team owns each domain whose `domain.yaml` names it."""


def new_password() -> str:
    """Return a password that nobody else has: one for all accounts of one demo, so that it is typed once and known.

    >>> len(new_password()), new_password() == new_password()
    (19, False)
    """
    groups = (
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def admit(app: App, password: str) -> None:
    """Make the accounts, the teams with their members, and say who may take which role."""
    identity = app.identity
    for team in sorted({team for person in PEOPLE for team in person.teams}):
        identity.teams.add(team, by=OWNER_LOCAL)
    for person in PEOPLE:
        identity.accounts.add(person.name, by=OWNER_LOCAL, password=password)
        for team in person.teams:
            identity.teams.join(team, person.name, by=OWNER_LOCAL)
        if person.role is not None:
            identity.roles.assign(person.name, person.role.value, by=OWNER_LOCAL)


@contextmanager
def signed_in(app: App, name: str, password: str, purpose: str) -> Iterator[Principal]:
    """Sign somebody in for the time of the block, as they would do it themselves."""
    begun = app.identity.sign_in.sign_in(name, password, purpose=purpose, address=_HERE)
    secret = begun.cookie.value
    try:
        yield app.identity.sessions.check(secret).principal
    finally:
        app.identity.sessions.end(secret)
