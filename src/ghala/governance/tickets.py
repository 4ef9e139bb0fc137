"""Tickets: whoever may know a dataset says what is wrong in it, its owner answers, and both see what became of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, DeniedError, NotFoundError, QuotaError, UsageError
from ghala.governance.access_terms import find_state, read_place
from ghala.governance.administration import record
from ghala.governance.approval import Person
from ghala.governance.keepers import keeps, looks_on, may_answer, read_words, require_answerer
from ghala.model.audit import AuditTag
from ghala.model.notification import Notification, NotificationKind
from ghala.model.page import PAGE_ITEMS, ListPlace, Page, page_of
from ghala.model.principal import PrincipalKind
from ghala.model.release import PROD
from ghala.model.ticket import ANSWERS, Ticket, TicketEntry, TicketState
from ghala.model.token import ALPHABET, ID_LENGTH
from ghala.registry import outbox, releases, tickets
from ghala.registry.agreements import as_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from ghala.governance.access_scope import AccessScope
    from ghala.model.contract import Dataset
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction
    from ghala.spec.kept import Definitions

LONGEST_TEXT = 2_000
LONGEST_PLACE = 500
MOST_OPEN = 100
"""So many tickets of one person wait at once: whoever has more to say should talk to the owner."""


@dataclass(frozen=True, slots=True)
class Tickets:
    """Opens, answers and shows tickets."""

    scope: AccessScope

    def open(
        self,
        dataset: str,
        *,
        by: Principal,
        found: str,
        expected: str = "",
        place: str = "",
        column: str | None = None,
        release: int | None = None,
        environment: str = PROD,
    ) -> Ticket:
        """Say what is wrong in a dataset.

        Args:
            dataset: one that `by` may discover.
            by: who says so.
            found: what is wrong, in their words.
            expected: what they expected.
            place: in which rows: a key, or how to find them.
            column: in which column; None for several or none.
            release: in which release they saw it; None if they do not say.
            environment: where.

        Raises:
            NotFoundError: there is no such dataset, column or release, as far as `by` may know.
            QuotaError: too many of their tickets wait.
            UsageError: a text is missing or too long.
        """
        _, _, known = self.scope.dataset(dataset, by)
        said = read_words(found, "found", LONGEST_TEXT, is_needed=True)
        meant = read_words(expected, "expected", LONGEST_TEXT)
        where = read_words(place, "place", LONGEST_PLACE)
        named = None if column is None else _column(known, column)
        with self.scope.writing() as (connection, scope):
            if release is not None:
                _check_release(connection, known.name, environment, release)
            is_limited = by.kind is not PrincipalKind.OWNER
            if is_limited and tickets.open_count(connection, by.id) >= MOST_OPEN:
                raise QuotaError(f"{by.id} has {MOST_OPEN} tickets that wait", retry_after_s=3600)
            at = as_time(scope.now_us())
            ticket = Ticket(
                id="".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH)),
                dataset=known.name,
                dataset_id=known.id,
                environment=environment,
                column=named,
                release=release,
                place=where,
                found=said,
                expected=meant,
                opened_by=by.id,
                opened_at=at,
                state=TicketState.OPEN,
                mended_in=None,
                changed_at=at,
            )
            tickets.add(connection, ticket)
            self._note(connection, scope, AuditTag.TICKET_OPENED, ticket, by)
        return replace(ticket, history=(TicketEntry(at, by.id, TicketState.OPEN, ""),))

    def answer(
        self, ticket_id: str, *, by: Principal, state: str, text: str, release: int | None = None
    ) -> Ticket:
        """Accept, answer or decline a ticket, or say in which release it is mended: for the owner of its dataset.

        Raises:
            ConflictError: it was withdrawn.
            DeniedError: `by` may not answer it.
            NotFoundError: there is none, as far as `by` may know, or no such release.
            UsageError: there is no such state, the text is missing, or a release where none belongs.
        """
        to = find_state(state, TicketState)
        if to not in ANSWERS:
            raise UsageError(f"an answer is not `{to}`", hint=f"use {', '.join(ANSWERS)}")
        said = read_words(text, "text", LONGEST_TEXT, is_needed=True)
        if (to is TicketState.MENDED) is not (release is not None):
            message = "what is mended is mended in a release, and nothing else is"
            raise UsageError(message, hint="name the release with `mended`")
        with self.scope.writing() as (connection, scope):
            ticket, person = self._seen(connection, scope, ticket_id, by)
            require_answerer(
                by, is_keeper=keeps(person, scope.definitions(), _domain(ticket, scope))
            )
            if ticket.state is TicketState.WITHDRAWN:
                raise ConflictError("the ticket was withdrawn", hint="nobody waits for an answer")
            if release is not None:
                found = scope.definitions().by_id.get(ticket.dataset_id)
                _check_release(
                    connection,
                    found[2].name if found else ticket.dataset,
                    ticket.environment,
                    release,
                )
            entry = TicketEntry(as_time(scope.now_us()), by.id, to, said)
            tickets.change(connection, ticket.id, entry, mended_in=release)
            changed = _changed(ticket, entry, release)
            self._note(connection, scope, AuditTag.TICKET_ANSWERED, changed, by)
        return changed

    def reply(self, ticket_id: str, *, by: Principal, text: str) -> Ticket:
        """Say more about one's own ticket; one that was answered, declined or mended is open again.

        Raises:
            DeniedError: it is somebody else's.
            NotFoundError: there is none, as far as `by` may know.
            UsageError: the text is missing or too long.
        """
        said = read_words(text, "text", LONGEST_TEXT, is_needed=True)
        with self.scope.writing() as (connection, scope):
            ticket = self._own(connection, scope, ticket_id, by)
            state = ticket.state if ticket.state.is_waiting else TicketState.OPEN
            entry = TicketEntry(as_time(scope.now_us()), by.id, state, said)
            tickets.change(connection, ticket.id, entry)
            changed = _changed(ticket, entry, None)
            self._note(connection, scope, AuditTag.TICKET_OPENED, changed, by)
        return changed

    def withdraw(self, ticket_id: str, *, by: Principal) -> Ticket:
        """Take one's own ticket back; it stays on record.

        Raises:
            ConflictError: it was withdrawn already.
            DeniedError: it is somebody else's.
            NotFoundError: there is none, as far as `by` may know.
        """
        with self.scope.writing() as (connection, scope):
            ticket = self._own(connection, scope, ticket_id, by)
            if ticket.state is TicketState.WITHDRAWN:
                raise ConflictError("the ticket was withdrawn already")
            entry = TicketEntry(as_time(scope.now_us()), by.id, TicketState.WITHDRAWN, "")
            tickets.change(connection, ticket.id, entry, mended_in=ticket.mended_in)
            record(connection, AuditTag.TICKET_WITHDRAWN, by, [ticket.id, str(ticket.dataset)])
        return _changed(ticket, entry, ticket.mended_in)

    def find(self, ticket_id: str, *, by: Principal) -> Ticket:
        """Return a ticket with all that was said about it.

        Raises:
            NotFoundError: there is none, as far as `by` may know.
        """
        scope = self.scope.still()
        with scope.registry.read() as connection:
            return self._seen(connection, scope, ticket_id, by)[0]

    def page(
        self,
        *,
        by: Principal,
        state: str | None = None,
        dataset: str | None = None,
        after: str | None = None,
        limit: int = PAGE_ITEMS,
    ) -> Page[Ticket]:
        """Return some of the tickets that somebody opened or answers, newest first.

        Raises:
            NotFoundError: there is no such dataset, as far as `by` may know.
            UsageError: there is no such state or page.
        """
        wanted = None if state is None else find_state(state, TicketState)
        place, scope = read_place(after), self.scope.still()
        dataset_id = None if dataset is None else scope.dataset(dataset, by)[2].id
        with scope.registry.read() as connection:
            person = Person.of(connection, by, scope.now_us())
            return page_of(
                lambda behind, most: tickets.listed(
                    connection, wanted, dataset_id, after=behind, most=most
                ),
                lambda one: ListPlace(as_us(one.opened_at), one.id),
                lambda one: _sees(one, person, by, scope),
                after=place,
                limit=limit,
            )

    def _seen(
        self, connection: Transaction, scope: AccessScope, ticket_id: str, by: Principal
    ) -> tuple[Ticket, Person]:
        ticket = tickets.find(connection, ticket_id)
        person = Person.of(connection, by, scope.now_us())
        if ticket is None or not _sees(ticket, person, by, scope):
            raise NotFoundError(f"there is no ticket `{ticket_id[:80]}`")
        return ticket, person

    def _own(
        self, connection: Transaction, scope: AccessScope, ticket_id: str, by: Principal
    ) -> Ticket:
        ticket, _ = self._seen(connection, scope, ticket_id, by)
        if ticket.opened_by != by.id:
            raise DeniedError(
                f"{by.id} did not open this ticket",
                reasons=["it is for whoever opened it"],
                hint="answer it instead",
            )
        return ticket

    def _note(
        self,
        connection: Transaction,
        scope: AccessScope,
        tag: AuditTag,
        ticket: Ticket,
        by: Principal,
    ) -> None:
        """Record what happened, and tell those who wait for it: without anybody's words."""
        detail: dict[str, object] = {"state": ticket.state.value}
        if ticket.mended_in is not None:
            detail["mended_in"] = ticket.mended_in
        record(connection, tag, by, [ticket.id, str(ticket.dataset)], detail)
        is_opened = tag is AuditTag.TICKET_OPENED
        kind = NotificationKind.TICKET_OPENED if is_opened else NotificationKind.TICKET_ANSWERED
        facts: dict[str, str | int] = {"ticket": ticket.id, "state": ticket.state.value}
        if ticket.mended_in is not None:
            facts["release"] = ticket.mended_in
        notification = Notification(
            kind=kind,
            subject=ticket.id,
            domain=_domain(ticket, scope),
            by=by.id,
            datasets=(str(ticket.dataset),),
            dataset_ids=(ticket.dataset_id,),
            facts=facts,
        )
        outbox.add(connection, notification, scope.now_us())


