"""Ratings: what those who queried a product think of it, for all who may know it; nobody learns who said what."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.administration import record
from ghala.governance.approval import Person
from ghala.governance.authorize import Asked
from ghala.governance.keepers import keeps, may_answer, read_words, require_answerer
from ghala.governance.products_seen import seen_product
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.model.rating import GivenRating, KeptRating, ProductRatings
from ghala.model.token import ALPHABET, ID_LENGTH
from ghala.registry import ratings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ghala.governance.access_scope import AccessScope
    from ghala.governance.products_seen import SeenProduct
    from ghala.model.principal import Principal

LONGEST_COMMENT = 1_000
LONGEST_REPLY = 1_000
MOST_STARS = 5
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Ratings:
    """What people think of the products that they use.

    `has_queried` says whether somebody ever asked a question about some datasets that was answered from them.
    """

    scope: AccessScope
    has_queried: Callable[[str, Collection[str]], bool]

    def rate(self, name: str, stars: int, comment: str = "", *, by: Principal) -> None:
        """Keep what a user thinks of a product; what they thought before is forgotten, with the reply to it.

        Raises:
            DeniedError: `by` is no user, may read none of its datasets, or never queried one.
            NotFoundError: there is no such product, as far as `by` may know.
            UsageError: stars or comment are not allowed.
        """
        found = self._seen(name, by)
        if by.kind is not PrincipalKind.USER or not self._may_read(found, by):
            raise DeniedError(
                f"{by.id} may not rate {found.product.name}",
                reasons=["products are rated by users who read them"],
                hint=f"ask for access first: ghala access request {found.datasets[0].name}",
            )
        if not self._has_queried(found, by):
            raise DeniedError(
                f"{by.id} may not rate {found.product.name}",
                reasons=[
                    "products are rated by users who have queried them, and they have not yet"
                ],
                hint=f"try it first: ghala sql 'FROM {found.datasets[0].name}'",
            )
        if not 1 <= stars <= MOST_STARS:
            raise UsageError(f"a rating has 1 to {MOST_STARS} stars")
        said, product = read_words(comment, "comment", LONGEST_COMMENT), str(found.product.name)
        made = KeptRating(
            "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH)), by.id, stars, said
        )
        with self.scope.registry.write() as connection:
            ratings.put(connection, product, made, self.scope.now_us())
            # That they rated it, not how: the audit is read by others too.
            record(connection, AuditTag.PRODUCT_RATED, by, [product])

    def withdraw(self, name: str, *, by: Principal) -> None:
        """Forget what somebody thought of a product; without a rating nothing changes.

        Raises:
            NotFoundError: there is no such product, as far as `by` may know.
        """
        product = str(self._seen(name, by).product.name)
        with self.scope.registry.write() as connection:
            if ratings.remove(connection, product, by.id):
                record(connection, AuditTag.RATING_WITHDRAWN, by, [product])

    def reply(self, name: str, rating: str, text: str, *, by: Principal) -> ProductRatings:
        """Reply to a rating, for the owner of the product; an empty text takes the reply back.

        Raises:
            DeniedError: `by` does not answer for the product.
            NotFoundError: there is no such product or rating, as far as `by` may know.
            UsageError: the text is too long.
        """
        found, said = self._seen(name, by), read_words(text, "text", LONGEST_REPLY)
        product = str(found.product.name)
        with self.scope.writing() as (connection, scope):
            person = Person.of(connection, by, scope.now_us())
            is_keeper = keeps(person, scope.definitions(), found.product.name.domain)
            require_answerer(by, is_keeper=is_keeper)
            if not ratings.reply(connection, product, rating, said, scope.now_us()):
                raise NotFoundError(
                    f"{product} has no rating `{rating[:80]}`",
                    hint="it was changed or taken back meanwhile",
                )
            record(connection, AuditTag.RATING_ANSWERED, by, [product, rating])
        return self.of(name, by=by)

    def of(self, name: str, *, by: Principal, limit: int = 50) -> ProductRatings:
        """Return how a product is rated, with what was said, newest first.

        Raises:
            NotFoundError: there is no such product, as far as `by` may know.
            UsageError: the limit is not allowed.
        """
        if not 1 <= limit <= MOST_LISTED:
            raise UsageError(f"a list of ratings has 1 to {MOST_LISTED} entries")
        found = self._seen(name, by)
        product = found.product.name
        with self.scope.registry.read() as connection:
            counts = ratings.star_counts(connection, str(product))
            kept = ratings.newest(connection, str(product), limit)
            person = Person.of(connection, by, self.scope.now_us())
        count = sum(counts.values())
        total = sum(stars * number for stars, number in counts.items())
        is_user = by.kind is PrincipalKind.USER
        return ProductRatings(
            product=str(product),
            count=count,
            stars=round(total / count, 2) if count else None,
            given=tuple(counts.get(stars, 0) for stars in range(1, MOST_STARS + 1)),
            may_rate=is_user and self._may_read(found, by) and self._has_queried(found, by),
            may_reply=may_answer(by) and keeps(person, self.scope.definitions(), product.domain),
            ratings=tuple(
                GivenRating(
                    id=one.id,
                    stars=one.stars,
                    comment=one.comment,
                    rated_at=one.rated_at,
                    reply=one.reply,
                    replied_at=one.replied_at,
                    is_own=one.account == by.id,
                )
                for one in kept
            ),
        )

    def _seen(self, name: str, by: Principal) -> SeenProduct:
        return seen_product(self.scope.definitions(), self.scope.decider, name, by)

    def _may_read(self, found: SeenProduct, by: Principal) -> bool:
        asked = [Asked(dataset.name, dataset.columns) for dataset in found.datasets]
        decisions = self.scope.decider.decide(by, Action.DATASET_READ, asked)
        return any(one.is_allowed for one in decisions)

    def _has_queried(self, found: SeenProduct, by: Principal) -> bool:
        return self.has_queried(by.id, [str(dataset.name) for dataset in found.datasets])
