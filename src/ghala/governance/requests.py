"""Requests for access: asked for by whoever may discover a dataset, decided by its owner or a steward."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, NotFoundError, UsageError
from ghala.governance.access_ends import refuse_gone
from ghala.governance.access_log import note
from ghala.governance.access_rights import require_asker
from ghala.governance.access_scope import READING, require_scope
from ghala.governance.access_terms import (
    ALL,
    find_state,
    read_columns,
    read_place,
    read_rows,
    read_text,
    read_until,
)
from ghala.governance.administration import find_purpose
from ghala.governance.approval import Approvers, Person, require_approver, require_other
from ghala.governance.grantees import read_grantee, require_purpose
from ghala.governance.narrowing import narrowed_terms
from ghala.governance.refusals import refuse_again, refuse_closed, refuse_given
from ghala.governance.waiting import waits_for
from ghala.model.agreement import Agreement
from ghala.model.agreement_history import (
    AgreementEvent,
    begun_detail,
    requested_detail,
    terms_detail,
)
from ghala.model.page import PAGE_ITEMS, ListPlace, Page, page_of
from ghala.model.policy import Action
from ghala.model.predicate import columns_of
from ghala.model.principal import PrincipalKind
from ghala.model.request import Request, RequestDecision, RequestState, Terms
from ghala.model.token import ALPHABET, ID_LENGTH
from ghala.registry import agreements
from ghala.registry.registry import move_epoch
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ghala.governance.access_scope import AccessScope
    from ghala.model.contract import Dataset
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction

MOST_AUTOMATIC = 100
"""With so many agreements about a dataset for one purpose a grantee gets no more without somebody deciding."""
REASSESS_DAYS = 183
"""After so long somebody looks at an agreement that lasts longer."""


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of one registry."""

    scope: AccessScope

    def request(
        self,
        dataset: str,
        *,
        by: Principal,
        purpose: str,
        until: datetime,
        justification: str,
        columns: Collection[str],
        grantee: str | None = None,
        rows: object = None,
    ) -> Request:
        """Ask for access.

        Args:
            dataset: as SQL knows it.
            by: who asks.
            purpose: what for: one of the workspace's purposes.
            until: when it shall end.
            justification: why.
            grantee: for whom: `team:NAME`, `product:DOMAIN/PRODUCT`; `by` themselves if nobody is named.
            columns: those that shall be clear; `*` alone is all that `by` may know of.
            rows: a row predicate as JSON has it; None for all rows.

        Raises:
            DeniedError: `by` may not ask, or not for them.
            NotFoundError: there is no such dataset or grantee, as far as `by` may know.
            UsageError: something that is asked for is not there or not allowed.
            ConflictError: the same is asked for or agreed already.
        """
        require_scope(by, Action.AGREEMENT_REQUEST)
        terms, found = self.terms(
            dataset, by=by, purpose=purpose, until=until, columns=columns, rows=rows
        )
        said = read_text(justification, "asks for access", name="justification")
        policy = self.approving_policy(by, terms, grantee)
        with self.scope.writing() as (connection, scope):
            now_us = scope.now_us()
            approvers = Approvers.of(scope.definitions(), found.id, terms.dataset)
            person = Person.of(connection, by, now_us)
            request = Request(
                id="".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH)),
                grantee=read_grantee(
                    connection,
                    grantee,
                    by,
                    definitions=scope.definitions(),
                    person=person,
                    now_us=now_us,
                ),
                terms=terms,
                dataset_id=found.id,
                justification=said,
                requested_by=by.id,
                on_behalf_of=by.on_behalf_of,
                requested_at=as_time(now_us),
                levels=len(approvers.levels),
            )
            require_purpose(request.grantee, terms.purpose)
            refuse_again(agreements.open_requests(connection, by.id), request)
            agreed = agreements.not_ended(
                connection, found.id, {request.grantee}, terms.purpose, now_us
            )
            refuse_given(agreed, request)
            agreements.add_request(connection, request)
            at, detail = request.requested_at, requested_detail(request)
            _note(connection, AgreementEvent.REQUESTED, request, by, at, detail)
            is_automatic = request.levels == 1 and len(agreed) < MOST_AUTOMATIC
            if policy is not None and is_automatic:
                reason = "a policy approves this automatically"
                request = self._decided(connection, request, by, reason, policy=policy)
        self.scope.forget()
        return request

    def terms(
        self,
        dataset: str,
        *,
        by: Principal,
        purpose: str,
        until: datetime,
        columns: Collection[str],
        rows: object = None,
    ) -> tuple[Terms, Dataset]:
        """Return what is asked for, checked, with the dataset as far as `by` may know it.

        Raises:
            NotFoundError: there is no such dataset, as far as `by` may know.
            UsageError: something is not there or not allowed.
        """
        _, _, found = self.scope.dataset(dataset, by)
        find_purpose(self.scope.purposes(), purpose)
        now = as_time(self.scope.now_us())
        chosen = read_columns(found, columns)
        if not chosen:
            raise UsageError(
                "no column is asked for", hint=f"name those that you need, or {ALL} for all"
            )
        terms = Terms(found.name, chosen, purpose, read_until(until, now), read_rows(found, rows))
        return terms, found

    def requests(
        self, *, by: Principal, state: str | None = None, dataset: str | None = None
    ) -> tuple[Request, ...]:
        """Return the requests that somebody may know of, newest first: all, or those in a state or about a dataset.

        Raises:
            DeniedError: the token of `by` does not allow it.
            UsageError: there is no such state.
        """
        return self.page(by=by, state=state, dataset=dataset, limit=sys.maxsize).items

    def page(
        self,
        *,
        by: Principal,
        state: str | None = None,
        dataset: str | None = None,
        after: str | None = None,
        limit: int = PAGE_ITEMS,
        waiting: bool = False,
        own: bool = False,
    ) -> Page[Request]:
        """Return some of the requests that somebody may know of, newest first; `after` is `next` of the page before.

        With `waiting` those that wait for them: they decide at the level that is due. With `own` those that they made,
        or that are for them.

        Raises:
            DeniedError: the token of `by` does not allow it.
            UsageError: there is no such state or page.
        """
        require_scope(by, *READING)
        wanted = None if state is None else find_state(state, RequestState)
        place, scope = read_place(after), self.scope.still()
        with scope.registry.read() as connection:
            now_us = scope.now_us()
            person = Person.of(connection, by, now_us)
            return page_of(
                lambda behind, most: agreements.requests(
                    connection, wanted, after=behind, most=most
                ),
                lambda one: ListPlace(agreements.as_us(one.requested_at), one.id),
                lambda one: (
                    _is_about(one, dataset)
                    and _sees(scope, person, one)
                    and (not own or scope.is_own(person, one))
                    and (not waiting or waits_for(connection, scope, person, one))
                ),
                after=place,
                limit=limit,
            )

    def find(self, request: str, *, by: Principal) -> Request:
        """Return one request.

        Raises:
            DeniedError: the token of `by` does not allow it.
            NotFoundError: there is none, as far as `by` may know.
        """
        require_scope(by, *READING)
        scope = self.scope.still()
        with scope.registry.read() as connection:
            return _find(scope, connection, request, Person.of(connection, by, scope.now_us()))

    def decide(
        self,
        request: str,
        *,
        by: Principal,
        is_approved: bool,
        reason: str = "",
        columns: Collection[str] = (),
        rows: object = None,
        until: datetime | None = None,
    ) -> Request:
        """Approve a request at its next level, or deny it. At the last level the agreement is in force at once.

        Who approves may give less than was asked for; what is narrower then is decided at the next level.

        Args:
            request: its id.
            by: who decides.
            is_approved: whether it is approved.
            reason: why.
            columns: those of the request that are approved; all if none is named.
            rows: a row predicate that has to hold too, as JSON has it.
            until: an earlier end.

        Raises:
            NotFoundError: there is none, as far as `by` may know.
            DeniedError: `by` does not decide this.
            ConflictError: it is decided already, or its time has passed.
            UsageError: it is denied without a reason, or what is approved is no part of what was asked for.
        """
        is_narrower = bool(columns) or rows is not None or until is not None
        if is_narrower and not is_approved:
            raise UsageError("what is denied is not narrowed", hint="approve it, or leave that out")
        said = reason.strip() if is_approved else read_text(reason, "denies a request")
        with self.scope.writing() as (connection, scope):
            now_us = scope.now_us()
            person = Person.of(connection, by, now_us)
            found = _find(scope, connection, request, person)
            require_approver(by, person, scope.approvers(found), found.level)
            refuse_closed(found)
            is_for_them = scope.is_grantee(person, found.grantee)
            require_other(connection, person, found, is_for_them=is_for_them)
            detail: dict[str, object] = {}
            if is_approved:
                refuse_gone(connection, scope.definitions(), found.grantee, now_us)
            if is_narrower:
                less = narrowed_terms(scope, found, columns, rows, until)
                found = replace(found, terms=less)
                agreements.change_terms(connection, found)
                detail = terms_detail(less)
            changed = self._decided(
                connection, found, by, said, is_approved=is_approved, detail=detail
            )
        self.scope.forget()
        return changed

    def withdraw(self, request: str, *, by: Principal) -> Request:
        """Withdraw a request that nobody has decided yet.

        Raises:
            NotFoundError: there is none, as far as `by` may know.
            DeniedError: it is somebody else's.
            ConflictError: it is decided already.
        """
        require_scope(by, Action.AGREEMENT_REQUEST)
        with self.scope.writing() as (connection, scope):
            now_us = scope.now_us()
            person = Person.of(connection, by, now_us)
            found = _find(scope, connection, request, person)
            require_asker(by, person, found)
            refuse_closed(found)
            agreements.set_state(connection, found.id, RequestState.WITHDRAWN)
            at = as_time(agreements.next_time_us(connection, found.id, now_us))
            _note(connection, AgreementEvent.WITHDRAWN, found, by, at, {})
        return replace(found, state=RequestState.WITHDRAWN)

    def _decided(
        self,
        connection: Transaction,
        request: Request,
        by: Principal,
        reason: str,
        *,
        is_approved: bool = True,
        policy: str | None = None,
        detail: Mapping[str, object] = MappingProxyType({}),
    ) -> Request:
        now_us = self.scope.now_us()
        at = as_time(agreements.next_time_us(connection, request.id, now_us))
        is_last = request.level >= request.levels
        state = RequestState.REQUESTED if is_approved and not is_last else RequestState.DENIED
        told: dict[str, object] = {"level": request.level, "reason": reason, **detail}
        if is_approved and is_last:
            state = RequestState.APPROVED
            agreement = _agreement(request, as_time(now_us))
            agreements.add_agreement(connection, agreement)
            move_epoch(connection)
            told |= begun_detail(agreement)
        decision = RequestDecision(request.level, is_approved, policy or by.id, at, reason)
        agreements.add_decision(connection, request.id, decision, state)
        event = AgreementEvent.APPROVED if is_approved else AgreementEvent.DENIED
        _note(connection, event, request, by, at, told, decided_by=policy)
        return replace(request, state=state, decisions=(*request.decisions, decision))

    def approving_policy(self, by: Principal, terms: Terms, grantee: str | None) -> str | None:
        """Return the policy that approves a request without anybody deciding; None if none does."""
        if by.kind in {PrincipalKind.OWNER, PrincipalKind.PRODUCT}:
            return None
        _, _, full = self.scope.definitions().datasets[terms.dataset]
        now = as_time(self.scope.now_us())
        return self.scope.decider.approving_policy(
            replace(by, purpose=terms.purpose),
            full,
            terms.columns | frozenset(columns_of(terms.rows) if terms.rows else ()),
            days=-(-(terms.until - now) // timedelta(days=1)),
            is_for_others=grantee is not None and grantee.lower() != by.id,
        )


def _find(scope: AccessScope, connection: Transaction, request: str, person: Person) -> Request:
    found = agreements.find_request(connection, request)
    if found is None or not _sees(scope, person, found):
        raise NotFoundError("there is no such request", hint="`ghala access list` names them")
    return found


def _sees(scope: AccessScope, person: Person, request: Request) -> bool:
    return scope.sees(person, request)


def _agreement(request: Request, since: datetime) -> Agreement:
    terms = request.terms
    if terms.until <= since:
        raise ConflictError(
            "the time that was asked for has passed", hint="a new request can ask for another"
        )
    reassess_at = since + timedelta(days=REASSESS_DAYS)
    return Agreement(
        id=request.id,
        grantee=request.grantee,
        dataset=terms.dataset,
        columns=terms.columns,
        purpose=terms.purpose,
        since=since,
        until=terms.until,
        rows=terms.rows,
        dataset_id=request.dataset_id,
        reassess_at=reassess_at if reassess_at < terms.until else None,
    )


def _note(  # noqa: PLR0917 - one fact each
    connection: Transaction,
    event: AgreementEvent,
    request: Request,
    by: Principal,
    at: datetime,
    detail: dict[str, object],
    decided_by: str | None = None,
) -> None:
    about = (request.terms.dataset, request.grantee)
    note(connection, event, request.id, about, by, at, detail, decided_by=decided_by)


def _is_about(request: Request, dataset: str | None) -> bool:
    return dataset is None or str(request.terms.dataset) == dataset.lower()
