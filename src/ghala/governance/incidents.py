"""Incidents: who sees them, who takes care of them, and those that only the clock finds."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, NotFoundError, UsageError
from ghala.governance.administration import record
from ghala.governance.responsible import require_responsible
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.incident import (
    BY_TIME,
    IncidentCause,
    IncidentEventKind,
    IncidentState,
    ShownIncident,
    level_key,
)
from ghala.model.notification import Notification, NotificationKind
from ghala.model.page import PAGE_ITEMS, ListPlace, Page, page_of
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.model.release import PROD
from ghala.registry import audit, environments, incidents, outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ghala.governance.decider import EndpointDecider
    from ghala.model.incident import Incident
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.model.service_level import PromisedLevel
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

LONGEST_TEXT = 2_000
LONGEST_TITLE = 200
_KEPT = "Its consumers keep the last release."


@dataclass(frozen=True, slots=True)
class Incidents:
    """Shows incidents to whoever may discover one of their datasets; those who are responsible take care of them."""

    registry: Registry
    definitions: Callable[[], Definitions]
    decider: EndpointDecider
    now_us: Callable[[], int]

    def page(
        self,
        *,
        by: Principal,
        environment: str = PROD,
        state: str | None = None,
        product: str | None = None,
        among: Collection[str] | None = None,
        after: str | None = None,
        limit: int = PAGE_ITEMS,
    ) -> Page[ShownIncident]:
        """Return incidents, newest first: of one state (`open` stands for all that are not resolved), or of all.

        Raises:
            UsageError: the state or the place is none.
            NotFoundError: there is no such product or environment, as far as `by` may know.
        """
        wanted = _state(state)
        visible = self._visible(by)
        products = sorted({str(known[0]) for known in visible.values()})
        if product is not None:
            if product.lower() not in products:
                raise NotFoundError(f"there is no product `{product[:200]}`")
            products = [product.lower()]
        if among is not None:
            products = [one for one in products if one in among]
        is_open = None if wanted is None else wanted is not IncidentState.RESOLVED
        with environments.read(self.registry, environment) as connection:

            def read(place: ListPlace | None, limit: int) -> Sequence[Incident]:
                return incidents.page(
                    connection, environment, products, is_open=is_open, after=place, limit=limit
                )

            found = page_of(
                read,
                lambda one: ListPlace(round(one.opened_at.timestamp() * 1_000_000), one.id),
                lambda one: self._is_shown(one, visible, wanted),
                after=_place(after),
                limit=limit,
            )
        return Page(
            tuple(ShownIncident(one, _names(one, visible)) for one in found.items), found.next
        )

    def find(self, incident: str, *, by: Principal) -> ShownIncident:
        """Return an incident with its timeline.

        Raises:
            NotFoundError: there is none of that id, as far as `by` may know.
        """
        visible = self._visible(by)
        with self.registry.read() as connection:
            found = self._found(connection, incident, visible)
            return ShownIncident(
                found, _names(found, visible), incidents.events(connection, found.id)
            )

    def open(
        self,
        product: str,
        title: str,
        *,
        by: Principal,
        text: str = "",
        datasets: Sequence[str] = (),
        environment: str = PROD,
    ) -> ShownIncident:
        """Open an incident by hand, about some datasets of a product, or all of it.

        Raises:
            NotFoundError: there is no such product or dataset of it, as far as `by` may know.
            DeniedError: `by` is not responsible for the product.
            UsageError: the title or the text is not allowed.
        """
        visible = self._visible(by)
        found = self._product(product, visible)
        require_responsible(by, self.definitions(), found, Action.INCIDENT_MANAGE)
        known = {str(one.name): one.id for one in found.datasets}
        for name in datasets:
            if name.lower() not in known:
                raise NotFoundError(f"{found.name} has no dataset `{name[:200]}`")
        ids = [known[name.lower()] for name in datasets] or list(known.values())
        opening = incidents.Opening(
            environment=environment,
            product=found.name,
            cause=IncidentCause.BY_HAND,
            key=f"{environment}:{found.name}:{secrets.token_hex(8)}",
            title=_said(title, "title", LONGEST_TITLE),
            dataset_ids=ids,
            by=by.id,
            text=_said(text, "text", LONGEST_TEXT) if text.strip() else "",
        )
        now_us = self.now_us()
        with self.registry.write() as connection:
            environments.require(connection, environment)
            opened = incidents.open_new(connection, opening, now_us)
            self._record(connection, AuditTag.INCIDENT_OPENED, by, opened, opening)
            kind = NotificationKind.INCIDENT_OPENED
            outbox.add(connection, _notification(kind, opened, found, opening), now_us)
        return self.find(opened, by=by)

    def acknowledge(self, incident: str, *, by: Principal, text: str = "") -> ShownIncident:
        """Say that one takes care of an incident.

        Raises:
            ConflictError: somebody does already, or it is over.
        """
        said = _said(text, "text", LONGEST_TEXT) if text.strip() else ""

        def change(connection: Transaction, found: Incident, now_us: int) -> None:
            if found.state is not IncidentState.OPEN:
                by_whom = f" by {found.acknowledged_by}" if found.acknowledged_by else ""
                raise ConflictError(f"incident {found.id} is {found.state} already{by_whom}")
            incidents.acknowledge(connection, found.id, by.id, now_us)
            kind = IncidentEventKind.ACKNOWLEDGED
            incidents.add_event(connection, found.id, kind, by.id, said, now_us)

        return self._changed(incident, by, AuditTag.INCIDENT_ACKNOWLEDGED, change)

    def note(self, incident: str, text: str, *, by: Principal) -> ShownIncident:
        """Add a note to an incident, which everybody can read who sees it."""
        said = _said(text, "text", LONGEST_TEXT)

        def change(connection: Transaction, found: Incident, now_us: int) -> None:
            kind = IncidentEventKind.NOTED
            incidents.add_event(connection, found.id, kind, by.id, said, now_us)

        return self._changed(incident, by, AuditTag.INCIDENT_NOTED, change)

    def resolve(self, incident: str, reason: str, *, by: Principal) -> ShownIncident:
        """Say that an incident is over, and why. If its cause goes on, it is opened anew.

        Raises:
            ConflictError: it is over already.
        """
        said = _said(reason, "reason", LONGEST_TEXT)

        def change(connection: Transaction, found: Incident, now_us: int) -> None:
            if found.state is IncidentState.RESOLVED:
                raise ConflictError(f"incident {found.id} is over already")
            incidents.resolve(connection, found.id, by.id, said, now_us)
            product = self.definitions().products.get(found.product)
            if product is not None:
                told = _notification(NotificationKind.INCIDENT_RESOLVED, found.id, product, found)
                outbox.add(connection, told, now_us)

        return self._changed(incident, by, AuditTag.INCIDENT_RESOLVED, change)

    def look(
        self, missed: Iterable[tuple[DatasetName, PromisedLevel]], environment: str = PROD
    ) -> int:
        """Open an incident of each service level that is missed, resolve those that are met again; return how many."""
        known = self.definitions().datasets
        now = {
            level_key(environment, known[name][2].id, level.kind): (name, level)
            for name, level in missed
        }
        cause = IncidentCause.LEVEL_MISSED
        with self.registry.read() as connection:
            before = incidents.still_open(connection, environment, cause)
        if now.keys() == before.keys():
            return 0
        changed, now_us = 0, self.now_us()
        with self.registry.write() as connection:
            # Another server may have looked meanwhile.
            before = incidents.still_open(connection, environment, cause)
            for key in sorted(now.keys() - before.keys()):
                name, level = now[key]
                product, _, dataset = known[name]
                opening = incidents.Opening(
                    environment=environment,
                    product=product.name,
                    cause=cause,
                    key=key,
                    title=f"{name} misses its {level.kind} of {level.words}",
                    dataset_ids=[dataset.id],
                    by=BY_TIME,
                    text=_KEPT,
                )
                opened = incidents.open_new(connection, opening, now_us)
                _record_by_time(connection, AuditTag.INCIDENT_OPENED, opened, opening)
                facts = {"level": level.kind.value, "objective": level.words}
                kind = NotificationKind.INCIDENT_OPENED
                told = _notification(kind, opened, product, opening, facts)
                outbox.add(connection, told, now_us)
                changed += 1
            for key in sorted(before.keys() - now.keys()):
                found = before[key]
                text = "The level is met again, or promised no more."
                incidents.resolve(connection, found.id, BY_TIME, text, now_us)
                _record_by_time(connection, AuditTag.INCIDENT_RESOLVED, found.id, found)
                changed += 1
        return changed

    def _changed(
        self,
        incident: str,
        by: Principal,
        tag: AuditTag,
        change: Callable[[Transaction, Incident, int], None],
    ) -> ShownIncident:
        """Change an incident for somebody who is responsible, and return it as it is then.

        Raises:
            NotFoundError: there is none of that id, as far as `by` may know.
            DeniedError: `by` is not responsible for its product.
        """
        visible = self._visible(by)
        with self.registry.write() as connection:
            found = self._found(connection, incident, visible)
            product = self.definitions().products.get(found.product)
            if product is None:
                raise NotFoundError(f"there is no incident `{incident[:80]}`")
            require_responsible(by, self.definitions(), product, Action.INCIDENT_MANAGE)
            change(connection, found, self.now_us())
            self._record(connection, tag, by, found.id, found)
        return self.find(incident, by=by)

    def _visible(self, by: Principal) -> Mapping[str, tuple[object, DatasetName]]:
        """Return the datasets that somebody may discover, by identity, each with its product's name."""
        discovers = self.decider.discoverer(by)
        return {
            dataset.id: (product.name, name)
            for name, (product, _, dataset) in self.definitions().datasets.items()
            if discovers(name)
        }

    def _product(self, name: str, visible: Mapping[str, tuple[object, DatasetName]]) -> Product:
        known = {str(product) for product, _ in visible.values()}
        if name.lower() in known:
            for product in self.definitions().products.values():
                if str(product.name) == name.lower():
                    return product
        raise NotFoundError(f"there is no product `{name[:200]}`")

    def _found(
        self,
        connection: Transaction,
        incident: str,
        visible: Mapping[str, tuple[object, DatasetName]],
    ) -> Incident:
        found = incidents.find(connection, incident)
        if found is None or not self._is_shown(found, visible, None):
            raise NotFoundError(f"there is no incident `{incident[:80]}`")
        return found

    def _is_shown(
        self,
        incident: Incident,
        visible: Mapping[str, tuple[object, DatasetName]],
        wanted: IncidentState | None,
    ) -> bool:
        if not visible.keys() & set(incident.dataset_ids):
            return False
        # Who asks for what is open wants all that is not over.
        return wanted is not IncidentState.ACKNOWLEDGED or incident.state is wanted

    def _record(
        self,
        connection: Transaction,
        tag: AuditTag,
        by: Principal,
        incident: str,
        about: Incident | incidents.Opening,
    ) -> None:
        detail = {
            "incident": incident,
            "cause": about.cause.value,
            "environment": about.environment,
        }
        record(connection, tag, by, [str(about.product)], detail)


