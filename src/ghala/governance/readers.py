"""Who: everybody who may read a dataset, what they see of it, and through what they do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.governance.explain import ENDPOINT, Explainer, no_column
from ghala.model.explanation import Reader
from ghala.model.policy import Clearance
from ghala.registry import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.governance.authorize import Asked
    from ghala.governance.policy import PolicyDecider
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal, Role


@dataclass(frozen=True, slots=True, order=True)
class _Seen:
    """What somebody sees: nothing of it is a name of a policy, so that two ways to the same can be compared."""

    clear: tuple[str, ...]
    masked: tuple[str, ...]
    some_rows: bool


@dataclass(frozen=True, slots=True)
class Readers:
    """Finds who reads a dataset: users, services and agents that can be used, for every purpose or one."""

    explainer: Explainer

    def who(
        self,
        target: str,
        *,
        by: Principal,
        purpose: str | None = None,
        endpoint: str = ENDPOINT,
    ) -> tuple[Reader, ...]:
        """Return who may read a dataset or sees a column of it; those too who could by taking a role.

        Raises:
            DeniedError: `by` may not know.
            NotFoundError: there is no such dataset or column, as far as `by` may know.
            UsageError: the purpose is not on the list.
        """
        name, column = self.explainer.find(target, by)
        self.explainer.require(by, name, "know who reads")
        purposes = [self.explainer.purpose(purpose)] if purpose else list(self.explainer.purposes())
        world = self.explainer.worlds.at(None)
        asked, _ = world.asked(name)
        if column is not None:
            known = {one.name.lower(): one.name for one in asked.columns}
            if column.lower() not in known:
                raise no_column(name, column, list(known.values()))
            column = known[column.lower()]
        with world.registry.read() as connection:
            accounts = identity.accounts(connection, world.at_us)
            asking = [
                (one, purpose_, world.principal(connection, one, purpose_))
                for one in accounts
                if world.is_enabled(one)
                for purpose_ in purposes
            ]
        found: dict[tuple[str, Role | None, _Seen, tuple[str, ...]], list[str]] = defaultdict(list)
        decider = world.decider
        for account, purpose_, principal in asking:
            now = _seen(decider, principal, asked, endpoint, column)
            if now is not None:
                through = tuple(_through(decider, principal, asked, endpoint))
                found[account.id, None, now, through].append(purpose_)
            for role in account.eligible:
                if role in principal.roles:
                    continue
                with_role = replace(principal, roles=principal.roles | {role})
                then = _seen(decider, with_role, asked, endpoint, column)
                if then is not None and then != now:
                    through = tuple(_through(decider, with_role, asked, endpoint))
                    found[account.id, role, then, through].append(purpose_)
        return tuple(
            Reader(who, tuple(sorted(for_)), seen.clear, seen.masked, seen.some_rows, through, role)
            for (who, role, seen, through), for_ in sorted(
                found.items(), key=lambda item: (item[0][0], item[0][1] or "", item[0][2:])
            )
        )


def _seen(
    decider: PolicyDecider, principal: Principal, asked: Asked, endpoint: str, column: str | None
) -> _Seen | None:
    """Return what somebody sees of a dataset or one column; None if nothing."""
    decision = decider.read(principal, asked, endpoint=endpoint)
    wanted = [one.name for one in asked.columns] if column is None else [column]
    clear = _columns(decision, wanted, Clearance.CLEAR)
    masked = _columns(decision, wanted, Clearance.MASKED)
    if not decision.is_allowed or not (clear or masked):
        return None
    return _Seen(clear, masked, all(one.rows is not None for one in decision.admissions))


def _columns(decision: Decision, wanted: list[str], clearance: Clearance) -> tuple[str, ...]:
    return tuple(name for name in wanted if decision.clearance(name) is clearance)


def _through(
    decider: PolicyDecider, principal: Principal, asked: Asked, endpoint: str
) -> Iterator[str]:
    """Yield what gives the reading: policies, agreements, and each team or role that gives something by itself."""
    weighed = decider.weigh(principal, asked, endpoint=endpoint)
    if weighed is None:
        return
    yield from (f"policy {one.id}" for one in weighed.may_read.policies)
    yield from (f"agreement {one.id} with {one.grantee}" for one in weighed.agreements)
    nobody = replace(principal, teams=frozenset(), roles=frozenset())
    alone = _seen(decider, nobody, asked, endpoint, None)
    for team in sorted(principal.teams):
        member = replace(nobody, teams=frozenset({team}))
        if _seen(decider, member, asked, endpoint, None) != alone:
            yield team
    for role in sorted(principal.roles):
        taken = replace(nobody, roles=frozenset({role}))
        if _seen(decider, taken, asked, endpoint, None) != alone:
            yield f"role {role}"
