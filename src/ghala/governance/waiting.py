"""Requests that wait for somebody: they decide at the level that is due, and it is nothing of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import DeniedError
from ghala.governance.approval import Person, require_other
from ghala.model.request import Request, RequestState
from ghala.registry import agreements

if TYPE_CHECKING:
    from ghala.governance.access_scope import AccessScope
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction

MOST_COUNTED = 1000
"""So many open requests are looked at, the newest first, to count those that wait for somebody."""


def waits_for(
    connection: Transaction, scope: AccessScope, person: Person, request: Request
) -> bool:
    """Return whether a request waits for somebody to decide it."""
    is_open = request.state is RequestState.REQUESTED
    if not is_open or not person.decides(scope.approvers(request), request.level):
        return False
    is_for_them = scope.is_grantee(person, request.grantee)
    try:
        require_other(connection, person, request, is_for_them=is_for_them)
    except DeniedError:
        return False
    return True


def count_waiting(scope: AccessScope, by: Principal) -> int:
    """Return how many requests wait for somebody, of the newest open ones."""
    scope = scope.still()
    with scope.registry.read() as connection:
        person = Person.of(connection, by, scope.now_us())
        found = agreements.requests(connection, RequestState.REQUESTED, most=MOST_COUNTED)
        return sum(waits_for(connection, scope, person, one) for one in found)
