"""For whom access can be asked: oneself, a team one is in, a product of a domain that one's team owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.administration import find_account, find_team, principal_of
from ghala.governance.approval import team_id
from ghala.model.names import ProductName
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.purpose import PRODUCTION
from ghala.registry import identity

if TYPE_CHECKING:
    from ghala.governance.approval import Person
    from ghala.registry.identity import Transaction
    from ghala.spec.kept import Definitions

_PRODUCT = "product:"


def read_grantee(
    connection: Transaction,
    text: str | None,
    by: Principal,
    *,
    definitions: Definitions,
    person: Person,
    now_us: int,
) -> str:
    """Return the id of whom something is asked for; `by` themselves if nobody is named.

    Raises:
        DeniedError: `by` may not ask for them.
        NotFoundError: there is nobody of that name.
        UsageError: the workspace's owner, who sees all, asks for nobody else.
    """
    if text is None or text.lower() == by.id:
        if by.kind is PrincipalKind.OWNER:
            raise UsageError(
                "the workspace's owner sees everything already",
                hint="say for whom: `--for user:NAME`, `team:NAME` or `product:DOMAIN/PRODUCT`",
            )
        return by.id
    # Who may not ask is told so before anything is looked up: names of others are not theirs to find.
    if text.lower().startswith(_PRODUCT):
        return _product(definitions, text, person)
    is_team = text.lower().startswith("team:")
    if not person.is_owner and not (is_team and text.lower() in person.teams):
        raise _not_theirs(by.id, text)
    if is_team:
        return find_team(connection, text).id
    return find_account(connection, text, now_us).id


def product_principal(name: ProductName, definitions: Definitions) -> Principal:
    """Return a product as who reads in its runs; its teams are those that own it."""
    owner = team_id(definitions.owners.get(name.domain, ""))
    teams = frozenset({owner} if owner else ())
    return Principal(f"{_PRODUCT}{name}", PrincipalKind.PRODUCT, PRODUCTION.name, teams=teams)


def require_purpose(grantee: str, purpose: str) -> None:
    """Let a purpose pass for which the grantee reads: products do for one alone.

    Raises:
        UsageError: the grantee would never read for it.
    """
    if grantee.startswith(_PRODUCT) and purpose != PRODUCTION.name:
        raise UsageError(
            f"a product reads for `{PRODUCTION.name}`, never for `{purpose[:80]}`",
            hint=f"ask for the purpose `{PRODUCTION.name}`",
        )


def principal_for(
    connection: Transaction, grantee: str, purpose: str, *, definitions: Definitions, now_us: int
) -> Principal | None:
    """Return as whom a grantee would read; a member of a team is nobody in particular. None for who is gone."""
    if grantee.startswith(_PRODUCT):
        return product_principal(ProductName.parse(grantee[len(_PRODUCT) :]), definitions)
    if grantee.startswith("team:"):
        member = Principal("user:anybody", PrincipalKind.USER, purpose)
        return Principal(member.id, member.kind, purpose, teams=frozenset({grantee}))
    account = identity.find_account(connection, grantee, now_us)
    if account is None:
        return None
    teams = account.teams
    if account.kind is PrincipalKind.AGENT and account.owner is not None:
        user = identity.find_account(connection, account.owner, now_us)
        teams = user.teams if user else ()
    return principal_of(account, purpose, teams=teams)


def _product(definitions: Definitions, text: str, person: Person) -> str:
    try:
        name = ProductName.parse(text[len(_PRODUCT) :].lower())
    except ValueError as error:
        raise UsageError(str(error), hint="--for product:sales/orders") from error
    owner = team_id(definitions.owners.get(name.domain, ""))
    if not person.is_owner and owner not in person.teams:
        raise _not_theirs(person.id, text)
    if name not in definitions.products:
        raise NotFoundError(f"there is no product `{name}`", hint="see `ghala list`")
    return f"{_PRODUCT}{name}"


def _not_theirs(by: str, text: str) -> DeniedError:
    return DeniedError(
        f"{by} may not ask for {text[:80]}",
        reasons=["people ask for themselves, for a team that they are in, and for its products"],
        hint="let them ask",
    )
