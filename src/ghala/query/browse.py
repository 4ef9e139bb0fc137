"""The catalog as a page shows it: products that exist for somebody, narrowed, counted, in order, with their facts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError, UsageError
from ghala.model.browsing import Order
from ghala.model.plain import plain
from ghala.query.cursors import PagePlace
from ghala.query.shelf import narrowed
from ghala.registry import browsing
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ghala.model.browsing import Browse
    from ghala.model.principal import Principal
    from ghala.query.browse_facts import ProductFacts
    from ghala.query.cursors import Cursors
    from ghala.query.discover import Facts
    from ghala.query.product_search import ProductSearch
    from ghala.query.shelf import Entry, Shelves
    from ghala.registry.registry import Registry

MOST_PRODUCTS = 100


@dataclass(frozen=True, slots=True)
class Browser:
    """Shows the catalog."""

    registry: Registry
    shelves: Shelves
    search: ProductSearch
    facts: ProductFacts
    cursors: Cursors

    def page(
        self, asked: Browse, principal: Principal, *, cursor: str | None = None, limit: int = 20
    ) -> Facts:
        """Return some products that fit what is asked, the values of all facets, and where the next page begins.

        Raises:
            DeniedError: the token that proved who asks does not allow to discover anything.
            NotFoundError: there is no such page.
            UsageError: the text is too long, or the limit not allowed.
        """
        if not 1 <= limit <= MOST_PRODUCTS:
            raise UsageError(f"a page of the catalog has 1 to {MOST_PRODUCTS} products")
        question = _digest(asked)
        start = 0 if cursor is None else self._start(cursor, question, principal)
        shelf = self.shelves.of(principal)
        if asked.text.strip():
            names = self.search.products(asked.text, principal, shelf, is_typing=asked.is_typing)
            among = [shelf.entries[name] for name in names]
        else:
            among = list(shelf.entries.values())
        fitting, facets = narrowed(among, asked.chosen)
        ordered = self._ordered(fitting, asked)
        some = ordered[start : start + limit]
        more = start + limit < len(ordered)
        place = PagePlace(question, start + limit, limit)
        return {
            "products": self.facts.of(some, shelf, principal),
            "total": len(fitting),
            "facets": {
                facet.value: [plain(value) for value in values] for facet, values in facets.items()
            },
            "cursor": self.cursors.sign(place, principal) if more else None,
        }

    def _start(self, cursor: str, question: str, principal: Principal) -> int:
        place = self.cursors.read(cursor, principal)
        if place.question != question:
            raise NotFoundError(
                "this page is of another question", hint="ask again from the first page"
            )
        return place.start

    def _ordered(self, entries: list[Entry], asked: Browse) -> list[Entry]:
        match asked.order:
            case Order.FIT if asked.text.strip():
                return entries
            case Order.NEWEST:
                return sorted(
                    entries, key=lambda one: (-(one.release.at_us if one.release else 0), one.name)
                )
            case Order.POPULAR:
                with self.registry.read() as connection:
                    used = browsing.grantees(connection, now_us())
                return sorted(entries, key=lambda one: (-_users(one, used), one.name))
            case Order.RATED:
                with self.registry.read() as connection:
                    given = browsing.stars(connection)
                return sorted(
                    entries, key=lambda one: (-given.get(one.name, (0, 0.0))[1], one.name)
                )
            case _:
                return sorted(entries, key=lambda one: (one.product.title.casefold(), one.name))


def _users(entry: Entry, used: dict[str, frozenset[str]]) -> int:
    return len(frozenset[str]().union(*(used.get(one.id, ()) for one in entry.datasets)))


def _digest(asked: Browse) -> str:
    """Return what tells one question of the catalog from another, as a cursor has it."""
    chosen: Iterable[object] = (
        (facet.value, sorted(values)) for facet, values in sorted(asked.chosen.items()) if values
    )
    text = repr((asked.text.strip(), asked.order.value, list(chosen)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
