"""What finds things and keeps what was not found, over one workspace: the parts of the search, put together."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import StorageError
from ghala.governance.demand import Demand
from ghala.query.glossary import Glossary
from ghala.query.indexing import SearchIndex
from ghala.query.product_search import ProductSearch
from ghala.query.product_words import KeptProductWords
from ghala.query.search import Search
from ghala.query.visible import Visibility
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ghala.model.term import Term
    from ghala.query.visible import Discoverer
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finders:
    """Search, the index that it looks into, the demand that it leaves behind, and the glossary."""

    search: Search
    products: ProductSearch
    index: SearchIndex
    demand: Demand
    glossary: Glossary

    @classmethod
    def over(
        cls,
        registry: Registry,
        definitions: Callable[[], Definitions],
        terms: Callable[[], Sequence[Term]],
        decider: Discoverer | None = None,
    ) -> Finders:
        """Return them; without a decider, everything exists for the workspace's owner and nothing for others."""
        index = SearchIndex(registry, definitions, terms)
        demand = Demand(registry, definitions, now_us)

        def missed(text: str, domain: str) -> None:
            try:
                demand.missed(text, domain)
            except StorageError as error:
                # Whoever searches has their answer all the same.
                _LOG.warning("a search that found nothing was not kept: %s", error.code)

        visibility = Visibility(definitions, decider)
        search = Search(registry, index, visibility, terms, missed)
        words = KeptProductWords(definitions, terms)
        products = ProductSearch(registry, index, visibility, words, missed)
        return cls(search, products, index, demand, Glossary(registry, terms, visibility, decider))
