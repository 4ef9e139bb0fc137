"""What waits for somebody: requests to decide, agreements that end, tickets and wishes to answer, new incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from ghala.governance.access_scope import READING
from ghala.governance.administration import US
from ghala.governance.approval import Person
from ghala.governance.keepers import keeps, may_answer
from ghala.governance.responsible import is_responsible
from ghala.model.duty import Duty, DutyKind
from ghala.model.incident import IncidentState
from ghala.model.policy import Action
from ghala.model.principal import Role
from ghala.model.request import RequestState
from ghala.model.ticket import TicketState
from ghala.model.token import is_in_scope
from ghala.model.wish import WishState
from ghala.registry import agreements
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.governance.access_scope import AccessScope
    from ghala.governance.incidents import Incidents
    from ghala.governance.requests import Requests
    from ghala.governance.tickets import Tickets
    from ghala.governance.wishes import Wishes
    from ghala.model.agreement import Agreement
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction

ENDING_DAYS = 14
MOST_OF_A_KIND = 50
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Duties:
    """Tells what waits for somebody, of each kind at most `MOST_OF_A_KIND`: whoever has more has a page for each."""

    requests: Requests
    tickets: Tickets
    wishes: Wishes
    incidents: Incidents

    def of(self, by: Principal) -> tuple[Duty, ...]:
        """Return what waits for somebody: what is due first, then the longest waiting.

        What their token does not allow them to see does not wait for them.
        """
        scope = self.requests.scope.still()
        with scope.registry.read() as connection:
            person = Person.of(connection, by, scope.now_us())
            agreed = [
                *islice(_ending(connection, scope, person, by), MOST_OF_A_KIND),
                *islice(_to_reassess(connection, scope, person, by), MOST_OF_A_KIND),
            ]
        found = [
            *self._requests(by),
            *agreed,
            *self._tickets(by, person, scope),
            *self._wishes(by, person, scope),
            *islice(self._incidents(by, scope), MOST_OF_A_KIND),
        ]
        return tuple(sorted(found, key=lambda one: (one.due_at or _LATEST, one.since)))

    def _requests(self, by: Principal) -> Iterator[Duty]:
        # Who could not decide with this token has nothing to decide with it.
        if not is_in_scope(by, Action.AGREEMENT_DECIDE):
            return
        state = RequestState.REQUESTED.value
        found = self.requests.page(by=by, state=state, waiting=True, limit=MOST_OF_A_KIND)
        for one in found.items:
            about, by_whom = str(one.terms.dataset), one.on_behalf_of or one.requested_by
            yield Duty(DutyKind.REQUEST, one.id, about, by_whom, one.requested_at)

    def _tickets(self, by: Principal, person: Person, scope: AccessScope) -> Iterator[Duty]:
        if not may_answer(by):
            return
        known = scope.definitions()
        for state in TicketState:
            if not state.is_waiting:
                continue
            for one in self.tickets.page(by=by, state=state.value, limit=MOST_OF_A_KIND).items:
                found = known.by_id.get(one.dataset_id)
                name = found[2].name if found else one.dataset
                if keeps(person, known, name.domain):
                    at = one.changed_at
                    yield Duty(DutyKind.TICKET, one.id, str(name), one.opened_by, at)

    def _wishes(self, by: Principal, person: Person, scope: AccessScope) -> Iterator[Duty]:
        if not may_answer(by) or not is_in_scope(by, Action.DATASET_DISCOVER, Action.DATASET_READ):
            return
        known = scope.definitions()
        kept = [one for one in known.owners if keeps(person, known, one)]
        # One that nobody is asked to answer yet is for those who find out who should.
        among = None if keeps(person, known, "") else kept
        for one in self.wishes.wishes(
            by=by, state=WishState.OPEN.value, among=among, limit=MOST_OF_A_KIND
        ):
            if keeps(person, known, one.domain):
                yield Duty(DutyKind.WISH, one.id, one.title, one.wished_by, one.wished_at)

    def _incidents(self, by: Principal, scope: AccessScope) -> Iterator[Duty]:
        known = scope.definitions()
        if not is_in_scope(by, Action.INCIDENT_MANAGE):
            return
        mine = [str(name) for name, one in known.products.items() if is_responsible(by, known, one)]
        after: str | None = None
        while True:
            page = self.incidents.page(
                by=by, state="open", among=mine, after=after, limit=MOST_OF_A_KIND
            )
            for found in (one.incident for one in page.items):
                if found.state is IncidentState.OPEN:
                    product = str(found.product)
                    yield Duty(DutyKind.INCIDENT, found.id, product, None, found.opened_at)
            after = page.next
            if after is None:
                return


def _ending(
    connection: Transaction, scope: AccessScope, person: Person, by: Principal
) -> Iterator[Duty]:
    """Yield agreements that end soon, for those who have them and those who could renew them."""
    if not is_in_scope(by, *READING):
        return
    now_us = scope.now_us()
    for one in agreements.ending(connection, now_us, now_us + ENDING_DAYS * 86_400 * US):
        is_own = scope.is_grantee(person, one.grantee)
        if is_own or _renews(scope, person, one):
            yield _agreement(scope, DutyKind.AGREEMENT_ENDS, one, one.until, is_own=is_own)


def _to_reassess(
    connection: Transaction, scope: AccessScope, person: Person, by: Principal
) -> Iterator[Duty]:
    """Yield agreements that wait for a look, for those who could renew them."""
    if not is_in_scope(by, *READING):
        return
    now_us = scope.now_us()
    for one in agreements.to_reassess(connection, now_us):
        # Nobody says of their own access that it is still needed.
        if _renews(scope, person, one) and not scope.is_grantee(person, one.grantee):
            yield _agreement(scope, DutyKind.AGREEMENT_REASSESS, one, as_time(now_us), is_own=False)


def _renews(scope: AccessScope, person: Person, agreement: Agreement) -> bool:
    """Return whether somebody would decide about more time; stewards could for all, and look at those themselves."""
    if Role.STEWARD in person.roles or person.is_owner:
        return False
    approvers = scope.approvers(agreement)
    return person.decides(approvers, len(approvers.levels))


def _agreement(
    scope: AccessScope, kind: DutyKind, agreement: Agreement, due_at: datetime, *, is_own: bool
) -> Duty:
    found = scope.definitions().by_id.get(agreement.dataset_id)
    name = found[2].name if found else agreement.dataset
    since = agreement.reassess_at if kind is DutyKind.AGREEMENT_REASSESS else agreement.since
    return Duty(
        kind, agreement.id, str(name), agreement.grantee, since or due_at, due_at, is_own=is_own
    )
