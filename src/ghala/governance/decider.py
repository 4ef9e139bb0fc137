"""Who decides for whom: the workspace's owner and products by what they are, all others by policies."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from ghala.governance.authorize import Asked, Authorizer
from ghala.governance.discoverable import Classes, Discoverable, classes_of
from ghala.governance.kept_decisions import KeptDecisions
from ghala.governance.policy import Ownership, PolicyDecider, Standing, grantees_of
from ghala.governance.terms import described
from ghala.model.opening import Opening
from ghala.model.policy import Action, Decision
from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Sequence
    from datetime import datetime

    from ghala.governance.policy import InForce
    from ghala.model.agreement import Agreement
    from ghala.model.contract import Dataset
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.spec.kept import Definitions

    Value = TypeVar("Value")

_BY_AUTHORIZER = frozenset({PrincipalKind.OWNER, PrincipalKind.PRODUCT})
ENDPOINT_OF_PRODUCTS = "pipeline"
"""What policies know the way by which the runs of products read."""


@dataclass(frozen=True, slots=True)
class EndpointDecider:
    """Decides for all principals that come through one endpoint, such as `rest`.

    A release knows the names and types of columns only: `terms.described` says what they are about, and `carried` adds
    what they carry on by their lineage.

    Decisions are kept while nothing moves that they depend on: definitions, policies, what the principal is, and the
    registry's `epoch`, which moves with every agreement; never longer than until an agreement begins or ends, and not
    at all where a policy looks at the time. Without an `epoch` none is kept.
    """

    policies: PolicyDecider
    definitions: Callable[[], Definitions]
    endpoint: str
    authorizer: Authorizer = Authorizer()  # noqa: RUF009 - frozen, and without a state
    epoch: Callable[[], int] | None = None
    carried: Callable[[Asked], Asked] | None = None
    _reads: KeptDecisions[Decision] = field(
        default_factory=KeptDecisions, repr=False, compare=False
    )
    agreed_ids: Callable[[frozenset[str], str], frozenset[str]] | None = None
    _discoverable: KeptDecisions[Discoverable] = field(
        default_factory=lambda: KeptDecisions(256), repr=False, compare=False
    )
    _classes: KeptDecisions[Classes] = field(
        default_factory=lambda: KeptDecisions(1), repr=False, compare=False
    )

    @classmethod
    def of(
        cls,
        policies: InForce,
        definitions: Callable[[], Definitions],
        *,
        agreements_of: Callable[[DatasetName, frozenset[str], str], Sequence[Agreement]],
        hash_key_of: Callable[[str], bytes],
        endpoint: str,
        epoch: Callable[[], int] | None = None,
        carried: Callable[[Asked], Asked] | None = None,
        agreed_ids: Callable[[frozenset[str], str], frozenset[str]] | None = None,
    ) -> EndpointDecider:
        """Return a decider over the definitions of a workspace.

        `agreed_ids` gives the ids of all datasets about which `agreements_of` has something for some grantees.
        """
        made = PolicyDecider(
            policies,
            standing_of=standing,
            ownership_of=lambda name: ownership(definitions(), name),
            agreements_of=agreements_of,
            hash_key_of=hash_key_of,
            domains_of=lambda teams: domains_of(definitions(), teams),
        )
        return cls(made, definitions, endpoint, epoch=epoch, carried=carried, agreed_ids=agreed_ids)

    def described(self, asked: Asked) -> Asked:
        """Return what is asked for with all that is said of its columns, and what those carry on by their lineage."""
        full = described(asked, self.definitions())
        return full if self.carried is None else self.carried(replace(full, lineage=asked.lineage))

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

        def read(one: Asked) -> tuple[Decision, datetime | None]:
            full = self.described(one)
            weighed = self.policies.weigh(principal, full, endpoint=self.endpoint)
            decision = replace(
                self.policies.decided(principal, full, weighed),
                policy_version=weighed.policies.version if weighed else None,
                endpoint=self.endpoint,
            )
            return decision, weighed.until if weighed else None

        return tuple(
            self._kept(
                self._reads,
                (principal, one.name, tuple(one.columns), one.own_terms, one.lineage),
                known,
                lambda one=one: read(one),  # type: ignore[misc]  # the loop's value at this moment
            )
            for one in asked
        )

    def discovers(self, principal: Principal, name: DatasetName) -> bool:
        """Return whether a dataset exists for a principal; what no contract promises exists for the owner alone."""
        return self.discoverer(principal)(name)

    def discoverer(self, principal: Principal) -> Callable[[DatasetName], bool]:
        """Return what says of many datasets whether each exists for a principal, at this moment."""
        if principal.kind in _BY_AUTHORIZER:
            return lambda _: principal.kind is PrincipalKind.OWNER
        found = self._reach(principal)
        return (lambda _: False) if found is None else found.has

    def opener(
        self, principal: Principal
    ) -> Callable[[DatasetName], tuple[Opening, datetime | None]]:
        """Return what says how a principal comes to the rows of each dataset that exists for it, and until when."""
        if principal.kind in _BY_AUTHORIZER:
            return lambda _: (Opening.OPEN, None)
        found = self._reach(principal)
        return (lambda _: (Opening.CLOSED, None)) if found is None else found.opening

    def _reach(self, principal: Principal) -> Discoverable | None:
        """Return what exists for a principal; None where what proved who it is allows nothing of that."""
        scopes = (Action.DATASET_DISCOVER, Action.DATASET_READ)
        if not any(_is_in_scope(principal, scope) for scope in scopes):
            return None
        known = self.definitions()

        def made() -> tuple[Discoverable, None]:
            ids = self.agreed_ids
            found = Discoverable(
                principal,
                self.endpoint,
                self._kept(self._classes, (), known, lambda: (self._classed(known), None)),
                None
                if ids is None
                else lambda: ids(grantees_of(principal, standing(principal)), principal.purpose),
                _is_in_scope(principal, Action.DATASET_READ),
            )
            return found, None

        return self._kept(self._discoverable, (principal,), known, made)

    def _classed(self, known: Definitions) -> Classes:
        return classes_of(self.policies, known, lambda name: self.described(Asked(name)))

    def approving_policy(
        self,
        principal: Principal,
        dataset: Dataset,
        columns: Collection[str],
        *,
        days: int,
        is_for_others: bool,
    ) -> str | None:
        """Return the policy that approves a request automatically, as `policy:ID`; None if none does."""
        asked = self.described(Asked(dataset.name, dataset.columns))
        found = self.policies.approving(
            principal,
            asked,
            columns,
            endpoint=self.endpoint,
            days=days,
            is_for_others=is_for_others,
        )
        return None if found is None else f"policy:{found}"

    def _kept(
        self,
        kept: KeptDecisions[Value],
        key: tuple[Hashable, ...],
        known: Definitions,
        make: Callable[[], tuple[Value, datetime | None]],
    ) -> Value:
        policies = self.policies.policies.now()
        if self.epoch is None or policies.reads_clock:
            return make()[0]
        # The epoch comes first: what changes while it is decided is decided again.
        whole = (self.epoch(), policies.version, *key)
        return kept.get(whole, known, self.policies.now(), make)


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
    return Ownership(str(found[0].name), (_team(owner),))


def domains_of(definitions: Definitions, teams: frozenset[str]) -> frozenset[str]:
    """Return the domains that some teams own."""
    owners = definitions.owners.items()
    return frozenset(domain for domain, owner in owners if _team(owner) in teams)


def _team(owner: str) -> str:
    # Teams are known in lower case.
    return owner.lower().removeprefix("team:")


def _is_in_scope(principal: Principal, action: Action) -> bool:
    return principal.scopes is None or action in principal.scopes
