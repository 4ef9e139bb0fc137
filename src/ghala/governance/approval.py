"""Who decides about access: the team that owns the dataset, those whom its contract names, and stewards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DeniedError
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind, Role
from ghala.model.token import is_in_scope
from ghala.registry import identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.model.request import Request
    from ghala.registry.identity import Transaction
    from ghala.spec.kept import Definitions


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who decides at each level about one dataset, as ids of users and teams; stewards do at every level."""

    owner: str
    levels: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, definitions: Definitions, dataset_id: str, name: DatasetName) -> Approvers:
        """Return who decides about a dataset, which once was called `name`.

        The owning team decides at the first level, with those whom the roles of the contract name there. There is a
        second one if a role names somebody for it.
        """
        found = definitions.by_id.get(dataset_id)
        domain = found[2].name.domain if found else name.domain
        owner = team_id(definitions.owners.get(domain, ""))
        roles = [role for role in (found[1].roles if found else ()) if role.is_for_reading]
        first = _ids(name for role in roles for name in role.first_approvers)
        second = _ids(name for role in roles for name in role.second_approvers)
        of_owner = frozenset({owner} if owner else ())
        return cls(owner, (first | of_owner, second) if second else (first | of_owner,))

    def at(self, level: int) -> frozenset[str]:
        """Return who decides at a level; what lies beyond the last is decided like the last."""
        return self.levels[min(level, len(self.levels)) - 1]

    def words(self, level: int) -> str:
        """Return for people who decides at a level.

        >>> Approvers("team:sales", (frozenset({"team:sales", "user:ann"}),)).words(1)
        'team:sales, user:ann or a steward'
        """
        return f"{', '.join(sorted(self.at(level)))} or a steward".removeprefix(" or ")


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, as the registry knows them now: teams and roles may have ended since the request began."""

    id: str
    is_owner: bool = False
    teams: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()

    @classmethod
    def of(cls, connection: Transaction, by: Principal, now_us: int) -> Person:
        """Return somebody; a program has neither teams nor roles, since it decides nothing."""
        if by.kind is PrincipalKind.OWNER:
            return cls(by.id, is_owner=True)
        account = identity.find_account(connection, by.id, now_us)
        if account is None or not account.is_enabled or by.kind is not PrincipalKind.USER:
            return cls(by.id)
        taken = frozenset(one.role for one in account.taken)
        return cls(by.id, teams=frozenset(account.teams), roles=taken & by.roles)

    @property
    def ids(self) -> frozenset[str]:
        """The ids under which somebody acts."""
        return self.teams | {self.id}

    def decides(self, approvers: Approvers, level: int) -> bool:
        """Return whether somebody decides at a level."""
        is_steward = Role.STEWARD in self.roles
        return self.is_owner or is_steward or bool(self.ids & approvers.at(level))

    def decides_anywhere(self, approvers: Approvers) -> bool:
        """Return whether somebody decides at one of the levels."""
        return any(self.decides(approvers, level + 1) for level in range(len(approvers.levels)))


def require_approver(by: Principal, person: Person, approvers: Approvers, level: int) -> None:
    """Let somebody pass who decides at a level: a person, with a token only if it says so.

    Raises:
        DeniedError: `by` does not.
    """
    if not is_in_scope(by, Action.AGREEMENT_DECIDE):
        raise DeniedError(
            f"{by.id} may not do this with a token",
            reasons=[f"the token does not have the scope {Action.AGREEMENT_DECIDE}"],
            hint="sign in with a password, or use a token that has it",
        )
    if not person.decides(approvers, level):
        raise DeniedError(
            f"{by.id} may not decide this",
            reasons=[f"at level {level} it is for {approvers.words(level)}"],
            hint="ask one of them",
        )


def require_other(
    connection: Transaction, person: Person, request: Request, *, is_for_them: bool
) -> None:
    """Let somebody pass who neither asked nor gains by it, and has not decided at the level before.

    `is_for_them` says whether the grantee is a product of a team of theirs, or they themselves.

    Raises:
        DeniedError: it is their own request, or they decided already.
    """
    if person.is_owner:
        return
    owner = identity.owner_of(connection, request.grantee)
    own = {request.requested_by, request.on_behalf_of, request.grantee}
    own |= {owner}
    if is_for_them or person.ids & own:
        raise DeniedError(
            f"{person.id} may not decide about their own request",
            reasons=["nobody decides about what they would get themselves"],
            hint="somebody else who decides has to",
        )
    if any(decision.by == person.id for decision in request.decisions):
        raise DeniedError(
            f"{person.id} decided at the level before",
            reasons=["two levels are two people"],
            hint="somebody else who decides has to",
        )


def team_id(owner: str) -> str:
    """Return the id of a team that a definition names with or without its kind; "" if it names none.

    >>> team_id("Sales-Team"), team_id("team:sales"), team_id("")
    ('team:sales-team', 'team:sales', '')
    """
    name = owner.strip().lower().removeprefix("team:")
    return f"team:{name}" if name else ""


def named_approvers(definitions: Definitions) -> frozenset[str]:
    """Return the ids of all whom a contract names."""
    return _ids(
        name
        for _, contract, _ in definitions.datasets.values()
        for role in contract.roles
        for name in (*role.first_approvers, *role.second_approvers)
    )


def _ids(names: Iterable[str]) -> frozenset[str]:
    """Return ids of what a contract names: a team, unless it says `user:`."""
    lowered = [name.lower() for name in names]
    return frozenset(
        name if name.startswith("user:") else team_id(name) for name in lowered if name
    )
