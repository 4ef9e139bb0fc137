"""Who may change accounts, teams, roles and tokens; what names mean; and the record that each change leaves."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.audit import entry
from ghala.model.account import AccountId
from ghala.model.policy import Action
from ghala.model.principal import Principal, PrincipalKind, Role
from ghala.model.token import is_in_scope
from ghala.registry import audit, identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ghala.model.account import Account, Team
    from ghala.model.audit import AuditTag
    from ghala.model.purpose import Purpose
    from ghala.registry.identity import Transaction

US = 1_000_000
"""Microseconds of a second, the registry's unit of time."""


def require(
    connection: Transaction,
    by: Principal,
    action: Action,
    now_us: int,
    *,
    itself: str | None = None,
    own: Action = Action.ACCOUNT_MANAGE,
) -> None:
    """Let the workspace's owner pass, whoever has taken the administrator's role, and an account about `itself`.

    A token has to have the action as a scope; about `itself`, `own` will do.

    Raises:
        DeniedError: `by` is none of them.
    """
    if by.kind is PrincipalKind.OWNER:
        return
    is_own = itself is not None and by.id == itself
    if not is_in_scope(by, action, *([own] if is_own else [])):
        raise DeniedError(
            f"{by.id} may not do this with a token",
            reasons=[f"the token does not have the scope {own if is_own else action}"],
            hint="sign in with a password, or use a token that has it",
        )
    if is_own:
        return
    # Read again: the role may have ended since the request began.
    taken = {taken.role for taken in identity.taken_roles(connection, now_us, by.id)}
    if Role.ADMINISTRATOR not in by.roles & taken:
        raise DeniedError(
            f"{by.id} may not do this",
            reasons=[f"{action} needs the role of the administrator"],
            hint="take the role first, if you are eligible",
        )


def record(
    connection: Transaction,
    tag: AuditTag,
    by: Principal,
    objects: Iterable[str],
    detail: Mapping[str, object] | None = None,
) -> None:
    """Record a change in its own transaction."""
    audit.append(connection, entry(tag, by, tuple(objects), detail or {}))


def parse_id(text: str, kind: PrincipalKind = PrincipalKind.USER) -> AccountId:
    """Read an id, or a name of one of `kind`.

    Raises:
        UsageError: it cannot be one.
    """
    try:
        return AccountId.parse(text, kind)
    except ValueError as error:
        raise UsageError(
            f"`{text[:80]}` cannot be the name of a {kind}", hint=str(error)
        ) from error


def find_account(connection: Transaction, text: str, now_us: int) -> Account:
    """Return the account of an id or a user's name.

    Raises:
        NotFoundError: there is none.
    """
    wanted = str(parse_id(text))
    account = identity.find_account(connection, wanted, now_us)
    if account is None:
        known = [one.id for one in identity.accounts(connection, now_us)]
        raise _unknown("account", wanted, known, "`ghala user list` names them")
    return account


def find_team(connection: Transaction, text: str) -> Team:
    """Return the team of an id or a name.

    Raises:
        NotFoundError: there is none.
    """
    wanted = str(parse_id(text, PrincipalKind.TEAM))
    found = identity.teams(connection, wanted)
    if not found:
        known = [team.id for team in identity.teams(connection)]
        raise _unknown("team", wanted, known, "`ghala team list` names them")
    return found[0]


def find_purpose(purposes: Mapping[str, Purpose], name: str) -> Purpose:
    """Return a purpose of the workspace's closed list.

    Raises:
        UsageError: it is not on the list.
    """
    if name not in purposes:
        listed = ", ".join(f"`{known}`" for known in sorted(purposes))
        raise UsageError(f"`{name[:80]}` is not a purpose of this workspace", hint=f"use {listed}")
    return purposes[name]


def principal_of(
    account: Account,
    purpose: str,
    *,
    credential: str | None = None,
    teams: Iterable[str] = (),
    roles: Iterable[Role] = (),
    scopes: Iterable[Action] | None = None,
) -> Principal:
    """Return an account as the principal that asks; an agent is in the teams of its user."""
    is_agent = account.kind is PrincipalKind.AGENT
    return Principal(
        id=account.id,
        kind=account.kind,
        purpose=purpose,
        credential=credential,
        on_behalf_of=account.owner if is_agent else None,
        teams=frozenset(teams),
        roles=frozenset(roles),
        scopes=None if scopes is None else frozenset(scopes),
    )


def _unknown(kind: str, wanted: str, known: list[str], otherwise: str) -> NotFoundError:
    # The kind, which many have in common, would make any two short names alike.
    names: dict[str, str] = {}
    for one in known:
        names.setdefault(one.partition(":")[2], one)
    close = get_close_matches(wanted.partition(":")[2], list(names), 1)
    hint = f"did you mean `{names[close[0]]}`?" if close else otherwise
    return NotFoundError(f"there is no {kind} `{wanted[:80]}`", hint=hint)
