"""`/session/oidc`: signing in with an identity provider, and back from it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from ghala.delivery.http.asker import GivenParts, cookie_name, find_asker
from ghala.delivery.http.cookie import give_cookie
from ghala.delivery.http.openapi import OPEN
from ghala.delivery.http.origin import SECURE_COOKIE
from ghala.delivery.http.outside_shapes import OutsideAddress, OutsideProvider, OutsideSignInBegin
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.shapes import SignedIn, Text
from ghala.delivery.http.sync import call
from ghala.errors import NotFoundError
from ghala.governance.oidc import OutsideSignIn

router = APIRouter(prefix="/session/oidc", tags=["session"])
Said = Annotated[Text | None, Query(max_length=4096)]


@router.get("", openapi_extra=OPEN)
async def provider(parts: GivenParts) -> OutsideProvider:
    """Name the identity provider, if there is one."""
    return OutsideProvider(issuer=_outside(parts).provider.settings.issuer)


@router.post("", openapi_extra=OPEN)
async def begin(
    asked: OutsideSignInBegin, request: Request, response: Response, parts: GivenParts
) -> OutsideAddress:
    """Begin to sign in with the provider: the browser goes on at `url`, with the cookie that this sets.

    With `is_linking`, whoever is signed in can sign in with the provider from now on, as the same user.
    """
    asker = await find_asker(request, parts) if asked.is_linking else None
    begun = await call(
        parts.at_provider,
        _outside(parts).begin,
        asked.purpose,
        address=request.client.host if request.client else "",
        return_to=asked.return_to,
        linking=None if asker is None else asker.principal,
    )
    name = cookie_name(request, parts)
    response.set_cookie(
        _binding(name),
        begun.secret,
        max_age=begun.max_age_s,
        path="/",
        secure=name == SECURE_COOKIE,
        httponly=True,
        samesite="lax",
    )
    return OutsideAddress(url=begun.url)


@router.get(
    "/callback",
    openapi_extra=OPEN,
    response_model=SignedIn,
    responses={303: {"description": "To the page at which signing in began."}},
)
async def finish(  # noqa: PLR0917 - the parameters with which providers answer
    request: Request,
    response: Response,
    parts: GivenParts,
    state: Said = None,
    code: Said = None,
    iss: Said = None,
    error: Said = None,
) -> SignedIn | Response:
    """Come back from the provider: sets the cookie of the session, and goes to where `return_to` said."""
    name = cookie_name(request, parts)
    answer = {"state": state, "code": code, "iss": iss, "error": error}
    begun, return_to = await call(
        parts.at_provider,
        _outside(parts).finish,
        {key: value for key, value in answer.items() if value is not None},
        request.cookies.get(_binding(name), ""),
        address=request.client.host if request.client else "",
        ending=request.cookies.get(name),
    )
    sent = response if return_to is None else RedirectResponse(return_to, 303)
    signed_in = give_cookie(begun, name, sent)
    sent.delete_cookie(
        _binding(name), path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax"
    )
    return signed_in if return_to is None else sent


def _binding(name: str) -> str:
    return f"{name}-oidc"


def _outside(parts: Parts) -> OutsideSignIn:
    if parts.outside is None:
        raise NotFoundError(
            "this server has no identity provider",
            hint="sign in with a password: POST /api/v1/session",
        )
    return parts.outside
