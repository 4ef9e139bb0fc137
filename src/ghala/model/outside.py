"""Identity providers: who somebody is elsewhere, and what that makes them here."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """The provider of OpenID Connect that lets users in; `teams` gives the team of each of its groups."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    name_claim: str = "preferred_username"
    groups_claim: str = "groups"
    teams: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class OutsideUser:
    """What a provider has just proved of somebody. Known by `issuer` and `subject` alone: names are given anew."""

    issuer: str
    subject: str
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class OutsideIdentity:
    """Somebody at a provider who is an account here, and since when."""

    issuer: str
    subject: str
    account: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class BegunOutside:
    """A sign-in that goes on at the provider: where the browser is sent, and what it brings back as a cookie."""

    url: str
    max_age_s: int
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutsideAttempt:
    """A sign-in that began: what for, where the browser goes afterwards, and whose account it shall be linked to.

    `session` is the id of the session in which that user asked for it, `network` is where the browser came from.
    """

    purpose: str
    return_to: str | None
    linking: str | None
    session: str | None
    network: str
