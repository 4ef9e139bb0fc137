"""`/users`: who may use the workspace, for administrators; who may do what is decided in the core."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.people_shapes import (
    AccountFacts,
    Accounts,
    Ended,
    NewAccount,
    NewPassword,
    OutsideIdentities,
    Sessions,
    Tokens,
)
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.account import Account
from ghala.model.plain import plain
from ghala.model.session import Session

router = APIRouter(tags=["users"], route_class=RepeatableRoute)
Named = Annotated[Text, Path(max_length=80, examples=["amina"])]
Issuer = Annotated[Text | None, Query(max_length=2_000)]


@router.get("/users")
async def users(asker: WhoAsks, parts: GivenParts) -> Accounts:
    """List users, services and agents."""
    found = await call(parts.lookups, parts.identity.accounts.accounts, by=asker.principal)
    return Accounts(users=[account_facts(one) for one in found])


@router.post("/users", status_code=201)
async def add_user(asked: NewAccount, asker: WhoAsks, parts: GivenParts) -> AccountFacts:
    """Add a user, a service or an agent."""
    added = await call(
        parts.lookups,
        parts.identity.accounts.add,
        asked.name,
        by=asker.principal,
        owner=asked.owner,
        password=None if asked.password is None else asked.password.get_secret_value(),
    )
    return account_facts(added)


@router.get("/users/{name}")
async def user(name: Named, asker: WhoAsks, parts: GivenParts) -> AccountFacts:
    """Show one of them; everybody may see themselves."""
    found = await call(parts.lookups, parts.identity.accounts.account, name, by=asker.principal)
    return account_facts(found)


@router.post("/users/{name}/disable")
async def disable_user(name: Named, asker: WhoAsks, parts: GivenParts) -> AccountFacts:
    """Keep an account from being used: its sessions and roles end, its tokens open nothing any more."""
    changed = await call(parts.lookups, parts.identity.accounts.disable, name, by=asker.principal)
    return account_facts(changed)


@router.post("/users/{name}/enable")
async def enable_user(name: Named, asker: WhoAsks, parts: GivenParts) -> AccountFacts:
    """Let an account be used again, also with the tokens that it had and that have not expired."""
    changed = await call(parts.lookups, parts.identity.accounts.enable, name, by=asker.principal)
    return account_facts(changed)


@router.put("/users/{name}/password", status_code=204, response_class=Response)
async def set_password(name: Named, asked: NewPassword, asker: WhoAsks, parts: GivenParts) -> None:
    """Set a user's password, as an administrator; the user's sessions end. One's own: `PUT /me/password`."""
    await call(
        parts.lookups,
        parts.identity.accounts.set_password,
        name,
        asked.password.get_secret_value(),
        by=asker.principal,
    )


@router.put("/users/{name}/roles/{role}")
async def assign_role(name: Named, role: Named, asker: WhoAsks, parts: GivenParts) -> AccountFacts:
    """Let a user take a role; it gives no right before it is taken."""
    changed = await call(parts.lookups, parts.identity.roles.assign, name, role, by=asker.principal)
    return account_facts(changed)


@router.delete("/users/{name}/roles/{role}")
async def withdraw_role(
    name: Named, role: Named, asker: WhoAsks, parts: GivenParts
) -> AccountFacts:
    """Keep a user from taking a role; one that is taken ends."""
    changed = await call(
        parts.lookups, parts.identity.roles.withdraw, name, role, by=asker.principal
    )
    return account_facts(changed)


@router.get("/users/{name}/tokens")
async def tokens_of(name: Named, asker: WhoAsks, parts: GivenParts) -> Tokens:
    """List the tokens of an account, for itself, who answers for it, and administrators."""
    found = await call(parts.lookups, parts.identity.tokens.tokens, by=asker.principal, of=name)
    return Tokens.model_validate({"tokens": plain(found)})


@router.get("/users/{name}/sessions")
async def sessions_of(name: Named, asker: WhoAsks, parts: GivenParts) -> Sessions:
    """List the sessions of a user that still hold."""
    found = await call(parts.lookups, parts.identity.sessions.sessions, name, by=asker.principal)
    return session_list(found, asker.principal.credential)


@router.delete("/users/{name}/sessions")
async def end_sessions_of(name: Named, asker: WhoAsks, parts: GivenParts) -> Ended:
    """End all sessions of a user."""
    ended = await call(parts.lookups, parts.identity.sessions.end_all, name, by=asker.principal)
    return Ended(ended=ended)


@router.get("/users/{name}/identities")
async def identities_of(name: Named, asker: WhoAsks, parts: GivenParts) -> OutsideIdentities:
    """List who a user is at identity providers; everybody may see their own."""
    found = await call(parts.lookups, parts.identity.outside.identities, name, by=asker.principal)
    return OutsideIdentities.model_validate({"identities": plain(found)})


@router.delete("/users/{name}/identities")
async def unlink(name: Named, asker: WhoAsks, parts: GivenParts, issuer: Issuer = None) -> Ended:
    """Undo a user's links to identity providers, or to one; the sessions that began there end."""
    ended = await call(
        parts.lookups, parts.identity.outside.unlink, name, by=asker.principal, issuer=issuer
    )
    return Ended(ended=ended)


def account_facts(account: Account) -> AccountFacts:
    """Return what is shown of an account."""
    facts = {**plain(account), "is_enabled": account.is_enabled}
    return AccountFacts.model_validate(facts)


def session_list(found: tuple[Session, ...], credential: str | None) -> Sessions:
    """Return sessions as they are shown to whoever asks with one of them."""
    listed = [{**plain(one), "is_current": credential == f"session:{one.id}"} for one in found]
    return Sessions.model_validate({"sessions": listed})
