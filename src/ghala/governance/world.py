"""The world of a decision: the policies, contracts, agreements and people of one time, now or long ago."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.governance.administration import principal_of
from ghala.governance.authorize import Asked
from ghala.governance.decider import domains_of, ownership, standing
from ghala.governance.policy import PolicyDecider
from ghala.governance.policy_sets import HeldSet
from ghala.governance.standings import Standings
from ghala.governance.terms import described
from ghala.model.principal import PrincipalKind, Role
from ghala.model.release import PROD
from ghala.registry import agreements, domain_owners, identity, lineage, releases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from ghala.governance.policy_sets import PolicySets
    from ghala.governance.release_terms import ReleaseTerms
    from ghala.model.account import Account
    from ghala.model.agreement import Agreement
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

NO_POLICIES = (
    "no policies were in force yet: the first ones that were, or those of the files, are taken"
)
NO_RELEASE = "no release was current then: the contract of today is taken"
OWNERS = "the owners are those of today: who owned the domain then was not on record yet"


@dataclass(frozen=True, slots=True)
class World:
    """What decisions depend on at one time. `unknown` says what is not of that time."""

    registry: Registry
    at: datetime
    held: HeldSet
    definitions: Definitions
    standings: Standings | None
    terms: ReleaseTerms
    unknown: tuple[str, ...] = ()
    carried: Callable[[Asked, datetime | None], Asked] | None = None

    @property
    def at_us(self) -> int:
        """The time in the registry's unit."""
        return round(self.at.timestamp() * 1_000_000)

    @property
    def decider(self) -> PolicyDecider:
        """What decides in this world."""
        return self.decider_with(self.held)

    def decider_with(self, held: HeldSet) -> PolicyDecider:
        """Return what decides in this world by other policies."""
        return PolicyDecider(
            held.policies,
            standing_of=standing,
            ownership_of=lambda name: ownership(self.definitions, name),
            agreements_of=self._agreements,
            hash_key_of=lambda _: b"",
            now=lambda: self.at,
            domains_of=lambda teams: domains_of(self.definitions, teams),
        )

    def asked(self, name: DatasetName) -> tuple[Asked, tuple[str, ...]]:
        """Return a dataset with what is said of its columns, and what could not be rebuilt of that.

        Now they are those of the contract; at a time that has passed, those of the release that was current then.
        """
        asked = described(Asked(name), self.definitions)
        notes: tuple[str, ...] = ()
        with self.registry.read() as connection:
            pin = releases.at_time(connection, PROD, name, self.at_us)
            if pin is not None:
                made = lineage.hash_of(connection, pin.environment, pin.product, pin.number)
                if self.standings is not None:
                    columns = self.terms.of(connection, PROD, pin.product, pin.number, pin.dataset)
                    asked = Asked(name, columns)
                    notes = (f"the contract is that of release {pin.number}, current then",)
                asked = replace(asked, lineage=made)
            elif self.standings is not None:
                notes = (NO_RELEASE,)
        if self.standings is not None and name.domain not in self.definitions.owned:
            notes = (OWNERS, *notes)
        return self._carrying(asked), notes

    def _carrying(self, asked: Asked) -> Asked:
        at = None if self.standings is None else self.at
        return asked if self.carried is None else self.carried(asked, at)

    def principal(
        self, connection: Transaction, account: Account, purpose: str, roles: Iterable[Role] = ()
    ) -> Principal:
        """Return an account as it would ask for a purpose, with more roles than it had taken."""
        acting = account
        if account.kind is PrincipalKind.AGENT and account.owner:
            acting = identity.find_account(connection, account.owner, self.at_us) or account
        if self.standings is None:
            teams: Iterable[str] = acting.teams
            taken: Iterable[Role] = [one.role for one in account.taken]
        else:
            teams = [f"team:{team}" for team in self.standings.at(acting.id, self.at_us).teams]
            taken = map(Role, self.standings.at(account.id, self.at_us).roles)
        return principal_of(account, purpose, teams=teams, roles={*taken, *roles})

    def is_enabled(self, account: Account) -> bool:
        """Return whether an account could be used."""
        if self.standings is None:
            return account.is_enabled
        return account.created_at <= self.at and self.standings.is_enabled(account.id, self.at_us)

    def _agreements(
        self, name: DatasetName, grantees: frozenset[str], purpose: str
    ) -> Sequence[Agreement]:
        dataset_id = self.definitions.datasets[name][2].id
        with self.registry.read() as connection:
            if self.standings is None:
                found = agreements.not_ended(connection, dataset_id, grantees, purpose, self.at_us)
            else:
                found = agreements.at(connection, dataset_id, grantees, purpose, self.at)
        return found


@dataclass(frozen=True, slots=True)
class Worlds:
    """Makes the world of now, or of a time that has passed."""

    registry: Registry
    sets: PolicySets
    held: Callable[[], HeldSet]
    definitions: Callable[[], Definitions]
    now: Callable[[], datetime]
    terms: ReleaseTerms
    carried: Callable[[Asked, datetime | None], Asked] | None = None

    def at(self, moment: datetime | None) -> World:
        """Return the world of a time; None is now."""
        now, known = self.now(), self.definitions()
        present = World(
            self.registry, now, self.held(), known, None, self.terms, carried=self.carried
        )
        return present if moment is None else self._past(present, moment)

    def _past(self, present: World, moment: datetime) -> World:
        held, unknown = self.sets.at(moment), list[str]()
        if held is None:
            history = self.sets.history()
            first = history[-1] if history else None
            held = HeldSet(self.sets.load(first.version), first) if first else present.held
            unknown.append(NO_POLICIES)
        with self.registry.read() as connection:
            standings = Standings.read(connection)
            owned = domain_owners.at(connection, round(moment.timestamp() * 1_000_000))
        return replace(
            present,
            at=moment,
            held=held,
            definitions=replace(present.definitions, owned=owned),
            standings=standings,
            unknown=tuple(unknown),
        )
