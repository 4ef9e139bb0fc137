"""What happens, told to those whom it concerns: runs and releases of what they discover, access that they may see."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ghala.governance.approval import Person
from ghala.governance.kept_decisions import KeptDecisions
from ghala.governance.notification_audience import People, find_audience
from ghala.model.event import EventKind, EventPage, SeenEvent
from ghala.model.moment import of_microseconds
from ghala.model.names import ProductName
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.registry import agreements, events, outbox
from ghala.registry.registry import read_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ghala.governance.access_scope import AccessScope
    from ghala.model.event import Event
    from ghala.model.names import DatasetName
    from ghala.model.notification import Kept, Notification
    from ghala.model.principal import Principal
    from ghala.model.request import Request
    from ghala.registry.identity import Transaction

_READ_AT_ONCE = 500
_SEEN_AT_ONCE = 100
"""Of so many events at once it is looked up who may know them."""
_SUBJECTS = ("ticket", "wish", "incident")
_MOST_LOOKS = 20
"""So often further events are read for those who may know few of them."""
MOST = 200
"""So many events that somebody may know are answered at once."""


class Look(NamedTuple):
    """What moved: the registry's epoch, and the number of the newest event."""

    epoch: int
    newest: int


@dataclass(frozen=True, slots=True)
class Events:
    """The events of one registry, over what may be discovered and who may see which request."""

    scope: AccessScope
    # Whom a notification is for is the same for all who listen.
    _audiences: KeptDecisions[frozenset[str]] = field(
        default_factory=lambda: KeptDecisions(256), repr=False, compare=False
    )

    def look(self) -> Look:
        """Return what tells whether anything happened."""
        with self.scope.registry.read() as connection:
            return Look(read_epoch(connection), events.newest(connection))

    def newest(self) -> int:
        """Return the number of the newest event."""
        with self.scope.registry.read() as connection:
            return events.newest(connection)

    def read(self, after: int, limit: int = _READ_AT_ONCE) -> tuple[Event, ...]:
        """Return all events that follow one, whoever may know them."""
        with self.scope.registry.read() as connection:
            return events.after(connection, after, limit)

    def page(self, principal: Principal, after: int, most: int = MOST) -> EventPage:
        """Return the events after one that somebody may know."""
        with self.scope.registry.read() as connection:
            kept = events.span(connection)
        if after > kept.newest or (kept.oldest and after < kept.oldest - 1):
            return EventPage((), kept.newest, is_behind=True)
        seen: list[SeenEvent] = []
        while found := self.read(after):
            page = self.page_of(principal, found, after, most - len(seen))
            seen += page.events
            after = page.number
            if len(seen) == most:
                break
        return EventPage(tuple(seen), after)

    def recent(
        self, principal: Principal, most: int = MOST, *, told: bool = False
    ) -> tuple[SeenEvent, ...]:
        """Return the newest events that somebody may know, newest first.

        With `told` those that they should hear of: notifications for them or a team of theirs, and what others did
        about access that they have, asked for or decide about.
        """
        seen: list[SeenEvent] = []
        with self.scope.registry.read() as connection:
            at = events.newest(connection) + 1
        for _ in range(_MOST_LOOKS):
            with self.scope.registry.read() as connection:
                found = events.before(connection, at, _READ_AT_ONCE)
            if not found:
                break
            at = found[-1].number
            wanted = [one for one in found if not told or _is_news(one)]
            known = self.seen_by(principal, wanted)
            seen += [one for one in known if not told or one.by != principal.id]
            if len(seen) >= most:
                break
        return tuple(seen[:most])

    def page_of(
        self, principal: Principal, found: Sequence[Event], after: int, most: int = MOST
    ) -> EventPage:
        """Return of some events, which follow one, those that somebody may know."""
        seen: list[SeenEvent] = []
        for one in self.seen_by(principal, found):
            seen.append(one)
            if len(seen) == most:
                return EventPage(tuple(seen), one.number)
        return EventPage(tuple(seen), found[-1].number if found else after)

    def seen_by(self, principal: Principal, found: Iterable[Event]) -> Iterator[SeenEvent]:
        """Yield of some events those that somebody may know."""
        look, left = _Sight(self.scope.still(), principal, self._audiences), iter(found)
        while events_at_once := list(islice(left, _SEEN_AT_ONCE)):
            yield from look.see(events_at_once)


