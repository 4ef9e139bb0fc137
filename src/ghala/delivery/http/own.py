"""What everybody does for themselves: `/sessions`, `/roles`, `/tokens`, `/me/password`, `/purposes`."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ghala.delivery.http.asker import Asker, GivenParts, WhoAsks, cookie_name
from ghala.delivery.http.cookie import give_cookie
from ghala.delivery.http.openapi import OPEN
from ghala.delivery.http.people_shapes import (
    ChangedPassword,
    Ended,
    Issued,
    Name,
    NewToken,
    OwnRoles,
    Purposes,
    Sessions,
    StatedPurpose,
    TakenRoleFacts,
    TokenFacts,
    Tokens,
    WantedRole,
)
from ghala.delivery.http.repeated import SecretRoute
from ghala.delivery.http.shapes import SignedIn, Text
from ghala.delivery.http.sync import call
from ghala.delivery.http.users import session_list
from ghala.errors import UsageError
from ghala.model.plain import plain
from ghala.model.token import ID_LENGTH

router = APIRouter(tags=["oneself"], route_class=SecretRoute)
Id = Annotated[Text, Path(max_length=200)]


@router.get("/session")
async def current(asker: WhoAsks, parts: GivenParts) -> SignedIn:
    """Show the session that asks, with `csrf`: for a page that was loaded again, or comes from a provider."""
    checked = await call(parts.lookups, parts.identity.sessions.check, _secret(asker))
    return SignedIn(
        principal=checked.session.principal,
        purpose=checked.session.purpose,
        until=checked.session.until,
        csrf=parts.identity.sessions.csrf(_secret(asker)),
    )


@router.post("/session/renewal")
async def renew(
    asker: WhoAsks, request: Request, response: Response, parts: GivenParts
) -> SignedIn:
    """Give the session another secret; roles that were taken count from then on."""
    begun = await call(parts.lookups, parts.identity.sessions.renew, _secret(asker))
    return give_cookie(begun, cookie_name(request, parts), response)


@router.put("/session/purpose")
async def change_purpose(
    asked: StatedPurpose, asker: WhoAsks, request: Request, response: Response, parts: GivenParts
) -> SignedIn:
    """Go on for another purpose: the session gets another secret, and is decided for by that purpose from then on."""
    change = parts.identity.sign_in.change_purpose
    begun = await call(parts.lookups, change, _secret(asker), asked.purpose)
    return give_cookie(begun, cookie_name(request, parts), response)


@router.put("/me/password", status_code=204, response_class=Response)
async def change_password(
    asked: ChangedPassword, asker: WhoAsks, request: Request, parts: GivenParts
) -> None:
    """Change one's own password; all of one's sessions end, this one too."""
    await call(
        parts.lookups,
        parts.identity.sign_in.change_password,
        asker.principal,
        asked.current.get_secret_value(),
        asked.password.get_secret_value(),
        address=request.client.host if request.client else "",
    )


@router.get("/sessions")
async def sessions(asker: WhoAsks, parts: GivenParts) -> Sessions:
    """List one's own sessions that still hold."""
    one = asker.principal
    found = await call(parts.lookups, parts.identity.sessions.sessions, one.id, by=one)
    return session_list(found, one.credential)


@router.delete("/sessions")
async def end_sessions(asker: WhoAsks, parts: GivenParts) -> Ended:
    """End all of one's own sessions, this one too."""
    one = asker.principal
    return Ended(ended=await call(parts.lookups, parts.identity.sessions.end_all, one.id, by=one))


@router.delete("/sessions/{id}", status_code=204, response_class=Response)
async def end_session(
    id: Id,  # noqa: A002 - the name of the parameter
    asker: WhoAsks,
    parts: GivenParts,
) -> None:
    """End one of one's own sessions."""
    one = asker.principal
    await call(parts.lookups, parts.identity.sessions.end_one, id, by=one, of=one.id)


@router.get("/roles")
async def roles(asker: WhoAsks, parts: GivenParts) -> OwnRoles:
    """List the roles that one may take, and has taken."""
    one = asker.principal
    found = await call(parts.lookups, parts.identity.accounts.account, one.id, by=one)
    return OwnRoles.model_validate({"eligible": found.eligible, "taken": plain(found.taken)})


@router.post("/roles", status_code=201)
async def take_role(asked: WantedRole, asker: WhoAsks, parts: GivenParts) -> TakenRoleFacts:
    """Take a role for a time. It counts once the session is renewed: `POST /session/renewal`."""
    one = asker.principal
    taken = await call(
        parts.lookups,
        parts.identity.roles.take,
        one.id,
        asked.role.value,
        minutes=asked.minutes,
        reason=asked.reason,
        by=one,
    )
    return TakenRoleFacts.model_validate(plain(taken))


@router.delete("/roles/{role}", status_code=204, response_class=Response)
async def end_role(role: Id, asker: WhoAsks, parts: GivenParts) -> None:
    """End a role that one has taken; nothing happens if it was not taken."""
    one = asker.principal
    await call(parts.lookups, parts.identity.roles.end, one.id, role, by=one)


@router.get("/tokens")
async def tokens(
    asker: WhoAsks,
    parts: GivenParts,
    of: Annotated[
        Name | None, Query(description="Whose: `all` for administrators; one's own unless given.")
    ] = None,
) -> Tokens:
    """List tokens: one's own, those of a service or an agent for which one answers, or all."""
    one = asker.principal
    whose = None if of == "all" else of or one.id
    found = await call(parts.lookups, parts.identity.tokens.tokens, by=one, of=whose)
    return Tokens.model_validate({"tokens": plain(found)})


@router.post("/tokens", status_code=201)
async def issue_token(asked: NewToken, asker: WhoAsks, parts: GivenParts) -> Issued:
    """Issue a token. Its text is shown now and never again."""
    issued = await call(
        parts.lookups,
        parts.identity.tokens.issue,
        asked.principal or asker.principal.id,
        by=asker.principal,
        scopes=asked.scopes,
        purpose=asked.purpose,
        label=asked.label,
        days=asked.days,
        minutes=asked.minutes,
        roles=asked.roles,
    )
    return Issued(token=TokenFacts.model_validate(plain(issued.token)), text=issued.text)


@router.delete("/tokens/{id}")
async def revoke_token(
    id: Annotated[Text, Path(max_length=ID_LENGTH)],  # noqa: A002 - the name of the parameter
    asker: WhoAsks,
    parts: GivenParts,
) -> TokenFacts:
    """Revoke a token by its id, which is also what follows `ghala_` in its text; it stays revoked."""
    revoked = await call(parts.lookups, parts.identity.tokens.revoke, id, by=asker.principal)
    return TokenFacts.model_validate(plain(revoked))


@router.get("/purposes", openapi_extra=OPEN)
async def purposes(parts: GivenParts) -> Purposes:
    """List what data may be used for: whoever signs in chooses one, so nobody has to be signed in to see them."""
    found = await call(parts.lookups, parts.identity.purposes)
    return Purposes.model_validate({"purposes": [plain(one) for one in found.values()]})


def _secret(asker: Asker) -> str:
    if asker.session is None:
        raise UsageError("a token has no session to renew", hint="sign in with a password")
    return asker.session
