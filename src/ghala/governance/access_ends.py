"""The end of a grantee: whoever takes over the name takes over nothing that was agreed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ghala.errors import ConflictError
from ghala.governance.access_log import note
from ghala.model.agreement import AgreementState
from ghala.model.agreement_history import AgreementEvent
from ghala.model.request import RequestState
from ghala.registry import agreements, identity
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction
    from ghala.spec.kept import Definitions


def end_with(connection: Transaction, grantee: str, by: Principal, now_us: int) -> None:
    """Revoke every agreement with a grantee that is removed, and withdraw what was asked for it."""
    now = as_time(now_us)
    for one in agreements.agreements(connection):
        if one.grantee == grantee and one.state(now) is AgreementState.IN_FORCE:
            changed = replace(one, revoked_at=now)
            agreements.change_agreement(connection, changed)
            at = as_time(agreements.next_time_us(connection, one.id, now_us))
            detail = {"reason": f"{grantee} was removed", "revoked_at": now.isoformat()}
            about = (one.dataset, grantee)
            note(connection, AgreementEvent.REVOKED, one.id, about, by, at, detail)
    for request in agreements.requests(connection, RequestState.REQUESTED):
        if request.grantee == grantee:
            agreements.set_state(connection, request.id, RequestState.WITHDRAWN)
            at = as_time(agreements.next_time_us(connection, request.id, now_us))
            about = (request.terms.dataset, grantee)
            detail = {"reason": f"{grantee} was removed"}
            note(connection, AgreementEvent.WITHDRAWN, request.id, about, by, at, detail)


def refuse_gone(
    connection: Transaction, definitions: Definitions, grantee: str, now_us: int
) -> None:
    """Let a grantee pass who is there and can use what is agreed.

    Raises:
        ConflictError: there is no such grantee any more.
    """
    kind, _, name = grantee.partition(":")
    if kind == "team":
        is_there = bool(identity.teams(connection, grantee))
    elif kind == "product":
        is_there = name in {str(product) for product in definitions.products}
    else:
        account = identity.find_account(connection, grantee, now_us)
        is_there = account is not None and account.is_enabled
    if not is_there:
        raise ConflictError(
            f"{grantee} is not there any more, or disabled", hint="deny the request, and say so"
        )