def _sees(ticket: Ticket, person: Person, by: Principal, scope: AccessScope) -> bool:
    """Return whether somebody sees a ticket: whoever opened it, and who answers for the data or watches over it."""
    if ticket.opened_by == by.id:
        return True
    return may_answer(by) and looks_on(person, scope.definitions(), _domain(ticket, scope))


def _domain(ticket: Ticket, scope: AccessScope) -> str:
    """Return the domain that the dataset is in now, whatever it was called when the ticket was opened."""
    definitions: Definitions = scope.definitions()
    found = definitions.by_id.get(ticket.dataset_id)
    return found[2].name.domain if found else ticket.dataset.domain


def _column(dataset: Dataset, name: str) -> str:
    known = {one.name.lower(): one.name for one in dataset.columns}
    if name.lower() not in known:
        raise NotFoundError(
            f"{dataset.name} has no column `{name[:200]}`",
            hint="leave it out if it is about several",
        )
    return known[name.lower()]


def _check_release(
    connection: Transaction, dataset: DatasetName, environment: str, release: int
) -> None:
    if releases.at_version(connection, environment, dataset, release) is None:
        raise NotFoundError(f"{dataset} has no release {release} in {environment[:80]}")


def _changed(ticket: Ticket, entry: TicketEntry, mended_in: int | None) -> Ticket:
    return replace(
        ticket,
        state=entry.state,
        mended_in=mended_in,
        changed_at=entry.at,
        history=(*ticket.history, entry),
    )
