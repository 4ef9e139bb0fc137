"""Agreements in their time: narrowed, renewed, reassessed, revoked; each change is in force at once."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, DeniedError, NotFoundError, UsageError
from ghala.governance.access_log import note
from ghala.governance.access_rights import require_end, require_last
from ghala.governance.access_scope import READING, require_scope
from ghala.governance.access_terms import find_state, read_place, read_text, read_until
from ghala.governance.approval import Person
from ghala.governance.narrowing import fewer_columns, fewer_rows, refuse_telling
from ghala.governance.requests import REASSESS_DAYS
from ghala.model.agreement import AgreementState
from ghala.model.agreement_history import AgreementEvent, HistoryEntry, changed_detail
from ghala.model.page import PAGE_ITEMS, ListPlace, Page, page_of
from ghala.model.policy import Action
from ghala.model.token import is_in_scope
from ghala.registry import agreements
from ghala.registry.registry import move_epoch
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from ghala.governance.access_scope import AccessScope
    from ghala.model.agreement import Agreement
    from ghala.model.predicate import Predicate
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction

DUE_DAYS = 30
"""So long before somebody should look at an agreement again it is due."""


@dataclass(frozen=True, slots=True)
class Agreements:
    """The agreements of one registry."""

    scope: AccessScope

    def agreements(
        self, *, by: Principal, dataset: str | None = None, state: str | None = None
    ) -> tuple[Agreement, ...]:
        """Return the agreements that somebody may know of, newest first: all, or those about a dataset or in a state.

        Raises:
            DeniedError: the token of `by` does not allow it.
            UsageError: there is no such state.
        """
        return self.page(by=by, dataset=dataset, state=state, limit=sys.maxsize).items

    def page(
        self,
        *,
        by: Principal,
        dataset: str | None = None,
        state: str | None = None,
        after: str | None = None,
        limit: int = PAGE_ITEMS,
        own: bool = False,
        due: bool = False,
    ) -> Page[Agreement]:
        """Return some of the agreements that somebody may know of, newest first; `after` is `next` of the page before.

        With `own` those that are for them. With `due` those at which they should look within `DUE_DAYS`.

        Raises:
            DeniedError: the token of `by` does not allow it.
            UsageError: there is no such state or page.
        """
        require_scope(by, *READING)
        wanted = None if state is None else find_state(state, AgreementState)
        place, scope = read_place(after), self.scope.still()
        with scope.registry.read() as connection:
            now_us = scope.now_us()
            person, now = Person.of(connection, by, now_us), as_time(now_us)
            return page_of(
                lambda behind, most: agreements.agreements(
                    connection, dataset=dataset, after=behind, most=most
                ),
                lambda one: ListPlace(agreements.as_us(one.since), one.id),
                lambda one: (
                    (wanted is None or one.state(now) is wanted)
                    and scope.sees(person, one)
                    and (not own or scope.is_own(person, one))
                    and (not due or _is_due(scope, connection, person, one, by))
                ),
                after=place,
                limit=limit,
            )

    def find(self, agreement: str, *, by: Principal) -> Agreement:
        """Return one agreement.

        Raises:
            DeniedError: the token of `by` does not allow it.
            NotFoundError: there is none, as far as `by` may know.
        """
        require_scope(by, *READING)
        scope = self.scope.still()
        with scope.registry.read() as connection:
            return _find(scope, connection, agreement, Person.of(connection, by, scope.now_us()))

    def history(self, agreement: str, *, by: Principal) -> tuple[HistoryEntry, ...]:
        """Return everything that happened to a request and to the agreement that it became.

        Raises:
            DeniedError: the token of `by` does not allow it.
            NotFoundError: there is none, as far as `by` may know.
        """
        require_scope(by, *READING)
        with self.scope.registry.read() as connection:
            now_us = self.scope.now_us()
            person = Person.of(connection, by, now_us)
            request = agreements.find_request(connection, agreement)
            if request is None or not self.scope.sees(person, request):
                raise _unknown()
            told = agreements.history(connection, agreement)
            made = agreements.find_agreement(connection, agreement)
        is_over = made is not None and made.state(as_time(now_us)) is AgreementState.EXPIRED
        is_noted = any(one.event is AgreementEvent.EXPIRED for one in told[-1:])
        if made is not None and is_over and not is_noted:
            told += (HistoryEntry(agreement, made.until, AgreementEvent.EXPIRED, "time"),)
        return told

    def narrow(
        self,
        agreement: str,
        *,
        by: Principal,
        columns: Collection[str] = (),
        rows: object = None,
        until: datetime | None = None,
        reason: str = "",
    ) -> Agreement:
        """Give fewer columns, fewer rows or less time. Who decides may, and so may the grantee.

        Args:
            agreement: its id.
            by: who does it.
            columns: those that stay; all if none is named.
            rows: a row predicate that has to hold too, as JSON has it; of a grantee, over agreed columns alone.
            until: an earlier end.
            reason: why.

        Raises:
            NotFoundError: there is none, as far as `by` may know.
            DeniedError: `by` may not.
            ConflictError: it has ended.
            UsageError: nothing would be narrower, or something is not there.
        """
        with self._changing(agreement, by) as (connection, scope, found):
            now = as_time(scope.now_us())
            require_end(scope, Person.of(connection, by, scope.now_us()), found, by)
            kept = fewer_columns(found.columns, columns)
            less = _rows(scope, connection, found, rows, by)
            end = found.until if until is None else read_until(until, now)
            if end > found.until:
                raise UsageError("this would be longer", hint=f"ghala access renew {found.id}")
            changed = replace(
                found,
                columns=kept,
                rows=less,
                until=end,
                reassess_at=_before(found.reassess_at, end),
            )
            if changed == found:
                raise UsageError(
                    "nothing would be narrower", hint="name the columns that stay, rows, or an end"
                )
            return self._change(connection, AgreementEvent.NARROWED, changed, by, reason)

    def renew(
        self, agreement: str, *, by: Principal, until: datetime, reason: str = ""
    ) -> Agreement:
        """Let an agreement last longer. Who decides at its last level may, and nobody for themselves.

        Raises:
            NotFoundError: there is none, as far as `by` may know.
            DeniedError: `by` may not.
            ConflictError: it has ended: that takes a new request.
            UsageError: it would not last longer, or too long.
        """
        with self._changing(agreement, by) as (connection, scope, found):
            now = as_time(scope.now_us())
            _require_last(scope, connection, found, by)
            end = read_until(until, now)
            if end <= found.until:
                raise UsageError("this would not be longer", hint=f"ghala access narrow {found.id}")
            changed = replace(found, until=end, reassess_at=_next_look(now, end))
            return self._change(connection, AgreementEvent.RENEWED, changed, by, reason)

    def reassess(self, agreement: str, *, by: Principal, reason: str = "") -> Agreement:
        """Say that an agreement is still needed. Who decides at its last level may, and nobody for themselves.

        Raises:
            NotFoundError: there is none, as far as `by` may know.
            DeniedError: `by` may not.
            ConflictError: it has ended.
        """
        with self._changing(agreement, by) as (connection, scope, found):
            _require_last(scope, connection, found, by)
            reassess_at = _next_look(as_time(scope.now_us()), found.until)
            changed = replace(found, reassess_at=reassess_at)
            return self._change(connection, AgreementEvent.REASSESSED, changed, by, reason)

    def revoke(self, agreement: str, *, by: Principal, reason: str) -> Agreement:
        """End an agreement now. Who decides may, and so may the grantee.

        Raises:
            NotFoundError: there is none, as far as `by` may know.
            DeniedError: `by` may not.
            ConflictError: it has ended already.
            UsageError: no reason is given.
        """
        said = read_text(reason, "revokes an agreement")
        with self._changing(agreement, by) as (connection, scope, found):
            require_end(scope, Person.of(connection, by, scope.now_us()), found, by)
            return self._change(connection, AgreementEvent.REVOKED, found, by, said)

    @contextmanager
    def _changing(
        self, agreement: str, by: Principal
    ) -> Iterator[tuple[Transaction, AccessScope, Agreement]]:
        """Open the transaction that changes an agreement which has not ended; all processes see it at once."""
        with self.scope.writing() as (connection, scope):
            now_us = scope.now_us()
            found = _find(scope, connection, agreement, Person.of(connection, by, now_us))
            now = as_time(now_us)
            if found.state(now) is not AgreementState.IN_FORCE:
                raise ConflictError(
                    f"the agreement `{found.id}` has ended: {found.state(now)}",
                    hint=f"ghala access request {found.dataset}",
                )
            yield connection, scope, found
        self.scope.forget()

    def _change(
        self,
        connection: Transaction,
        event: AgreementEvent,
        changed: Agreement,
        by: Principal,
        reason: str,
    ) -> Agreement:
        now_us = self.scope.now_us()
        at = as_time(agreements.next_time_us(connection, changed.id, now_us))
        if event is AgreementEvent.REVOKED:
            # By the clock as it is: one that was set back must not let it last.
            changed = replace(changed, revoked_at=as_time(now_us))
            detail: dict[str, object] = {
                "reason": reason,
                "revoked_at": as_time(now_us).isoformat(),
            }
        else:
            detail = {"reason": reason.strip(), **changed_detail(changed)}
        agreements.change_agreement(connection, changed)
        note(connection, event, changed.id, (changed.dataset, changed.grantee), by, at, detail)
        move_epoch(connection)
        return changed


def _find(scope: AccessScope, connection: Transaction, agreement: str, person: Person) -> Agreement:
    found = agreements.find_agreement(connection, agreement)
    if found is None or not scope.sees(person, found):
        raise _unknown()
    return found


def _rows(
    scope: AccessScope, connection: Transaction, found: Agreement, rows: object, by: Principal
) -> Predicate | None:
    person = Person.of(connection, by, scope.now_us())
    is_decider = person.decides_anywhere(scope.approvers(found))
    # A predicate compares what is stored: over a masked column it would tell its values one by one.
    is_trusted = is_decider and is_in_scope(by, Action.AGREEMENT_DECIDE)
    only = None if is_trusted else found.columns
    less = fewer_rows(scope, found.dataset_id, found.rows, rows, only=only)
    refuse_telling(scope, found.dataset_id, found.columns, found.rows, less)
    return less


def _require_last(
    scope: AccessScope, connection: Transaction, found: Agreement, by: Principal
) -> None:
    person = Person.of(connection, by, scope.now_us())
    request = agreements.find_request(connection, found.id)
    require_last(scope, connection, person, found, request, by)


def _is_due(
    scope: AccessScope, connection: Transaction, person: Person, one: Agreement, by: Principal
) -> bool:
    now = as_time(scope.now_us())
    is_soon = one.reassess_at is not None and one.reassess_at - now <= timedelta(days=DUE_DAYS)
    if not is_soon or one.state(now) is not AgreementState.IN_FORCE:
        return False
    try:
        request = agreements.find_request(connection, one.id)
        require_last(scope, connection, person, one, request, by)
    except DeniedError:
        return False
    return True


def _next_look(now: datetime, until: datetime) -> datetime | None:
    at = now + timedelta(days=REASSESS_DAYS)
    return at if at < until else None


def _before(moment: datetime | None, until: datetime) -> datetime | None:
    return moment if moment is not None and moment < until else None


def _unknown() -> NotFoundError:
    return NotFoundError("there is no such agreement", hint="`ghala access list` names them")
