"""Who asks: a request's cookie or token as a principal, and the proof that a change comes from our own page."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from ghala.delivery.http.errors import ForgedError
from ghala.delivery.http.origin import PLAIN_COOKIE, SECURE_COOKIE
from ghala.delivery.http.outer import GIVE_BACK, SAFE_METHODS
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.sync import call
from ghala.errors import NotSignedInError
from ghala.model.principal import Principal

CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and the secret of the session with which they do; None for a token."""

    principal: Principal
    session: str | None = field(default=None, repr=False)


def parts_of(request: Request) -> Parts:
    """Return the parts that the app was made with."""
    parts: Parts = request.app.state.parts
    return parts


async def _given_parts(request: Request) -> Parts:
    # The framework would ask for a thread for what is not async.
    return parts_of(request)


GivenParts = Annotated[Parts, Depends(_given_parts)]


def cookie_name(request: Request, parts: Parts) -> str:
    """Return the name of the session's cookie on the way that a request came."""
    host = request.headers.get("host", "")
    return SECURE_COOKIE if parts.origin.is_secure(request.url.scheme, host) else PLAIN_COOKIE


async def find_asker(request: Request, parts: GivenParts) -> Asker:
    """Return who asks.

    Raises:
        NotSignedInError: nobody proved to be anybody.
        ForgedError: a page may have made the browser ask without its user.
    """
    presented = request.headers.get("authorization")
    if presented is not None:
        scheme, _, text = presented.partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedInError(
                "this is not how programs sign in", hint="`Authorization: Bearer ghala_…`"
            )
        tokens, text = parts.identity.tokens, text.strip()
        # Most requests come with a token that was checked a moment ago: a thread costs more than the look.
        principal = tokens.remembered(text)
        if principal is None:
            principal = await call(parts.lookups, tokens.check, text)
        _give_back(request)
        return Asker(principal)
    secret = request.cookies.get(cookie_name(request, parts))
    if not secret:
        raise NotSignedInError(
            "nobody is signed in", hint="POST /api/v1/session, or `Authorization: Bearer ghala_…`"
        )
    sessions = parts.identity.sessions
    checked = await call(parts.lookups, sessions.check, secret)
    _give_back(request)
    # A browser sends the cookie along whoever made it ask: only our own pages know this.
    if request.method not in SAFE_METHODS and not sessions.csrf_fits(
        secret, request.headers.get(CSRF_HEADER, "")
    ):
        raise ForgedError(
            "the request does not carry the token of its session",
            hint=f"send `csrf`, which signing in answered, as the header {CSRF_HEADER}",
        )
    return Asker(checked.principal, secret)


def _give_back(request: Request) -> None:
    """Count a request no longer among those that nobody has signed."""
    give_back = request.scope["state"].pop(GIVE_BACK, None)
    if give_back is not None:
        give_back()


WhoAsks = Annotated[Asker, Depends(find_asker)]
