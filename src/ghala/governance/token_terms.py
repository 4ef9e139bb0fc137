"""What a token may be: its scopes, the roles that it carries, how long it lives, and who may give away which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import DeniedError, UsageError
from ghala.governance.roles import LONGEST_MINUTES, read_role
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind, Role
from ghala.model.token import ADMINISTERING, ENTRUSTED, POWERS, SCOPES
from ghala.registry import identity

if TYPE_CHECKING:
    from collections.abc import Collection

    from ghala.model.account import Account, TakenRole
    from ghala.model.principal import Principal
    from ghala.model.token import Token
    from ghala.registry.identity import Transaction

DEFAULT_DAYS = 90
LONGEST_DAYS = 365
DEFAULT_MINUTES = 60
_MINUTE_S, _DAY_S = 60, 86_400
_TRUSTING = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def read_scopes(scopes: Collection[str]) -> tuple[Action, ...]:
    """Read the scopes of a token.

    Raises:
        UsageError: there is none, or one is not of the list.
    """
    known = [scope.value for scope in SCOPES]
    for scope in scopes:
        if scope not in known:
            listed = ", ".join(f"`{name}`" for name in known)
            raise UsageError(f"`{str(scope)[:80]}` is not a scope of tokens", hint=f"use {listed}")
    if not scopes:
        hint = f"--scope {Action.DATASET_READ}"
        raise UsageError("a token without scopes allows nothing", hint=hint)
    return tuple(sorted({Action(scope) for scope in scopes}))


def read_roles(roles: Collection[str], scopes: Collection[Action]) -> tuple[Role, ...]:
    """Read the roles that a token carries.

    Raises:
        UsageError: there is no such role, or a scope takes one that is not among them.
    """
    carried = tuple(sorted({read_role(role) for role in roles}))
    administering = sorted(ADMINISTERING.intersection(scopes))
    if administering and Role.ADMINISTRATOR not in carried:
        raise UsageError(
            f"the scope {administering[0]} takes the role of the administrator",
            hint=f"take the role, then say --role {Role.ADMINISTRATOR}",
        )
    return carried


def read_lifetime_s(days: int | None, minutes: int | None, *, is_powerful: bool) -> int:
    """Return how many seconds a token lives.

    Raises:
        UsageError: it would live too long, or is told both in days and in minutes.

    >>> read_lifetime_s(None, None, is_powerful=False) // 86_400, read_lifetime_s(None, 5, is_powerful=True)
    (90, 300)
    """
    if days is not None and minutes is not None:
        raise UsageError("a token lives so many days or so many minutes", hint="leave one out")
    if is_powerful:
        lives = DEFAULT_MINUTES if minutes is None else minutes
        if days is not None or not 1 <= lives <= LONGEST_MINUTES:
            raise UsageError(
                f"a token that decides or administers lives 1 to {LONGEST_MINUTES} minutes",
                hint=f"--minutes {DEFAULT_MINUTES}",
            )
        return lives * _MINUTE_S
    lifetime_s = (DEFAULT_DAYS if days is None else days) * _DAY_S
    if minutes is not None:
        lifetime_s = minutes * _MINUTE_S
    if not _MINUTE_S <= lifetime_s <= LONGEST_DAYS * _DAY_S:
        raise UsageError(f"a token lives 1 to {LONGEST_DAYS} days", hint=f"--days {DEFAULT_DAYS}")
    return lifetime_s


def require_given(by: Principal, account: Account, token: Token) -> tuple[TakenRole, ...]:
    """Let somebody pass who may put into a token what it has, and return the roles that it carries as they are taken.

    What decides or administers is put in by its user alone, who has signed in, and a role by whom it counts for. What
    a token gives away is never that, and nothing that it has not itself.

    Raises:
        DeniedError: `by` may not.
        UsageError: it is for a user's token.
    """
    if by.scopes is not None and (token.is_powerful or not by.scopes.issuperset(token.scopes)):
        raise DeniedError(
            f"{by.id} may not give this away with a token",
            reasons=["a token gives away what it has itself, and neither roles nor what decides"],
            hint="sign in with a password",
        )
    if not token.is_powerful:
        return ()
    if account.kind is not PrincipalKind.USER:
        powers = sorted(POWERS.intersection(token.scopes))
        what = f"the scope {powers[0]}" if powers else f"the role {token.roles[0]}"
        raise UsageError(
            f"{what} is for tokens of users", hint=f"leave it out: {account.id} decides nothing"
        )
    taken = {one.role: one for one in account.taken}
    is_at_terminal = by.kind is PrincipalKind.OWNER
    for role in token.roles:
        if role not in taken or not (is_at_terminal or role in by.roles):
            raise DeniedError(
                f"{by.id} may not put the role {role} into a token of {account.id}",
                reasons=["the role is not taken, or was taken after the session began"],
                hint=f"ghala user elevate {account.name} --role {role} --reason TEXT"
                if is_at_terminal
                else "take the role first, then renew the session: POST /api/v1/session/renewal",
            )
    return tuple(taken[role] for role in token.roles)


def require_trusting(
    connection: Transaction, by: Principal, scopes: Collection[Action], now_us: int
) -> None:
    """Let nobody give a service what takes a role, but the workspace's owner and whoever has such a role.

    Raises:
        DeniedError: `by` has none.
    """
    given = sorted(ENTRUSTED & set(scopes))
    taken = {taken.role for taken in identity.taken_roles(connection, now_us, by.id)}
    if given and by.kind is not PrincipalKind.OWNER and not _TRUSTING & by.roles & taken:
        raise DeniedError(
            f"{by.id} may not issue a service's token with the scope {given[0]}",
            reasons=["it lets a service do what takes the role of an administrator or auditor"],
            hint="take the role first, if you are eligible, or leave the scope out",
        )


def carries(account: Account, token: Token) -> bool:
    """Return whether the roles that a token carries are still those that were taken when it was issued."""
    since = {one.role: one.begun_at for one in account.taken}
    return all(role in since and since[role] <= token.issued_at for role in token.roles)
