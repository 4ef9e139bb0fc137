"""Browser sessions: somebody who signed in, for one purpose, for a limited time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.principal import Principal


@dataclass(frozen=True, slots=True)
class Session:
    """What is known of a session; never its secret. It ends at `until`, or when it was idle for too long.

    `outside` is who somebody is at the provider that let them in, issuer and subject; None where a password did.
    """

    id: str
    principal: str
    purpose: str
    address: str
    begun_at: datetime
    used_at: datetime
    until: datetime
    outside: tuple[str, str] | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Cookie:
    """A session's cookie as plain data. The name's `__Host-` makes browsers demand `Secure`, `Path=/` and no domain."""

    value: str = field(repr=False)
    max_age_s: int
    name: str = "__Host-ghala"
    path: str = "/"
    is_secure: bool = True
    is_http_only: bool = True
    same_site: str = "Lax"


@dataclass(frozen=True, slots=True)
class BegunSession:
    """A session at a moment at which its secret is known: it has just begun, or was renewed.

    `csrf` is what the pages of this session send back with every change; it fits this secret only.
    """

    session: Session
    cookie: Cookie
    csrf: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckedSession:
    """Who asks with a session's secret. When `is_stale`, roles were taken since, and `renew` makes them count."""

    session: Session
    principal: Principal
    is_stale: bool = False
