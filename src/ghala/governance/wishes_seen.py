"""What somebody sees of a wish: no domain, product or dataset that they may not know, and who wished only to answer."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError
from ghala.governance.keepers import keeps, keeps_any, may_answer
from ghala.model.names import DatasetName, ProductName
from ghala.model.policy import Action
from ghala.model.wish import SeenEntry, SeenWish, WishEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.governance.access_scope import AccessScope
    from ghala.governance.approval import Person
    from ghala.model.principal import Principal
    from ghala.model.wish import Wish
    from ghala.spec.kept import Definitions

_LOOKS_BY = frozenset({Action.DATASET_DISCOVER, Action.DATASET_READ, Action.DEMAND_READ})


def require_looker(by: Principal) -> None:
    """Let those pass who may look for data at all.

    Raises:
        DeniedError: the token of `by` does not allow it.
    """
    if by.scopes is not None and not _LOOKS_BY & by.scopes:
        raise DeniedError(
            f"{by.id} may not see wishes with this token",
            reasons=["it has none of the scopes " + ", ".join(sorted(_LOOKS_BY))],
            hint="issue a token with one of them",
        )


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks, with what they may know at this moment."""

    by: Principal
    person: Person
    definitions: Definitions
    datasets: frozenset[DatasetName]
    domains: frozenset[str]

    @classmethod
    def of(cls, person: Person, scope: AccessScope, by: Principal) -> Looker:
        """Return somebody with all that they may discover, and the domains that they answer for."""
        known = scope.definitions()
        datasets = frozenset(filter(scope.decider.discoverer(by), known.datasets))
        kept = (domain for domain in known.owners if keeps(person, known, domain))
        domains = frozenset({*(name.domain for name in datasets), *kept})
        return cls(by, person, known, datasets, domains)

    def domain(self, name: str) -> str:
        """Return a domain by its name.

        Raises:
            NotFoundError: there is none, as far as they may know.
        """
        wanted = name.strip().lower()
        if wanted not in self.domains:
            close = get_close_matches(wanted[:80], sorted(self.domains), 1)
            hint = f"did you mean `{close[0]}`?" if close else None
            raise NotFoundError(f"there is no domain `{name[:200]}`", hint=hint)
        return wanted

    def seen(self, wish: Wish, *, is_voted: bool) -> SeenWish:
        """Return a wish as they see it."""
        answers = may_answer(self.by) and (
            keeps(self.person, self.definitions, wish.domain)
            if wish.domain
            else keeps_any(self.person, self.definitions)
        )
        is_own = wish.wished_by == self.by.id
        return SeenWish(
            id=wish.id,
            title=wish.title,
            reason=wish.reason,
            domain=wish.domain if wish.domain in self.domains else "",
            wished_by=wish.wished_by if answers or is_own else None,
            wished_at=wish.wished_at,
            state=wish.state,
            changed_at=wish.changed_at,
            answer=wish.answer,
            roadmap_item=wish.roadmap_item if self._knows_item(wish.roadmap_item) else None,
            dataset=wish.dataset if self._knows_dataset(wish.dataset) else None,
            merged_into=wish.merged_into,
            votes=wish.votes,
            is_voted=is_voted,
            is_own=is_own,
            may_answer=answers,
            history=tuple(self._entries(wish, is_answering=answers)),
        )

    def _entries(self, wish: Wish, *, is_answering: bool) -> Iterator[SeenEntry]:
        for one in wish.history:
            is_hidden = one.event is WishEvent.ASSIGNED and one.text not in self.domains
            yield SeenEntry(
                at=one.at,
                by=one.by if is_answering or one.by == self.by.id else None,
                event=one.event,
                text="" if is_hidden else one.text,
            )

    def _knows_item(self, item: str | None) -> bool:
        if item is None:
            return False
        product = self.definitions.products.get(ProductName.parse(item.partition("#")[0]))
        return product is not None and any(one.name in self.datasets for one in product.datasets)

    def _knows_dataset(self, dataset: str | None) -> bool:
        return dataset is not None and DatasetName.parse(dataset) in self.datasets
