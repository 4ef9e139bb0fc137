"""Who may change a request or an agreement that is there: less is for more people than more is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ghala.errors import DeniedError
from ghala.governance.access_scope import require_scope
from ghala.governance.approval import Person, require_approver, require_other
from ghala.model.policy import Action

if TYPE_CHECKING:
    from ghala.governance.access_scope import AccessScope
    from ghala.model.agreement import Agreement
    from ghala.model.principal import Principal
    from ghala.model.request import Request
    from ghala.registry.identity import Transaction


def require_asker(by: Principal, person: Person, found: Request) -> None:
    """Let somebody pass who asked, or for whom somebody did.

    Raises:
        DeniedError: `by` did not.
    """
    if not person.is_owner and by.id not in {found.requested_by, found.on_behalf_of}:
        raise DeniedError(
            f"{by.id} may not withdraw this", reasons=[f"{found.requested_by} asked for it"]
        )


def require_end(scope: AccessScope, person: Person, found: Agreement, by: Principal) -> None:
    """Let somebody pass who may give less: who decides at any level, or whoever it is for.

    Raises:
        DeniedError: `by` may not.
    """
    if scope.is_grantee(person, found.grantee):
        require_scope(by, Action.AGREEMENT_REQUEST)
        return
    approvers = scope.approvers(found)
    levels = range(1, len(approvers.levels) + 1)
    level = next((one for one in levels if person.decides(approvers, one)), 1)
    require_approver(by, person, approvers, level)


def require_last(  # noqa: PLR0917 - what is known of it
    scope: AccessScope,
    connection: Transaction,
    person: Person,
    found: Agreement,
    request: Request | None,
    by: Principal,
) -> None:
    """Let somebody pass who may give more: who decides at the last level, and does not gain by it.

    `request` is the one that the agreement came from.

    Raises:
        DeniedError: `by` may not.
    """
    approvers = scope.approvers(found)
    require_approver(by, person, approvers, len(approvers.levels))
    if request is None:
        raise DeniedError(f"{found.id} has no request", reasons=["its record is not whole"])
    is_for_them = scope.is_grantee(person, request.grantee)
    without = replace(request, decisions=())
    require_other(connection, person, without, is_for_them=is_for_them)
