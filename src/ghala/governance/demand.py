"""Demand: what people look for in vain, are denied, and think of what there is; for those who can help it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, UsageError
from ghala.governance.administration import US
from ghala.governance.approval import team_id
from ghala.model.asset import Wishes
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind, Role
from ghala.model.token import is_entrusted
from ghala.model.wording import words_of
from ghala.registry import demand, identity, ratings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

MOST_LISTED = 500
DENIED_DAYS = 30
_DAY_US = 24 * 3600 * US
_LONGEST_WORDS = 100
_EVERYWHERE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.STEWARD})
_PERSONAL = re.compile(
    # An address of mail, six or more digits in a row or in groups, letters among digits as in an account's number.
    r"\S@\S|\d(?:[ ()./+-]?\d){5,}|\b(?=(?:\w*\d){6})\w+\b"
)


@dataclass(frozen=True, slots=True)
class Demand:
    """Keeps what people wish for, and shows it. Nobody learns who looked for what."""

    registry: Registry
    definitions: Callable[[], Definitions]
    now_us: Callable[[], int]

    def missed(self, text: str, domain: str = "") -> bool:
        """Keep words that were looked for in vain, in one domain if it is named; False if they are not for keeping.

        What looks like personal data is not kept, nor is anything with a user's name in it.
        """
        words = " ".join(sorted(set(words_of(text))))
        if not words or len(words) > _LONGEST_WORDS or looks_personal(text):
            return False
        place = domain.strip().lower()
        is_known = any(one.name == place for one in self.definitions().workspace.domains)
        now_us = self.now_us()
        with self.registry.read() as connection:
            people = [
                word
                for account in identity.accounts(connection, now_us)
                if account.kind is PrincipalKind.USER
                for word in words_of(account.name)
            ]
        if set(people) & set(words.split()):
            return False
        with self.registry.write() as connection:
            demand.add_miss(connection, words, place if is_known else "", now_us)
        return True

    def wishes(self, *, by: Principal, limit: int = 50) -> Wishes:
        """Return what people wish for: all of it for stewards, that of their domains for owners.

        Raises:
            DeniedError: `by` is neither, or the token does not allow it.
            UsageError: the limit is not allowed.
        """
        if not 1 <= limit <= MOST_LISTED:
            raise UsageError(f"a list of demand has 1 to {MOST_LISTED} entries of each kind")
        domains = self._domains(by)
        since_us = self.now_us() - DENIED_DAYS * _DAY_US
        with self.registry.read() as connection:
            return Wishes(
                tuple(demand.misses(connection, domains, limit)),
                tuple(demand.denials(connection, domains, since_us, limit)),
                tuple(ratings.by_product(connection, domains, limit)),
            )

    def _domains(self, by: Principal) -> frozenset[str] | None:
        """Return the domains whose demand somebody may see; None for all."""
        if by.scopes is not None and Action.DEMAND_READ not in by.scopes:
            raise DeniedError(
                f"{by.id} may not see demand with this token",
                reasons=[f"it does not have the scope {Action.DEMAND_READ}"],
            )
        is_everywhere = by.kind is PrincipalKind.OWNER or by.roles & _EVERYWHERE
        if is_everywhere or is_entrusted(by, Action.DEMAND_READ):
            return None
        owners = self.definitions().owners
        owned = frozenset(domain for domain, owner in owners.items() if team_id(owner) in by.teams)
        if not owned:
            raise DeniedError(
                f"{by.id} may not see demand",
                reasons=["it is for stewards, and for the owners of domains"],
                hint="take the role of the steward first, if you are eligible",
            )
        return owned


def looks_personal(text: str) -> bool:
    """Return whether a text may hold somebody's address or number.

    >>> [looks_personal(text) for text in ("ann@acme.example", "0711 / 123-456", "DE02 1203 0000 00")]
    [True, True, True]
    >>> [looks_personal(text) for text in ("orders 2024", "churn q3", "iso 8601")]
    [False, False, False]
    """
    return _PERSONAL.search(text) is not None
