"""The cookie of a session: set whenever the session's secret is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.delivery.http.origin import SECURE_COOKIE
from ghala.delivery.http.shapes import SignedIn

if TYPE_CHECKING:
    from starlette.responses import Response

    from ghala.model.session import BegunSession


def give_cookie(begun: BegunSession, name: str, response: Response) -> SignedIn:
    """Set the cookie of a session whose secret has just been made, and return what its pages need."""
    response.set_cookie(
        name,
        begun.cookie.value,
        max_age=begun.cookie.max_age_s,
        path=begun.cookie.path,
        secure=name == SECURE_COOKIE,
        httponly=begun.cookie.is_http_only,
        samesite="lax",
    )
    return SignedIn(
        principal=begun.session.principal,
        purpose=begun.session.purpose,
        until=begun.session.until,
        csrf=begun.csrf,
    )
