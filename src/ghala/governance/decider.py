"""Who decides for whom: the workspace's owner and products by what they are, all others by policies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.governance.authorize import Asked, Authorizer
from ghala.governance.policy import Ownership, PolicyDecider, Standing
from ghala.model.policy import Action, Decision
from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ghala.governance.cedar import Policies
    from ghala.model.agreement import Agreement
    from ghala.model.contract import Column
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.spec.kept import Definitions

_UNKNOWN_CLASSIFICATION = "restricted"
_BY_AUTHORIZER = frozenset({PrincipalKind.OWNER, PrincipalKind.PRODUCT})


@dataclass(frozen=True, slots=True)
class EndpointDecider:
    """Decides for all principals that come through one endpoint, such as `rest`.

    A release knows the names and types of columns only: what they are about (classification, tags) is what the
    dataset's contract says now. A column that it does not name is taken as restricted.
    """

    policies: PolicyDecider
    definitions: Callable[[], Definitions]
    endpoint: str
    authorizer: Authorizer = Authorizer()  # noqa: RUF009 - frozen, and without a state

    @classmethod
    def of(
        cls,
        policies: Policies,
        definitions: Callable[[], Definitions],
        *,
        agreements_of: Callable[[DatasetName, frozenset[str], str], Sequence[Agreement]],
        hash_key_of: Callable[[str], bytes],
        endpoint: str,
    ) -> EndpointDecider:
        """Return a decider over the definitions of a workspace."""
        made = PolicyDecider(
            policies,
            standing_of=standing,
            ownership_of=lambda name: ownership(definitions(), name),
            agreements_of=agreements_of,
            hash_key_of=hash_key_of,
        )
        return cls(made, definitions, endpoint)

    def decide(
        self,
        principal: Principal,
        action: Action,
        asked: Sequence[Asked],
        *,
        prepared: Collection[DatasetName] = frozenset(),
    ) -> tuple[Decision, ...]:
        """Return one decision for each dataset, in order."""
        if principal.kind in _BY_AUTHORIZER or action is not Action.DATASET_READ:
            return self.authorizer.decide(principal, action, asked, prepared=prepared)
        if not _is_in_scope(principal, Action.DATASET_READ):
            reason = f"the token of {principal.id} does not have the scope {Action.DATASET_READ}"
            return tuple(Decision(one.name, is_allowed=False, reasons=(reason,)) for one in asked)
        known = self.definitions()
        return tuple(
            self.policies.read(principal, _described(one, known), endpoint=self.endpoint)
            for one in asked
        )

    def discovers(self, principal: Principal, name: DatasetName) -> bool:
        """Return whether a dataset exists for a principal; what no contract promises exists for the owner alone."""
        if principal.kind in _BY_AUTHORIZER:
            return principal.kind is PrincipalKind.OWNER
        scopes = (Action.DATASET_DISCOVER, Action.DATASET_READ)
        if not any(_is_in_scope(principal, scope) for scope in scopes):
            return False
        asked = _described(Asked(name), self.definitions())
        return self.policies.discovers(principal, asked, endpoint=self.endpoint)


def standing(principal: Principal) -> Standing:
    """Return what a principal is, as policies see it.

    >>> from ghala.model.principal import Principal, PrincipalKind, Role
    >>> ann = Principal("user:ann", PrincipalKind.USER, "analytics", teams=frozenset({"team:sales"}))
    >>> standing(ann)
    Standing(teams=frozenset({'sales'}), roles=frozenset())
    """
    return Standing(
        frozenset(team.removeprefix("team:") for team in principal.teams),
        frozenset(role.value for role in principal.roles),
    )


def ownership(definitions: Definitions, name: DatasetName) -> Ownership | None:
    """Return whose a dataset is: that of the team that owns its domain. None if no contract promises it."""
    found = definitions.datasets.get(name)
    owner = definitions.owners.get(name.domain)
    if found is None or not owner:
        return None
    # Teams are known in lower case.
    return Ownership(str(found[0].name), (owner.lower(),))


def _is_in_scope(principal: Principal, action: Action) -> bool:
    return principal.scopes is None or action in principal.scopes


def _described(asked: Asked, definitions: Definitions) -> Asked:
    """Return the columns of a release with what the contract says of them; all of the contract's if none are named."""
    found = definitions.datasets.get(asked.name)
    promised: Mapping[str, Column] = {c.name: c for c in found[2].columns} if found else {}
    if not asked.columns:
        return Asked(asked.name, tuple(promised.values()))
    return Asked(
        asked.name, tuple(_with_terms(one, promised.get(one.name)) for one in asked.columns)
    )


def _with_terms(column: Column, promised: Column | None) -> Column:
    if promised is None:
        return replace(column, classification=_UNKNOWN_CLASSIFICATION)
    return replace(column, classification=promised.classification, tags=promised.tags)
