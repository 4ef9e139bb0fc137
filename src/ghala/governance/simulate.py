"""Simulate: the questions that were really asked, decided again by the policies in force and by others."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ghala.errors import UsageError
from ghala.governance.administration import principal_of
from ghala.governance.explain import ENDPOINT, Explainer
from ghala.governance.policy_sets import HeldSet
from ghala.governance.standings import Standings
from ghala.model.audit import AuditTag
from ghala.model.policy import Clearance
from ghala.model.principal import PrincipalKind, Role
from ghala.model.simulation import Change, ColumnChange, RowChange, Simulation
from ghala.registry import identity, past

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ghala.governance.cedar import Policies
    from ghala.governance.policy import Standing
    from ghala.governance.world import World
    from ghala.model.account import Account
    from ghala.model.names import DatasetName
    from ghala.model.past import PastEntry
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal

LONGEST_DAYS = 3650
_READS = (AuditTag.DATASET_READ, AuditTag.DATASET_READ_DENIED)
_ASKERS = frozenset({PrincipalKind.AGENT, PrincipalKind.SERVICE, PrincipalKind.USER})
_ORDER = (Clearance.HIDDEN, Clearance.MASKED, Clearance.CLEAR)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question about one dataset, as far as a decision depends on it; `columns` None: it names none."""

    account: str
    standing: Standing
    purpose: str
    endpoint: str
    dataset: DatasetName
    columns: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Simulator:
    """Replays the record of reads. Contracts and owners are those of today, all else is of the time of the question.

    It tells what everybody asked, of every dataset: for that one needs a role, and owning some of them is not enough.
    Auditors look at the record anyway, stewards decide what should change, administrators put it in force.
    """

    explainer: Explainer

    def simulate(self, policies: Policies, *, days: int, by: Principal) -> Simulation:
        """Return what a set of policies would have changed in the last days, beside the set that is in force.

        Raises:
            DeniedError: `by` may not know what others ask.
            UsageError: the number of days is none.
        """
        if not 1 <= days <= LONGEST_DAYS:
            raise UsageError(f"the days to replay are 1 to {LONGEST_DAYS:,}")
        self.explainer.require(by, None, "simulate policies over what others asked")
        world = self.explainer.worlds.at(None)
        since = world.at - timedelta(days=days)
        with world.registry.read() as connection:
            accounts = {one.id: one for one in identity.accounts(connection, world.at_us)}
            standings = Standings.read(connection)
            since_us = round(since.timestamp() * 1_000_000)
            entries = past.entries(connection, _READS, since_us=since_us, until_us=world.at_us)
            asked = Counter[tuple[_Asked, int]]()
            queries = skipped = 0
            for entry in entries:
                account = accounts.get(entry.principal)
                if entry.principal.partition(":")[0] not in _ASKERS:
                    continue
                queries += 1
                found = (
                    [] if account is None else list(_questions(entry, account, standings, world))
                )
                skipped += not found
                asked.update((one, entry.at_us) for one in found)
            edges = past.agreement_edges(connection)
        replay = _Replay(
            replace(world, standings=standings), HeldSet(policies, None), accounts, edges
        )
        return Simulation(
            since,
            world.at,
            world.held.policies.version,
            policies.version,
            queries,
            skipped,
            tuple(replay.changes(asked)),
        )


def _questions(
    entry: PastEntry, account: Account, standings: Standings, world: World
) -> Iterator[_Asked]:
    """Yield what an entry asked for; nothing of a dataset that no contract promises any more."""
    acting = account.owner if account.kind is PrincipalKind.AGENT and account.owner else account.id
    standing = replace(
        standings.at(account.id, entry.at_us), teams=standings.at(acting, entry.at_us).teams
    )
    endpoint = str(entry.detail.get("endpoint") or ENDPOINT)
    columns = _columns_of(entry)
    for text in entry.objects:
        name = next((one for one in world.definitions.datasets if str(one) == text), None)
        if name is not None:
            yield _Asked(account.id, standing, entry.purpose, endpoint, name, columns.get(text))


def _columns_of(entry: PastEntry) -> Mapping[str, frozenset[str]]:
    """Return the columns of each dataset that a question read, clear or masked; a denied one names none."""
    found: dict[str, frozenset[str]] = {}
    uses = entry.detail.get("datasets")
    for use, facts in uses.items() if isinstance(uses, dict) else ():
        listed = [facts.get(key) or [] for key in ("columns", "masked")]
        name = use.partition("@")[0]
        found[name] = found.get(name, frozenset()).union(*listed)
    return found


@dataclass(frozen=True, slots=True)
class _Replay:
    """Decides questions by what is in force in a world, and by other policies."""

    world: World
    after: HeldSet
    accounts: Mapping[str, Account]
    edges: tuple[int, ...]

    def changes(self, asked: Counter[tuple[_Asked, int]]) -> list[Change]:
        """Return what changes, losses first; questions that are alike are decided once."""
        found: Counter[Change] = Counter()
        known: dict[object, Change | None] = {}
        by_time = self.world.held.policies.reads_clock or self.after.policies.reads_clock
        for (one, at_us), count in asked.items():
            # Between two edges no agreement begins, changes or ends.
            moment = at_us if by_time else bisect_right(self.edges, at_us)
            if (one, moment) not in known:
                known[one, moment] = self._change(one, at_us)
            change = known[one, moment]
            if change is not None:
                found[change] += count
        return sorted(
            (replace(change, queries=count) for change, count in found.items()),
            key=lambda one: (not one.loses, one.principal, one.dataset, one.purpose, one.endpoint),
        )

    def _change(self, one: _Asked, at_us: int) -> Change | None:
        world = replace(self.world, at=datetime.fromtimestamp(at_us / 1_000_000, UTC))
        asked, _ = replace(world, standings=None).asked(one.dataset)
        principal = principal_of(
            self.accounts[one.account],
            one.purpose,
            teams=[f"team:{team}" for team in one.standing.teams],
            roles=map(Role, one.standing.roles),
        )
        before, after = (
            world.decider_with(held).read(principal, asked, endpoint=one.endpoint)
            for held in (world.held, self.after)
        )
        names = [
            each.name for each in asked.columns if one.columns is None or each.name in one.columns
        ]
        seen = [(name, before.clearance(name), after.clearance(name)) for name in names]
        gained = tuple(
            ColumnChange(*each) for each in seen if _ORDER.index(each[1]) < _ORDER.index(each[2])
        )
        lost = tuple(
            ColumnChange(*each) for each in seen if _ORDER.index(each[1]) > _ORDER.index(each[2])
        )
        rows = _row_change(before, after)
        if before.is_allowed == after.is_allowed and not (gained or lost or rows):
            return None
        return Change(
            one.account,
            one.dataset,
            one.purpose,
            one.endpoint,
            0,
            before.is_allowed,
            after.is_allowed,
            rows,
            gained,
            lost,
            after.reasons,
        )


def _row_change(before: Decision, after: Decision) -> RowChange | None:
    """Return how the rows differ where both are answered; predicates are compared as they are written."""
    if not (before.is_allowed and after.is_allowed):
        return None
    was, then = ({one.rows for one in decision.admissions} for decision in (before, after))
    had_all, has_all = None in was, None in then
    if had_all or has_all:
        return None if had_all and has_all else RowChange.LOST if had_all else RowChange.GAINED
    if was == then:
        return None
    if was < then:
        return RowChange.GAINED
    return RowChange.LOST if then < was else RowChange.CHANGED
