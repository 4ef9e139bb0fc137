"""Agreements in their time: narrowed, renewed, reassessed, revoked; each change is in force at once."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, DeniedError, NotFoundError, UsageError
from ghala.governance.access_log import note
from ghala.governance.access_scope import READING, require_scope
from ghala.governance.access_terms import (
    find_state,
    narrower,
    read_place,
    read_rows,
    read_text,
    read_until,
)
from ghala.governance.approval import Person, require_approver, require_other
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
    ) -> Page[Agreement]:
        """Return some of the agreements that somebody may know of, newest first; `after` is `next` of the page before.

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
                    (wanted is None or one.state(now) is wanted) and scope.sees(person, one)
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
            asked_by = (request.requested_by, request.on_behalf_of) if request else ()
            if request is None or not self.scope.sees(person, request, *asked_by):
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
            _require_end(scope, connection, found, by)
            kept = self._columns(found, columns)
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
            _require_end(scope, connection, found, by)
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

    def _columns(self, found: Agreement, names: Collection[str]) -> frozenset[str]:
        if not names:
            return found.columns
        known = {one.lower(): one for one in found.columns}
        strange = [name for name in names if name.lower() not in known]
        if strange:
            raise UsageError(
                f"the agreement does not give the column `{strange[0][:100]}`",
                hint=f"it gives {', '.join(sorted(found.columns))}",
            )
        return frozenset(known[name.lower()] for name in names)

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


def _require_end(
    scope: AccessScope, connection: Transaction, found: Agreement, by: Principal
) -> None:
    """Let somebody pass who may give less: who decides at any level, or whoever it is for."""
    person = Person.of(connection, by, scope.now_us())
    if scope.is_grantee(person, found.grantee):
        require_scope(by, Action.AGREEMENT_REQUEST)
        return
    approvers = scope.approvers(found)
    levels = range(1, len(approvers.levels) + 1)
    level = next((one for one in levels if person.decides(approvers, one)), 1)
    require_approver(by, person, approvers, level)


def _require_last(
    scope: AccessScope, connection: Transaction, found: Agreement, by: Principal
) -> None:
    """Let somebody pass who may give more: who decides at the last level, and does not gain by it."""
    now_us = scope.now_us()
    person = Person.of(connection, by, now_us)
    approvers = scope.approvers(found)
    require_approver(by, person, approvers, len(approvers.levels))
    request = agreements.find_request(connection, found.id)
    if request is None:
        raise DeniedError(f"{found.id} has no request", reasons=["its record is not whole"])
    is_for_them = scope.is_grantee(person, request.grantee)
    without = replace(request, decisions=())
    require_other(connection, person, without, now_us, is_for_them=is_for_them)


def _rows(
    scope: AccessScope, connection: Transaction, found: Agreement, rows: object, by: Principal
) -> Predicate | None:
    if rows is None:
        return found.rows
    promised = scope.definitions().by_id.get(found.dataset_id)
    if promised is None:
        raise ConflictError(
            f"nothing promises {found.dataset} any more", hint="revoke the agreement"
        )
    dataset = promised[2]
    person = Person.of(connection, by, scope.now_us())
    is_decider = person.decides_anywhere(scope.approvers(found))
    if not is_decider or not is_in_scope(by, Action.AGREEMENT_DECIDE):
        # A predicate compares what is stored: over a masked column it would tell its values one by one.
        agreed = tuple(one for one in dataset.columns if one.name in found.columns)
        dataset = replace(dataset, columns=agreed)
    return narrower(found.rows, read_rows(dataset, rows))


def _next_look(now: datetime, until: datetime) -> datetime | None:
    at = now + timedelta(days=REASSESS_DAYS)
    return at if at < until else None


def _before(moment: datetime | None, until: datetime) -> datetime | None:
    return moment if moment is not None and moment < until else None


def _unknown() -> NotFoundError:
    return NotFoundError("there is no such agreement", hint="`ghala access list` names them")
