"""What somebody may do, told to themselves: what a page offers them, before anything is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.governance.access_scope import READING
from ghala.governance.approval import Approvers, team_id
from ghala.governance.waiting import count_waiting
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind, Role
from ghala.model.token import ENTRUSTED, POWERS, is_in_scope
from ghala.registry import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.governance.access_scope import AccessScope
    from ghala.model.account import Account, TakenRole
    from ghala.model.principal import Principal
    from ghala.model.purpose import Purpose

_ALWAYS = frozenset(
    {Action.AGREEMENT_REQUEST, Action.DATASET_DISCOVER, Action.DATASET_READ, Action.POLICY_EXPLAIN}
)
"""What everybody may do: they find, read and ask for what is decided about each dataset, and learn why."""
_OF_ROLES: Mapping[Role, frozenset[Action]] = {
    Role.ADMINISTRATOR: frozenset(
        {Action.AUDIT_READ, Action.DEMAND_READ, Action.METRICS_READ, Action.NOTIFICATION_MANAGE}
        | {Action.TEAM_MANAGE, Action.TOKEN_MANAGE, Action.USER_MANAGE}
    ),
    Role.AUDITOR: frozenset({Action.AUDIT_READ, Action.DEMAND_READ, Action.METRICS_READ}),
    Role.STEWARD: frozenset({Action.AGREEMENT_DECIDE, Action.DEMAND_READ}),
}
_OF_OWNERS = frozenset({Action.AGREEMENT_DECIDE, Action.DEMAND_READ, Action.TAG_DECLARE})
_OF_USERS = frozenset({Action.ACCOUNT_MANAGE, Action.TOKEN_MANAGE})


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do at this moment.

    `eligible` are the roles that they may take, `taken` those that they have taken; `is_stale` says that one of these
    does not count yet, since the session has not been renewed. `domains` are those that a team of theirs owns.
    `purposes` are those that they may state. `actions` are what they may do at all, each perhaps for some objects only.
    `waiting_requests` wait for them; None where their token does not show requests.
    """

    eligible: tuple[Role, ...]
    taken: tuple[TakenRole, ...]
    is_stale: bool
    domains: tuple[str, ...]
    purposes: tuple[str, ...]
    actions: tuple[Action, ...]
    waiting_requests: int | None


@dataclass(frozen=True, slots=True)
class Oneself:
    """Tells whoever asks about themselves. `scope` is that of requests and agreements."""

    scope: AccessScope
    purposes: Callable[[], Mapping[str, Purpose]]

    def standing(self, by: Principal) -> Standing:
        """Return what somebody may do."""
        with self.scope.registry.read() as connection:
            account = identity.find_account(connection, by.id, self.scope.now_us())
        owners = self.scope.definitions().owners
        domains = sorted(name for name, owner in owners.items() if team_id(owner) in by.teams)
        taken = account.taken if account else ()
        stated = sorted(self.purposes()) if by.scopes is None else [by.purpose]
        return Standing(
            eligible=account.eligible if account else (),
            taken=taken,
            is_stale=by.scopes is None and not {one.role for one in taken} <= by.roles,
            domains=tuple(domains),
            purposes=tuple(stated),
            actions=tuple(sorted(self._actions(by, account, owns=bool(domains)))),
            waiting_requests=count_waiting(self.scope, by) if is_in_scope(by, *READING) else None,
        )

    def _actions(self, by: Principal, account: Account | None, *, owns: bool) -> frozenset[Action]:
        if by.kind is PrincipalKind.OWNER:
            return frozenset(Action)
        found = set(_ALWAYS)
        if by.kind is PrincipalKind.SERVICE:
            found |= ENTRUSTED
        for role in by.roles:
            found |= _OF_ROLES[role]
        if by.kind is PrincipalKind.USER:
            found |= _OF_USERS
            found |= _OF_OWNERS if owns else set()
            if self._is_named(by):
                found.add(Action.AGREEMENT_DECIDE)
            if account is not None and account.eligible:
                found.add(Action.ROLE_TAKE)
        elif owns:
            found |= _OF_OWNERS - POWERS
        return frozenset(one for one in found if is_in_scope(by, one))

    def _is_named(self, by: Principal) -> bool:
        """Return whether a contract names somebody, or a team of theirs, as one who decides."""
        definitions = self.scope.definitions()
        ids = by.teams | {by.id}
        return any(
            ids & level
            for name, (_, _, dataset) in definitions.datasets.items()
            for level in Approvers.of(definitions, dataset.id, name).levels
        )
