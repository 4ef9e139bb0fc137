"""Who may see how the server is doing: numbers without names, but not for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import DeniedError
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind, Role
from ghala.model.token import is_entrusted, is_in_scope

if TYPE_CHECKING:
    from ghala.model.principal import Principal

_ROLES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def require_metrics(by: Principal) -> None:
    """Let the workspace's owner pass, services with the scope, and whoever has a role that looks after the server.

    Raises:
        DeniedError: `by` is none of them.
    """
    if by.kind is PrincipalKind.OWNER or is_entrusted(by, Action.METRICS_READ):
        return
    if is_in_scope(by, Action.METRICS_READ) and by.roles & _ROLES:
        return
    raise DeniedError(
        f"{by.id} may not see the metrics",
        reasons=[
            f"{Action.METRICS_READ} is for services whose token has this scope, and for administrators"
        ],
        hint=f"ghala token issue service:NAME --scope {Action.METRICS_READ} --purpose administration",
    )
