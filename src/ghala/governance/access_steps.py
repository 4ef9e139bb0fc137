"""What somebody may do with requests and agreements, by the very rules that hold when they do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DeniedError
from ghala.governance.access_rights import require_asker, require_end, require_last
from ghala.governance.access_scope import require_scope
from ghala.governance.approval import Person
from ghala.governance.waiting import waits_for
from ghala.model.access_step import AccessStep, Turn
from ghala.model.agreement import AgreementState
from ghala.model.policy import Action
from ghala.model.request import RequestState
from ghala.registry import agreements
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ghala.governance.access_scope import AccessScope
    from ghala.model.agreement import Agreement
    from ghala.model.principal import Principal
    from ghala.model.request import Request

_LESS = (AccessStep.NARROW, AccessStep.REVOKE)
_MORE = (AccessStep.REASSESS, AccessStep.RENEW)


@dataclass(frozen=True, slots=True)
class Steps:
    """Says whose turn it is, of requests and agreements that somebody may see."""

    scope: AccessScope

    def of_requests(self, found: Sequence[Request], *, by: Principal) -> tuple[Turn, ...]:
        """Return for each request who decides next, and whether `by` may decide or withdraw it."""
        scope = self.scope.still()
        with scope.registry.read() as connection:
            now_us = scope.now_us()
            person = Person.of(connection, by, now_us)
            turns = []
            for one in found:
                if one.state is not RequestState.REQUESTED:
                    turns.append(Turn())
                    continue
                may = []
                is_waiting = waits_for(connection, scope, person, one)
                if is_waiting and _may(require_scope, by, Action.AGREEMENT_DECIDE):
                    may.append(AccessStep.DECIDE)
                is_asking = _may(require_scope, by, Action.AGREEMENT_REQUEST)
                if is_asking and _may(require_asker, by, person, one):
                    may.append(AccessStep.WITHDRAW)
                deciders = tuple(sorted(scope.approvers(one).at(one.level)))
                turns.append(Turn(tuple(may), deciders))
        return tuple(turns)

    def of_agreements(self, found: Sequence[Agreement], *, by: Principal) -> tuple[Turn, ...]:
        """Return for each agreement who decides about it, and what `by` may do with it."""
        scope = self.scope.still()
        with scope.registry.read() as connection:
            now = as_time(scope.now_us())
            person = Person.of(connection, by, scope.now_us())
            about = agreements.requests(connection, among=[one.id for one in found])
            requests = {one.id: one for one in about}
            turns = []
            for one in found:
                if one.state(now) is not AgreementState.IN_FORCE:
                    turns.append(Turn())
                    continue
                less = _LESS if _may(require_end, scope, person, one, by) else ()
                request = requests.get(one.id)
                is_last = _may(require_last, scope, connection, person, one, request, by)
                more = _MORE if is_last else ()
                approvers = scope.approvers(one)
                deciders = tuple(sorted(approvers.at(len(approvers.levels))))
                turns.append(Turn(tuple(sorted((*less, *more))), deciders))
        return tuple(turns)


def _may(rule: Callable[..., None], *about: object) -> bool:
    try:
        rule(*about)
    except DeniedError:
        return False
    return True
