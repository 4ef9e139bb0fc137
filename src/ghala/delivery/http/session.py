"""`/session`, `/me` and `/first`: signing in and out, who one is, and the first administrator."""

from fastapi import APIRouter, Request, Response

from ghala.delivery.http.asker import GivenParts, WhoAsks, cookie_name
from ghala.delivery.http.cookie import give_cookie
from ghala.delivery.http.openapi import OPEN
from ghala.delivery.http.origin import SECURE_COOKIE
from ghala.delivery.http.people_shapes import Who
from ghala.delivery.http.shapes import First, SignedIn, SignIn
from ghala.delivery.http.sync import call
from ghala.model.plain import plain

router = APIRouter(tags=["session"])


@router.post("/session", status_code=201, openapi_extra=OPEN)
async def sign_in(
    asked: SignIn, request: Request, response: Response, parts: GivenParts
) -> SignedIn:
    """Sign in with a name and a password, for one purpose; sets the cookie of the session.

    Over plain HTTP on the server's own machine the cookie is called `ghala`, since browsers keep `__Host-` cookies
    for HTTPS; everywhere else it is `__Host-ghala`.
    """
    name = cookie_name(request, parts)
    begun = await call(
        parts.lookups,
        parts.identity.sign_in.sign_in,
        asked.name,
        asked.password.get_secret_value(),
        purpose=asked.purpose,
        address=request.client.host if request.client else "",
        ending=request.cookies.get(name),
    )
    return give_cookie(begun, name, response)


@router.delete("/session", status_code=204, response_class=Response)
async def sign_out(asker: WhoAsks, request: Request, response: Response, parts: GivenParts) -> None:
    """Sign out: the session ends. With a token there is none, and nothing happens."""
    if asker.session is not None:
        await call(parts.lookups, parts.identity.sessions.end, asker.session)
        name = cookie_name(request, parts)
        response.delete_cookie(
            name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax"
        )


@router.get("/me")
async def me(asker: WhoAsks, parts: GivenParts) -> Who:
    """Say who asks, and what they may do: which roles they could take, what they own, and what waits for them."""
    one = asker.principal
    standing = await call(parts.lookups, parts.oneself.standing, one)
    who = {
        "id": one.id,
        "kind": one.kind.value,
        "purpose": one.purpose,
        "on_behalf_of": one.on_behalf_of,
        "teams": sorted(one.teams),
        "roles": sorted(one.roles),
        "scopes": None if one.scopes is None else sorted(one.scopes),
    }
    return Who.model_validate({**who, **plain(standing)})


@router.post("/first", status_code=204, response_class=Response, openapi_extra=OPEN)
async def accept_first(asked: First, parts: GivenParts) -> None:
    """Make the first administrator, with the invitation that the server printed; sign in afterwards."""
    await call(
        parts.lookups,
        parts.identity.first.accept,
        asked.invitation.get_secret_value(),
        asked.name,
        asked.password.get_secret_value(),
    )
