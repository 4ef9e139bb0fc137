"""Decisions by policies and agreements: who sees which rows and columns of a dataset, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ghala.governance.cedar import Entity, Question
from ghala.governance.masks import default_mask
from ghala.model.policy import Action, Admission, Decision
from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.governance.authorize import Asked
    from ghala.governance.cedar import Policies, Verdict
    from ghala.model.agreement import Agreement
    from ghala.model.contract import Column
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal

_TYPES = {
    PrincipalKind.AGENT: "Agent",
    PrincipalKind.SERVICE: "Service",
    PrincipalKind.USER: "User",
}
_READ_CLEAR = "column:read_clear"


class Classification(StrEnum):
    """How far a column's values may go; keep sorted. An unknown word counts as `restricted`."""

    CONFIDENTIAL = "confidential"
    INTERNAL = "internal"
    PUBLIC = "public"
    RESTRICTED = "restricted"


_STRICTNESS = (
    Classification.PUBLIC,
    Classification.INTERNAL,
    Classification.CONFIDENTIAL,
    Classification.RESTRICTED,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a principal is at this moment: members of teams act for them, roles are taken for a limited time."""

    teams: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose a dataset is: its product, and the teams that own it."""

    product: str
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyDecider:
    """Decides for users, services and agents. A dataset without an owner on record is denied to everybody.

    `agreements_of` gives every agreement about a dataset whose grantee is one of some ids, for one purpose, in force
    or not; `hash_key_of` the key of a purpose's keyed hashes.
    """

    policies: Policies
    standing_of: Callable[[Principal], Standing]
    ownership_of: Callable[[DatasetName], Ownership | None]
    agreements_of: Callable[[DatasetName, frozenset[str], str], Sequence[Agreement]]
    hash_key_of: Callable[[str], bytes]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def discovers(self, principal: Principal, asked: Asked, *, endpoint: str) -> bool:
        """Return whether a dataset exists for a principal: whoever may read it knows it, unless a policy forbids that.

        Raises:
            PolicyError: a policy could not be evaluated.
        """
        case = self._case(principal, asked, endpoint)
        if case is None:
            return False
        (verdict,) = self.policies.decide([case.about("dataset:discover", case.dataset)])
        if verdict.is_forbidden:
            return False
        return verdict.is_allowed or self.read(principal, asked, endpoint=endpoint).is_allowed

    def read(self, principal: Principal, asked: Asked, *, endpoint: str) -> Decision:
        """Decide how a principal reads a dataset.

        Raises:
            PolicyError: a policy could not be evaluated.
        """
        case = self._case(principal, asked, endpoint)
        if case is None:
            return _denied(asked, "nobody is on record as its owner")
        tag_sets = _tag_sets(asked.columns)
        questions = [case.about(Action.DATASET_READ.value, case.dataset)]
        questions += [
            case.about(_READ_CLEAR, case.tag_set(number, *tags))
            for number, tags in enumerate(tag_sets)
        ]
        may_read, *verdicts = self.policies.decide(questions)
        if may_read.is_forbidden:
            return _denied(asked, *_words(may_read, "forbidden by"))
        clear, forbidden = _columns_by(zip(tag_sets.values(), verdicts, strict=True))
        admissions, reasons = [], []
        if may_read.is_allowed:
            admissions.append(Admission(clear))
            reasons += _words(may_read, "allowed by")
        for agreement in self._agreements(principal, case.standing, asked.name):
            admissions.append(Admission(agreement.columns - forbidden, agreement.rows))
            reasons.append(f"agreement {agreement.id} with {agreement.grantee}")
        if not admissions:
            return _denied(
                asked, f"no policy and no agreement admits {principal.id} for {principal.purpose}"
            )
        masks = {column.name: default_mask(column) for column in asked.columns}
        return Decision(
            asked.name,
            is_allowed=True,
            admissions=tuple(admissions),
            masks={name: mask for name, mask in masks.items() if mask is not None},
            reasons=tuple(reasons),
            hash_key=self.hash_key_of(principal.purpose),
        )

    def _agreements(
        self, principal: Principal, standing: Standing, name: DatasetName
    ) -> list[Agreement]:
        grantees = frozenset({principal.id, *(f"team:{team}" for team in standing.teams)})
        now = self.now()
        return [
            agreement
            for agreement in self.agreements_of(name, grantees, principal.purpose)
            if agreement.is_in_force(now)
        ]

    def _case(self, principal: Principal, asked: Asked, endpoint: str) -> _Case | None:
        ownership = self.ownership_of(asked.name)
        if ownership is None or principal.kind not in _TYPES:
            return None
        standing = self.standing_of(principal)
        context = {
            "purpose": principal.purpose,
            "endpoint": endpoint,
            "now": {
                "__extn": {
                    "fn": "datetime",
                    "arg": self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                }
            },
            "roles": sorted(standing.roles),
        }
        teams = tuple(Entity("Team", team) for team in sorted(standing.teams))
        who = Entity(_TYPES[principal.kind], principal.id.partition(":")[2], parents=teams)
        domain = Entity("Domain", asked.name.domain)
        product = Entity("Product", ownership.product, parents=(domain,))
        owners = tuple(Entity("Team", owner) for owner in ownership.owners)
        tags = {tag.lower() for column in asked.columns for tag in column.tags}
        dataset = Entity(
            "Dataset",
            str(asked.name),
            {
                "owners": owners,
                "classification": _strictest(asked.columns),
                "tags": sorted(tags),
            },
            (product,),
        )
        return _Case(standing, who, dataset, owners, context)


@dataclass(frozen=True, slots=True)
class _Case:
    """One principal before one dataset."""

    standing: Standing
    principal: Entity
    dataset: Entity
    owners: tuple[Entity, ...]
    context: Mapping[str, object]

    def about(self, action: str, resource: Entity) -> Question:
        return Question(self.principal, action, resource, self.context)

    def tag_set(self, number: int, classification: str, tags: tuple[str, ...]) -> Entity:
        is_personal = any(tag == "pii" or tag.startswith("pii.") for tag in tags)
        return Entity(
            "TagSet",
            f"{self.dataset.id}#{number}",
            {
                "owners": self.owners,
                "classification": classification,
                "tags": tags,
                "is_personal": is_personal,
            },
            (self.dataset,),
        )


def _tag_sets(columns: Sequence[Column]) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """Return the columns by what policies can tell them apart by: few questions, however many columns there are."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for column in columns:
        tags = tuple(sorted({tag.lower() for tag in column.tags}))
        found[_classification(column), tags].append(column.name)
    return found


def _columns_by(
    decided: zip[tuple[list[str], Verdict]],
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the columns that policies make clear, and those that they forbid to be clear for anybody."""
    clear: set[str] = set()
    forbidden: set[str] = set()
    for names, verdict in decided:
        if verdict.is_allowed:
            clear.update(names)
        elif verdict.is_forbidden:
            forbidden.update(names)
    return frozenset(clear), frozenset(forbidden)


def _classification(column: Column) -> str:
    word = (column.classification or Classification.INTERNAL).lower()
    return word if word in _STRICTNESS else Classification.RESTRICTED.value


def _strictest(columns: Sequence[Column]) -> str:
    words = [_classification(column) for column in columns]
    return max(words, key=_STRICTNESS.index, default=Classification.RESTRICTED.value)


def _words(verdict: Verdict, verb: str) -> list[str]:
    return [
        f"{verb} policy {policy.id}" + (f": {policy.reason}" if policy.reason else "")
        for policy in verdict.policies
    ]


def _denied(asked: Asked, *reasons: str) -> Decision:
    return Decision(asked.name, is_allowed=False, reasons=reasons)
