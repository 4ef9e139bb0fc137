"""Decisions by policies and agreements: who sees which rows and columns of a dataset, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ghala.governance.cedar import Entity, Question
from ghala.governance.masks import default_mask
from ghala.governance.policy_rows import admitted
from ghala.model.classification import classification_of, strictest
from ghala.model.policy import Action, Admission, Decision
from ghala.model.predicate import columns_of
from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ghala.governance.authorize import Asked
    from ghala.governance.cedar import Policies, Verdict
    from ghala.model.agreement import Agreement
    from ghala.model.contract import Column
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal

_TYPES = {
    PrincipalKind.AGENT: "Agent",
    PrincipalKind.PRODUCT: "Product",
    PrincipalKind.SERVICE: "Service",
    PrincipalKind.USER: "User",
}
_READ_CLEAR = "column:read_clear"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a principal is at this moment: members of teams act for them, roles are taken for a limited time.

    The teams of a product are those that own it; it has nothing that they were granted.
    """

    teams: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose a dataset is: its product, and the teams that own it."""

    product: str
    owners: tuple[str, ...]


class Existence(Enum):
    """Whether a dataset exists for a principal, as far as policies can say without looking at its columns; sorted."""

    BY_AGREEMENT = auto()
    BY_COLUMNS = auto()
    NO = auto()
    YES = auto()


class Reached(NamedTuple):
    """What policies say of a dataset by itself: whether it exists for somebody, and whether they read rows of it."""

    exists: Existence
    reads: Existence


class InForce(Protocol):
    """Says which policies are in force; a set of policies is in force itself."""

    def now(self) -> Policies:
        """Return the set that is in force."""
        ...


@dataclass(frozen=True, slots=True)
class Weighed:
    """All that decides how somebody reads a dataset: what policies say, and every agreement that is in force.

    `columns` are those of each tag set with the verdict about reading them in clear. It holds until `until`, as long
    as policies, agreements and what the principal is stay as they are; None: no agreement begins or ends. `domains` are
    those that the principal's teams own.
    """

    policies: Policies
    standing: Standing
    may_read: Verdict
    columns: tuple[tuple[tuple[str, ...], Verdict], ...] = ()
    agreements: tuple[Agreement, ...] = ()
    until: datetime | None = None
    domains: frozenset[str] = frozenset()

    @property
    def clear(self) -> frozenset[str]:
        """The columns that policies make clear."""
        return _names(names for names, verdict in self.columns if verdict.is_allowed)

    @property
    def forbidden(self) -> frozenset[str]:
        """The columns that policies forbid to be clear, for anybody and any agreement."""
        return _names(names for names, verdict in self.columns if verdict.is_forbidden)

    @property
    def admissions(self) -> tuple[Admission, ...]:
        """What is admitted: by policies first, then by each agreement."""
        if self.may_read.is_forbidden:
            return ()
        forbidden = self.forbidden
        by_policy: tuple[Admission, ...] = ()
        if self.may_read.is_allowed:
            about = [policy.rows_about for policy in self.may_read.policies]
            known = _names(names for names, _ in self.columns)
            by_policy = admitted(self.clear, about, self.domains, known)
        by_agreement = [Admission(one.columns - forbidden, one.rows) for one in self.agreements]
        return (*by_policy, *by_agreement)


@dataclass(frozen=True, slots=True)
class PolicyDecider:
    """Decides for users, services, agents and products. A dataset without an owner on record is denied to everybody.

    `agreements_of` gives every agreement about a dataset whose grantee is one of some ids, for one purpose, in force
    or not; `hash_key_of` the key of a purpose's keyed hashes; `domains_of` the domains that some teams own.
    """

    policies: InForce
    standing_of: Callable[[Principal], Standing]
    ownership_of: Callable[[DatasetName], Ownership | None]
    agreements_of: Callable[[DatasetName, frozenset[str], str], Sequence[Agreement]]
    hash_key_of: Callable[[str], bytes]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    domains_of: Callable[[frozenset[str]], frozenset[str]] = lambda _: frozenset()

    def discovers(self, principal: Principal, asked: Asked, *, endpoint: str) -> bool:
        """Return whether a dataset exists for a principal: whoever may read it knows it, unless a policy forbids that.

        Raises:
            PolicyError: a policy could not be evaluated.
        """
        return self.discovers_until(principal, asked, endpoint=endpoint)[0]

    def discovers_until(
        self, principal: Principal, asked: Asked, *, endpoint: str
    ) -> tuple[bool, datetime | None]:
        """Return whether a dataset exists for a principal, and until when that holds, as `Weighed.until`."""
        verdict = self.may_discover(principal, asked, endpoint=endpoint)
        if verdict is None or verdict.is_forbidden or verdict.is_allowed:
            return verdict is not None and verdict.is_allowed, None
        weighed = self.weigh(principal, asked, endpoint=endpoint)
        return weighed is not None and bool(weighed.admissions), weighed.until if weighed else None

    def reached_by_policy(self, principal: Principal, asked: Asked, *, endpoint: str) -> Reached:
        """Return what policies say of whether a dataset exists and rows of it are read.

        It is the same for all datasets that they cannot tell apart.

        Raises:
            PolicyError: a policy could not be evaluated.
        """
        case = self._case(principal, asked, endpoint)
        if case is None:
            return Reached(Existence.NO, Existence.NO)
        actions = (Action.DATASET_DISCOVER, Action.DATASET_READ)
        discover, read = self.policies.now().decide(
            [case.about(action.value, case.dataset) for action in actions]
        )
        reads = Existence.NO if read.is_forbidden else Existence.BY_AGREEMENT
        if read.is_allowed:
            # A policy about some rows depends on the columns that a dataset has.
            is_whole = any(policy.rows_about is None for policy in read.policies)
            reads = Existence.YES if is_whole else Existence.BY_COLUMNS
        if discover.is_allowed or discover.is_forbidden:
            return Reached(Existence.YES if discover.is_allowed else Existence.NO, reads)
        return Reached(reads, reads)

    def read(self, principal: Principal, asked: Asked, *, endpoint: str) -> Decision:
        """Decide how a principal reads a dataset.

        Raises:
            PolicyError: a policy could not be evaluated.
        """
        return self.decided(principal, asked, self.weigh(principal, asked, endpoint=endpoint))

    def decided(self, principal: Principal, asked: Asked, weighed: Weighed | None) -> Decision:
        """Return the decision that follows from what was weighed."""
        if weighed is None:
            return _denied(asked, "nobody is on record as its owner")
        if weighed.may_read.is_forbidden:
            return _denied(asked, *_words(weighed.may_read, "forbidden by"))
        reasons = _words(weighed.may_read, "allowed by") + [
            f"agreement {agreement.id} with {agreement.grantee}" for agreement in weighed.agreements
        ]
        if not weighed.admissions:
            return _denied(
                asked, f"no policy and no agreement admits {principal.id} for {principal.purpose}"
            )
        masks = {column.name: default_mask(column) for column in asked.columns}
        return Decision(
            asked.name,
            is_allowed=True,
            admissions=weighed.admissions,
            masks={name: mask for name, mask in masks.items() if mask is not None},
            reasons=tuple(reasons),
            hash_key=self.hash_key_of(principal.purpose),
        )

    def may_discover(self, principal: Principal, asked: Asked, *, endpoint: str) -> Verdict | None:
        """Return what policies say about discovering a dataset; None where nobody is on record as its owner."""
        case = self._case(principal, asked, endpoint)
        if case is None:
            return None
        (verdict,) = self.policies.now().decide([case.about("dataset:discover", case.dataset)])
        return verdict

    def weigh(self, principal: Principal, asked: Asked, *, endpoint: str) -> Weighed | None:
        """Return all that decides how a principal reads a dataset; None where nobody is on record as its owner.

        Raises:
            PolicyError: a policy could not be evaluated.
        """
        case = self._case(principal, asked, endpoint)
        if case is None:
            return None
        policies, tag_sets = self.policies.now(), _tag_sets(asked.columns)
        questions = [case.about(Action.DATASET_READ.value, case.dataset)]
        questions += [
            case.about(_READ_CLEAR, case.tag_set(number, *tags))
            for number, tags in enumerate(tag_sets)
        ]
        may_read, *verdicts = policies.decide(questions)
        now = self.now()
        grantees = grantees_of(principal, case.standing)
        known = self.agreements_of(asked.name, grantees, principal.purpose)
        edges = [moment for one in known for moment in (one.since, one.end) if moment > now]
        return Weighed(
            policies,
            case.standing,
            may_read,
            tuple(zip(map(tuple, tag_sets.values()), verdicts, strict=True)),
            tuple(one for one in known if one.is_in_force(now) and _tells_rows(one, asked)),
            min(edges, default=None),
            self.domains_of(case.standing.teams),
        )

    def approving(
        self,
        principal: Principal,
        asked: Asked,
        columns: Collection[str],
        *,
        endpoint: str,
        days: int,
        is_for_others: bool,
    ) -> str | None:
        """Return the id of a policy that approves a request for some columns automatically; None if none does.

        Raises:
            PolicyError: a policy could not be evaluated.
        """
        case = self._case(principal, asked, endpoint)
        if case is None:
            return None
        wanted = [one for one in asked.columns if one.name in columns]
        tags = {tag.lower() for one in wanted for tag in one.tags}
        context = {
            **case.context,
            "days": days,
            "classification": strictest(one.classification for one in wanted).value,
            "is_personal": _is_personal(tags),
            "is_for_others": is_for_others,
        }
        action = Action.AGREEMENT_APPROVE_AUTOMATICALLY.value
        question = Question(case.principal, action, case.dataset, context)
        (verdict,) = self.policies.now().decide([question])
        return verdict.policies[0].id if verdict.is_allowed else None

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
            "domains": sorted(self.domains_of(standing.teams)),
        }
        owners = tuple(Entity("Team", owner) for owner in ownership.owners)
        product = _product(ownership.product, owners)
        classification, tags = dataset_terms(asked)
        dataset = Entity(
            "Dataset",
            str(asked.name),
            {
                "owners": owners,
                "classification": classification,
                "tags": tags,
                "is_personal": _is_personal(tags),
            },
            (product,),
        )
        return _Case(standing, _who(principal, standing), dataset, owners, context)


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
        return Entity(
            "TagSet",
            f"{self.dataset.id}#{number}",
            {
                "owners": self.owners,
                "classification": classification,
                "tags": tags,
                "is_personal": _is_personal(tags),
            },
            (self.dataset,),
        )


def _who(principal: Principal, standing: Standing) -> Entity:
    name = principal.id.partition(":")[2]
    teams = tuple(Entity("Team", team) for team in sorted(standing.teams))
    if principal.kind is PrincipalKind.PRODUCT:
        return _product(name, teams)
    return Entity(_TYPES[principal.kind], name, parents=teams)


def _product(name: str, owners: tuple[Entity, ...]) -> Entity:
    domain = Entity("Domain", name.partition("/")[0])
    return Entity("Product", name, {"domain": domain, "owners": owners}, (domain,))


def grantees_of(principal: Principal, standing: Standing) -> frozenset[str]:
    """Return with whom agreements count for a principal; what a team was granted is for people, not for pipelines."""
    if principal.kind is PrincipalKind.PRODUCT:
        return frozenset({principal.id})
    return frozenset({principal.id, *(f"team:{team}" for team in standing.teams)})


def _is_personal(tags: Iterable[str]) -> bool:
    return any(tag == "pii" or tag.startswith("pii.") for tag in tags)


def dataset_terms(asked: Asked) -> tuple[str, tuple[str, ...]]:
    """Return the classification and the tags that policies see of a dataset: those of all its columns."""
    tags = {tag.lower() for column in asked.columns for tag in column.tags}
    return strictest(one.classification for one in asked.columns).value, tuple(sorted(tags))


def _tag_sets(columns: Sequence[Column]) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """Return the columns by what policies can tell them apart by: few questions, however many columns there are."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for column in columns:
        tags = tuple(sorted({tag.lower() for tag in column.tags}))
        found[classification_of(column.classification).value, tags].append(column.name)
    return found


def _tells_rows(agreement: Agreement, asked: Asked) -> bool:
    """Return whether a state has the columns that tell an agreement's rows; without them it admits nothing."""
    known = {column.name for column in asked.columns}
    return agreement.rows is None or known.issuperset(columns_of(agreement.rows))


def _names(groups: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(name for names in groups for name in names)


def _words(verdict: Verdict, verb: str) -> list[str]:
    return [
        f"{verb} policy {policy.id}" + (f": {policy.reason}" if policy.reason else "")
        for policy in verdict.policies
    ]


def _denied(asked: Asked, *reasons: str) -> Decision:
    return Decision(asked.name, is_allowed=False, reasons=reasons)