def _record_by_time(
    connection: Transaction, tag: AuditTag, incident: str, about: Incident | incidents.Opening
) -> None:
    detail = {"incident": incident, "cause": about.cause.value, "environment": about.environment}
    audit.append(connection, AuditEntry(tag, BY_TIME, "operations", (str(about.product),), detail))


def _notification(
    kind: NotificationKind,
    incident: str,
    product: Product,
    about: Incident | incidents.Opening,
    facts: Mapping[str, str | int] | None = None,
) -> Notification:
    ids = set(about.dataset_ids)
    told = [one for one in product.datasets if one.id in ids]
    return Notification(
        kind=kind,
        subject=incident,
        domain=product.name.domain,
        by=BY_TIME if about.cause is IncidentCause.LEVEL_MISSED else PrincipalKind.USER.value,
        product=str(product.name),
        datasets=tuple(str(one.name) for one in told),
        dataset_ids=tuple(one.id for one in told),
        facts={
            "incident": incident,
            "environment": about.environment,
            "cause": about.cause.value,
            **(facts or {}),
        },
    )


def _names(
    incident: Incident, visible: Mapping[str, tuple[object, DatasetName]]
) -> tuple[str, ...]:
    return tuple(sorted(str(visible[one][1]) for one in incident.dataset_ids if one in visible))


def _state(text: str | None) -> IncidentState | None:
    if text is None:
        return None
    known = [state.value for state in IncidentState]
    if text not in known:
        listed = ", ".join(f"`{one}`" for one in known)
        raise UsageError(f"`{text[:80]}` is no state of an incident", hint=f"use {listed}")
    return IncidentState(text)


def _place(text: str | None) -> ListPlace | None:
    if text is None:
        return None
    try:
        return ListPlace.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _said(text: str, what: str, longest: int) -> str:
    said = text.strip()
    is_printed = all(one.isprintable() or one == "\n" for one in said)
    if not said or len(said) > longest or not is_printed:
        raise UsageError(f"a {what} has 1 to {longest:,} printable characters")
    return said
