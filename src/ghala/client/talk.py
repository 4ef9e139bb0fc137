"""What people tell each other about data, through a server: plain values, as the command line's `--json` has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.client.faults import Facts, mapping
from ghala.client.named import split

if TYPE_CHECKING:
    from ghala.client.transport import Transport


@dataclass(frozen=True, slots=True)
class Talk:
    """Roadmaps and votes."""

    transport: Transport

    def roadmap(self, product: str) -> Facts:
        """Return the roadmap of the product `domain/product`."""
        return mapping(self.transport.get("products", *split(product, "/"), "roadmap"))

    def vote(self, product: str, item: str) -> Facts:
        """Vote for an item of a roadmap, and return the roadmap."""
        return mapping(self.transport.change("PUT", *_item(product, item)))

    def withdraw_vote(self, product: str, item: str) -> Facts:
        """Take a vote back, and return the roadmap."""
        return mapping(self.transport.change("DELETE", *_item(product, item)))


def _item(product: str, item: str) -> tuple[str, ...]:
    return "products", *split(product, "/"), "roadmap", item, "votes"
