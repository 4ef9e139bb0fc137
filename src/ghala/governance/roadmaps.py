"""Roadmaps: what is to come of a product, for all who may know it, and how many of them want it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError, UsageError
from ghala.governance.administration import record
from ghala.governance.products_seen import require_voter, seen_product
from ghala.model.audit import AuditTag
from ghala.model.roadmap import SeenRoadmap, VotedItem
from ghala.registry import votes

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.governance.products_seen import Discoverer
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.model.roadmap import RoadmapItem
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions


@dataclass(frozen=True, slots=True)
class Roadmaps:
    """Shows roadmaps, and counts votes: one for each person and item."""

    registry: Registry
    definitions: Callable[[], Definitions]
    decider: Discoverer
    now_us: Callable[[], int]

    def roadmap(self, name: str, *, by: Principal) -> SeenRoadmap:
        """Return a product's roadmap; empty if its owner wrote none.

        Raises:
            NotFoundError: there is no such product, as far as `by` may know.
        """
        product, datasets = seen_product(self.definitions(), self.decider, name, by)
        return self._seen(product, frozenset(one.name.dataset for one in datasets), by)

    def vote(self, name: str, item: str, *, by: Principal) -> SeenRoadmap:
        """Vote for an item; a second vote of the same person changes nothing.

        Raises:
            DeniedError: `by` is no person.
            NotFoundError: there is no such product or item, as far as `by` may know.
            UsageError: the item is shipped or declined: nobody waits for it.
        """
        found, about = self._item(name, item, by)
        if not found.state.is_open:
            raise UsageError(
                f"`{found.id}` is {found.state}",
                hint="votes are for what is planned or being built",
            )
        with self.registry.write() as connection:
            if votes.give(connection, about, by.id, self.now_us()):
                record(connection, AuditTag.VOTE_GIVEN, by, [about])
        return self.roadmap(name, by=by)

    def withdraw(self, name: str, item: str, *, by: Principal) -> SeenRoadmap:
        """Take a vote back; without one nothing changes.

        Raises:
            DeniedError: `by` is no person.
            NotFoundError: there is no such product or item, as far as `by` may know.
        """
        _, about = self._item(name, item, by)
        with self.registry.write() as connection:
            if votes.withdraw(connection, about, by.id):
                record(connection, AuditTag.VOTE_WITHDRAWN, by, [about])
        return self.roadmap(name, by=by)

    def _item(self, name: str, item: str, by: Principal) -> tuple[RoadmapItem, str]:
        product, _ = seen_product(self.definitions(), self.decider, name, by)
        require_voter(by)
        known = {one.id: one for one in product.roadmap.items}
        found = known.get(item.lower())
        if found is None:
            close = get_close_matches(item[:80], list(known), 1)
            hint = f"did you mean `{close[0]}`?" if close else None
            raise NotFoundError(f"{product.name} has no item `{item[:80]}` to come", hint=hint)
        return found, about_item(product, found.id)

    def _seen(self, product: Product, datasets: frozenset[str], by: Principal) -> SeenRoadmap:
        roadmap = product.roadmap
        about = {one.id: about_item(product, one.id) for one in roadmap.items}
        with self.registry.read() as connection:
            counts = votes.counts(connection, about.values())
            own = votes.of_account(connection, about.values(), by.id)
        return SeenRoadmap(
            str(product.name),
            tuple(
                VotedItem(
                    id=one.id,
                    title=one.title,
                    state=one.state,
                    description=one.description,
                    by=one.by,
                    votes=counts.get(about[one.id], 0),
                    is_voted=about[one.id] in own,
                )
                for one in roadmap.items
            ),
            tuple(one for one in roadmap.changes if not one.dataset or one.dataset in datasets),
        )


def about_item(product: Product, item: str) -> str:
    """Return what votes for an item are about."""
    return f"roadmap:{product.name}#{item}"