class _Sight:
    """What one principal may know of events, at one state of the definitions."""

    def __init__(
        self,
        scope: AccessScope,
        principal: Principal,
        audiences: KeptDecisions[frozenset[str]],
    ) -> None:
        self._scope, self._principal, self._audiences = scope, principal, audiences
        self._discovers = scope.decider.discoverer(principal)
        scopes = principal.scopes
        self._sees_access = scopes is None or Action.AGREEMENT_REQUEST in scopes

    def see(self, found: Sequence[Event]) -> list[SeenEvent]:
        """Return those of some events that may be known, as they may be."""
        wanted = {one.subject for one in found if one.kind.is_about_agreement}
        with self._scope.registry.read() as connection:
            person = Person.of(connection, self._principal, self._scope.now_us())
            known = agreements.requests(connection, among=wanted) if self._sees_access else ()
            requests = {one.id: one for one in known}
            heard = {
                one.subject: kept
                for one in found
                if one.kind is EventKind.NOTIFICATION_TOLD
                and (kept := outbox.find(connection, int(one.subject))) is not None
                and self._hears(connection, person, kept)
            }
        seen = (self._see(one, person, requests, heard) for one in found)
        return [one for one in seen if one is not None]

    def _see(
        self,
        event: Event,
        person: Person,
        requests: Mapping[str, Request],
        heard: Mapping[str, Kept],
    ) -> SeenEvent | None:
        if event.kind.is_about_agreement:
            request = requests.get(event.subject)
            return None if request is None else self._agreement(event, person, request)
        if event.kind is EventKind.NOTIFICATION_TOLD:
            kept = heard.get(event.subject)
            return None if kept is None else self._notification(event, kept)
        return self._of_product(event)

    def _of_product(self, event: Event) -> SeenEvent | None:
        if not self._discovers_product(event.subject, any):
            return None
        facts, release = event.facts, event.facts.get("release")
        return replace(
            _seen(event),
            product=event.subject,
            environment=str(facts["environment"]),
            run=str(facts["run"]),
            release=None if release is None else int(release),
        )

    def _discovers_product(self, name: str, which: Callable[[Iterable[bool]], bool]) -> bool:
        product = self._scope.definitions().products.get(ProductName.parse(name))
        names: Sequence[DatasetName] = (
            () if product is None else [one.name for one in product.datasets]
        )
        return bool(names) and which(map(self._discovers, names))

    def _agreement(self, event: Event, person: Person, request: Request) -> SeenEvent | None:
        if not self._scope.sees(person, request):
            return None
        return replace(
            _seen(event),
            agreement=request.id,
            dataset=str(request.terms.dataset),
            by=str(event.facts["by"]),
        )

    def _notification(self, event: Event, kept: Kept) -> SeenEvent | None:
        told = kept.notification
        if told.product:
            # Its words are about all of its datasets.
            if not self._discovers_product(told.product, all):
                return None
            return replace(
                _seen(event), told=told.kind.value, product=told.product, about=_about(told)
            )
        if not self._sees_access:
            return None
        agreement = told.facts.get("agreement")
        return replace(
            _seen(event),
            told=told.kind.value,
            agreement=None if agreement is None else str(agreement),
            about=_about(told),
        )

    def _hears(self, connection: Transaction, person: Person, kept: Kept) -> bool:
        """Return whether something is for somebody: for a user, or for the team of one."""
        if self._principal.kind is PrincipalKind.OWNER:
            return True
        now_us, definitions = self._scope.now_us(), self._scope.definitions()

        def heard() -> tuple[frozenset[str], None]:
            people = People.of(connection, now_us)
            found = find_audience(connection, people, definitions, kept.notification, now_us)
            return found.ids, None

        now = of_microseconds(now_us)
        ids = self._audiences.get((kept.number,), definitions, now, heard)
        return bool(person.ids & ids)


def _about(told: Notification) -> str | None:
    found = (told.facts.get(name) for name in _SUBJECTS)
    return next((str(one) for one in found if one is not None), None)


def _is_news(event: Event) -> bool:
    return event.kind is EventKind.NOTIFICATION_TOLD or event.kind.is_about_agreement


def _seen(event: Event) -> SeenEvent:
    return SeenEvent(event.number, event.at, event.kind)
