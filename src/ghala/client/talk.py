"""What people tell each other about data, through a server: plain values, as the command line's `--json` has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.client.faults import Facts, listed, mapping
from ghala.client.named import split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.client.transport import Transport


@dataclass(frozen=True, slots=True)
class Talk:
    """The glossary, usage, ratings, roadmaps and votes, wishes, tickets."""

    transport: Transport

    def terms(self) -> list[Facts]:
        """Return the terms of the glossary, by their names."""
        return listed(self.transport.get("glossary"), "terms")

    def term(self, name: str) -> Facts:
        """Return a term by its name or a synonym, with an example from the data that one may read."""
        return mapping(self.transport.get("glossary", name))

    def usage(self, product: str) -> Facts:
        """Return how the product `domain/product` was used in the last twelve weeks."""
        return mapping(self.transport.get("products", *split(product, "/"), "usage"))

    def ratings(self, product: str, limit: int = 50) -> Facts:
        """Return how the product `domain/product` is rated, with what was said, newest first."""
        names = ("products", *split(product, "/"), "ratings")
        return mapping(self.transport.get(*names, limit=limit))

    def withdraw_rating(self, product: str) -> None:
        """Take one's own rating of a product back."""
        self.transport.change("DELETE", "products", *split(product, "/"), "ratings")

    def reply_rating(self, product: str, rating: str, text: str) -> Facts:
        """Reply to a rating, for the owner of the product, and return all ratings."""
        names = ("products", *split(product, "/"), "ratings", rating, "reply")
        return mapping(self.transport.change("PUT", *names, body={"text": text}))

    def roadmap(self, product: str) -> Facts:
        """Return the roadmap of the product `domain/product`."""
        return mapping(self.transport.get("products", *split(product, "/"), "roadmap"))

    def vote(self, product: str, item: str) -> Facts:
        """Vote for an item of a roadmap, and return the roadmap."""
        return mapping(self.transport.change("PUT", *_item(product, item)))

    def withdraw_vote(self, product: str, item: str) -> Facts:
        """Take a vote back, and return the roadmap."""
        return mapping(self.transport.change("DELETE", *_item(product, item)))

    # Wishes.

    def make_wish(self, title: str, reason: str) -> Facts:
        """Ask for data that is not there."""
        return mapping(self.transport.post("/wishes", {"title": title, "reason": reason}))

    def wishes(self, **narrowed: object) -> list[Facts]:
        """Return wishes, the most wanted first; narrowed by `state`, `domain` and `limit`."""
        return listed(self.transport.get("wishes", **narrowed), "wishes")

    def wish(self, wish_id: str) -> Facts:
        """Return a wish with what happened to it."""
        return mapping(self.transport.get("wishes", wish_id))

    def vote_wish(self, wish_id: str) -> Facts:
        """Vote for a wish."""
        return mapping(self.transport.change("PUT", "wishes", wish_id, "votes"))

    def withdraw_wish_vote(self, wish_id: str) -> Facts:
        """Take a vote for a wish back."""
        return mapping(self.transport.change("DELETE", "wishes", wish_id, "votes"))

    def assign_wish(self, wish_id: str, domain: str) -> Facts:
        """Say which domain shall answer a wish."""
        return self._wished(wish_id, "assignment", {"domain": domain})

    def answer_wish(
        self,
        wish_id: str,
        state: str,
        text: str = "",
        roadmap_item: str | None = None,
        dataset: str | None = None,
    ) -> Facts:
        """Say what becomes of a wish."""
        said = {"state": state, "text": text, "roadmap_item": roadmap_item, "dataset": dataset}
        return self._wished(wish_id, "answer", said)

    def merge_wish(self, wish_id: str, into: str) -> Facts:
        """Let a wish live on in a like one, and return that one."""
        return self._wished(wish_id, "merging", {"into": into})

    def _wished(self, wish_id: str, verb: str, body: Mapping[str, object]) -> Facts:
        return mapping(self.transport.change("POST", "wishes", wish_id, verb, body=body))

    # Tickets.

    def open_ticket(self, dataset: str, **said: object) -> Facts:
        """Say what is wrong in a dataset: `found`, and maybe `expected`, `place`, `column`, `release`."""
        return mapping(self.transport.post("/tickets", {"dataset": dataset, **said}))

    def tickets(self, state: str | None = None, dataset: str | None = None) -> list[Facts]:
        """Return the tickets that one opened or answers, newest first."""
        return self._all("tickets", state=state, dataset=dataset)

    def ticket(self, ticket_id: str) -> Facts:
        """Return a ticket with all that was said about it."""
        return mapping(self.transport.get("tickets", ticket_id))

    def answer_ticket(
        self, ticket_id: str, state: str, text: str, release: int | None = None
    ) -> Facts:
        """Answer a ticket, for the owner of its dataset."""
        body = {"state": state, "text": text, "release": release}
        return mapping(self.transport.change("POST", "tickets", ticket_id, "answer", body=body))

    def reply_ticket(self, ticket_id: str, text: str) -> Facts:
        """Say more about one's own ticket."""
        body = {"text": text}
        return mapping(self.transport.change("POST", "tickets", ticket_id, "reply", body=body))

    def withdraw_ticket(self, ticket_id: str) -> Facts:
        """Take one's own ticket back."""
        return mapping(self.transport.change("POST", "tickets", ticket_id, "withdrawal", body={}))

    def _all(self, kind: str, **narrowed: object) -> list[Facts]:
        found: list[Facts] = []
        after: object = None
        while True:
            page = mapping(self.transport.get(kind, after=after, **narrowed))
            found += listed(page, kind)
            after = page.get("next")
            if after is None:
                return found


def _item(product: str, item: str) -> tuple[str, ...]:
    return "products", *split(product, "/"), "roadmap", item, "votes"
