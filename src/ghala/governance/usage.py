"""Usage: how often a product is queried, counted from the audit, and who agreed to read it."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ghala.errors import GhalaError
from ghala.governance.approval import Person
from ghala.governance.keepers import looks_on, may_answer
from ghala.governance.products_seen import seen_product
from ghala.model.principal import PrincipalKind
from ghala.model.usage import (
    AgreedUse,
    Consumer,
    DatasetUsage,
    ProductUsage,
    Tally,
    UsageWeek,
)
from ghala.registry import agreements, identity, usage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ghala.governance.access_scope import AccessScope
    from ghala.model.contract import Dataset
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction
    from ghala.registry.usage import Counted

_LOG = logging.getLogger(__name__)
WEEKS = 12
MOST_CONSUMERS = 200
MOST_AGREEMENTS = 200
_ENTRIES_AT_ONCE = 1_000
"""So few in one transaction, since others wait to write."""
_MOST_ROUNDS = 5
"""So often while somebody waits."""
_EPOCH = date(1970, 1, 1)
_USER = f"{PrincipalKind.USER}:"
_PROGRAMS = tuple(
    f"{kind}:" for kind in (PrincipalKind.AGENT, PrincipalKind.PRODUCT, PrincipalKind.SERVICE)
)


@dataclass(frozen=True, slots=True)
class Usage:
    """Shows how products are used."""

    scope: AccessScope
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def of(self, name: str, *, by: Principal) -> ProductUsage:
        """Return how a product was used in the last twelve weeks, the current one among them (UTC).

        All who may know it see counts; names are for those who answer for its domain or watch over it. What is counted
        are questions about datasets that `by` may know.

        Raises:
            NotFoundError: there is no such product, as far as `by` may know.
        """
        scope = self.scope.still()
        product, datasets = seen_product(scope.definitions(), scope.decider, name, by)
        self.catch_up()
        names = sorted(str(one.name) for one in datasets)
        last = usage.monday_of(scope.now_us() // usage.DAY_US)
        first = last - (WEEKS - 1) * 7
        with scope.registry.read() as connection:
            person = Person.of(connection, by, scope.now_us())
            counted = usage.since(connection, names, first)
            teams = identity.teams_of(connection, {one.principal for one in counted})
            agreed = _agreed(connection, datasets, scope.now_us())
        is_named = may_answer(by) and looks_on(person, scope.definitions(), product.name.domain)
        every = {one.principal for one in counted}
        total = _sum(counted)
        return ProductUsage(
            product=str(product.name),
            people=_people(every),
            teams=_teams(every, teams),
            programs=_programs(every),
            queries=total.queries,
            rows=total.rows,
            weeks=tuple(
                _week(monday, [one for one in counted if one.monday == monday], teams)
                for monday in range(first, last + 1, 7)
            ),
            datasets=tuple(
                _dataset(name, [one for one in counted if one.dataset == name]) for name in names
            ),
            consumers=_consumers(counted, teams) if is_named else None,
            agreement_count=len({one.grantee for one in agreed}),
            agreements=agreed[:MOST_AGREEMENTS] if is_named else None,
        )

    def has_queried(self, principal: str, datasets: Collection[str]) -> bool:
        """Return whether somebody ever queried one of some datasets."""
        return self._has(principal, datasets) or self._has(principal, datasets, is_behind=True)

    def _has(self, principal: str, datasets: Collection[str], *, is_behind: bool = False) -> bool:
        if is_behind:
            self.catch_up()
        with self.scope.registry.read() as connection:
            return usage.has_queried(connection, principal, datasets)

    def catch_up(self) -> None:
        """Count what the audit has since it was last counted; many processes may do it at once.

        Of very much some is counted at once, and the rest while nobody waits for it.
        """
        for _ in range(_MOST_ROUNDS):
            if not self._count():
                return
        if self._counting.acquire(blocking=False):
            threading.Thread(target=self._count_the_rest, name="usage", daemon=True).start()

    def _count(self) -> bool:
        """Count some entries, and return whether there were any."""
        with self.scope.registry.read() as connection:
            places = usage.behind(connection)
        if places:
            with self.scope.registry.write() as connection:
                usage.count(connection, places, max(1, _ENTRIES_AT_ONCE // len(places)))
        return bool(places)

    def _count_the_rest(self) -> None:
        try:
            while self._count():
                continue
        except GhalaError as error:
            # Whoever looks next goes on.
            _LOG.warning("reads were not counted: %s", error.code)
        finally:
            self._counting.release()


def _agreed(
    connection: Transaction, datasets: Sequence[Dataset], now_us: int
) -> tuple[AgreedUse, ...]:
    known = {one.id: str(one.name) for one in datasets}
    found = agreements.with_anybody(connection, frozenset(known), now_us)
    made = [AgreedUse(one.grantee, known[one.dataset_id], one.purpose, one.until) for one in found]
    return tuple(sorted(made, key=lambda one: (one.grantee, one.dataset, one.purpose)))


def _week(monday: int, counted: Sequence[Counted], teams: Mapping[str, Iterable[str]]) -> UsageWeek:
    who, total = {one.principal for one in counted}, _sum(counted)
    return UsageWeek(
        start=_EPOCH + timedelta(days=monday),
        people=_people(who),
        teams=_teams(who, teams),
        programs=_programs(who),
        queries=total.queries,
        rows=total.rows,
    )


def _dataset(name: str, counted: Sequence[Counted]) -> DatasetUsage:
    who, total = {one.principal for one in counted}, _sum(counted)
    return DatasetUsage(name, _people(who), _programs(who), total.queries, total.rows)


def _consumers(
    counted: Sequence[Counted], teams: Mapping[str, Iterable[str]]
) -> tuple[Consumer, ...]:
    """Return who asked, those who asked most first."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    last: dict[str, int] = {}
    for one in counted:
        tallies[one.principal] += one.tally
        last[one.principal] = max(one.last_day, last.get(one.principal, 0))
    found = [
        Consumer(
            principal=who,
            teams=tuple(sorted(teams.get(who, ()))),
            queries=tally.queries,
            rows=tally.rows,
            last_on=_EPOCH + timedelta(days=last[who]),
        )
        for who, tally in tallies.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.queries, one.principal))[:MOST_CONSUMERS])


def _sum(counted: Iterable[Counted]) -> Tally:
    return sum((one.tally for one in counted), Tally())


def _people(who: Iterable[str]) -> int:
    return sum(one.startswith(_USER) for one in who)


def _programs(who: Iterable[str]) -> int:
    return sum(one.startswith(_PROGRAMS) for one in who)


def _teams(who: Iterable[str], teams: Mapping[str, Iterable[str]]) -> int:
    return len({team for one in who for team in teams.get(one, ())})
