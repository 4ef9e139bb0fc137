"""Who is responsible for a product: the team that owns its domain, the team that its definition names, and stewards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import DeniedError
from ghala.governance.approval import team_id
from ghala.model.principal import PrincipalKind, Role

if TYPE_CHECKING:
    from ghala.model.policy import Action
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.spec.kept import Definitions


def is_responsible(by: Principal, definitions: Definitions, product: Product) -> bool:
    """Return whether somebody is responsible for a product, whatever their session or token allows."""
    if by.kind is PrincipalKind.OWNER:
        return True
    owners = (definitions.owners.get(product.name.domain, ""), product.owner)
    teams = {team_id(owner) for owner in owners if owner}
    return Role.STEWARD in by.roles or bool(teams & by.teams)


def require_responsible(
    by: Principal, definitions: Definitions, product: Product, action: Action
) -> None:
    """Let those pass who are responsible for a product, with a session or a token that allows the action.

    Raises:
        DeniedError: `by` is none of them, or the token does not allow it.
    """
    verb = action.value.partition(":")[2].replace("_", " ")
    if by.scopes is not None and action not in by.scopes:
        raise DeniedError(
            f"{by.id} may not {verb} {product.name} with this token",
            reasons=[f"it does not have the scope {action}"],
        )
    if not is_responsible(by, definitions, product):
        owner = definitions.owners.get(product.name.domain)
        raise DeniedError(
            f"{by.id} may not {verb} {product.name}",
            reasons=["that is for the team that owns it, and for stewards"],
            hint=f"ask its owner, the team `{owner}`" if owner else "ask a steward",
        )
