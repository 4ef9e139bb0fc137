"""What exists for a principal: decided once for all datasets that policies cannot tell apart, however many they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from ghala.governance.policy import Existence, dataset_terms
from ghala.model.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ghala.governance.authorize import Asked
    from ghala.governance.policy import PolicyDecider, Reached
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.spec.kept import Definitions

AgreedIds = frozenset[str]
"""The ids of the datasets about which there are agreements with some grantees, in force or not."""


@dataclass(frozen=True, slots=True)
class DatasetClass:
    """All that policies can tell a dataset by; its product and its own name only where a policy names these."""

    domain: str
    owners: tuple[str, ...]
    classification: str
    tags: tuple[str, ...]
    product: str | None = None
    dataset: str | None = None


@dataclass(slots=True)
class Classes:
    """The datasets of one state of everything, each with all that is said of it, and with its class.

    They are the same for all principals, and found out when somebody first asks.
    """

    policies: PolicyDecider
    definitions: Definitions
    describe: Callable[[DatasetName], Asked]
    _described: dict[DatasetName, Asked] = field(default_factory=dict)
    _numbers: dict[DatasetName, int | None] = field(default_factory=dict)
    _classes: dict[DatasetClass, int] = field(default_factory=dict)
    _next: Iterator[int] = field(default_factory=count)

    def described(self, name: DatasetName) -> Asked:
        """Return a dataset with all that is said of its columns, and what those carry on by their lineage."""
        found = self._described.get(name)
        if found is None:
            found = self._described[name] = self.describe(name)
        return found

    def of(self, name: DatasetName) -> int | None:
        """Return the number of a dataset's class; None where nobody is on record as its owner."""
        if name not in self._numbers:
            found = class_of(self.policies, self.described(name))
            # Threads may look at once: no two get the same number, and a gap does not matter.
            self._numbers[name] = (
                None if found is None else self._classes.setdefault(found, next(self._next))
            )
        return self._numbers[name]


@dataclass(slots=True)
class Discoverable:
    """What exists for one principal at one state of everything.

    Only datasets that an agreement can make known are asked about one by one, and only those about which there is one:
    `agreed_ids` says so. Without it, all of them are.
    """

    principal: Principal
    endpoint: str
    classes: Classes
    agreed_ids: Callable[[], AgreedIds] | None = None
    reads: bool = True
    """Whether the principal may read at all, with what proved who it is."""
    _by_class: dict[int, Reached] = field(default_factory=dict)
    _by_name: dict[DatasetName, tuple[bool, datetime | None]] = field(default_factory=dict)
    _agreed: AgreedIds | None = None

    def has(self, name: DatasetName) -> bool:
        """Return whether a dataset exists for the principal."""
        reached = self._reached(name)
        match Existence.NO if reached is None else reached.exists:
            case Existence.YES:
                return True
            case Existence.NO:
                return False
            case Existence.BY_AGREEMENT:
                return self._may_be_agreed(name) and self._exists_by_itself(name)
            case Existence.BY_COLUMNS:
                return self._exists_by_itself(name)

    def opening(self, name: DatasetName) -> tuple[Opening, datetime | None]:
        """Return how the principal comes to the rows of a dataset that exists for it, and until when that holds."""
        reached = self._reached(name)
        if reached is None or reached.reads is Existence.NO or not self.reads:
            return Opening.CLOSED, None
        if reached.reads is Existence.YES:
            return Opening.OPEN, None
        is_by_policy = reached.reads is Existence.BY_COLUMNS
        if not is_by_policy and not self._may_be_agreed(name):
            return Opening.ON_REQUEST, None
        policies, asked = self.classes.policies, self.classes.described(name)
        weighed = policies.weigh(self.principal, asked, endpoint=self.endpoint)
        if weighed is None or not weighed.admissions:
            return Opening.ON_REQUEST, weighed.until if weighed else None
        is_agreed = len(weighed.admissions) == len(weighed.agreements)
        return Opening.AGREED if is_agreed else Opening.OPEN, weighed.until

    def _reached(self, name: DatasetName) -> Reached | None:
        known = self.classes.of(name)
        if known is None:
            return None
        if known not in self._by_class:
            asked = self.classes.described(name)
            self._by_class[known] = self.classes.policies.reached_by_policy(
                self.principal, asked, endpoint=self.endpoint
            )
        return self._by_class[known]

    def _exists_by_itself(self, name: DatasetName) -> bool:
        policies = self.classes.policies
        exists, until = self._by_name.get(name, (False, None))
        if name not in self._by_name or (until is not None and policies.now() >= until):
            asked = self.classes.described(name)
            exists, until = policies.discovers_until(self.principal, asked, endpoint=self.endpoint)
            self._by_name[name] = exists, until
        return exists

    def _may_be_agreed(self, name: DatasetName) -> bool:
        if self.agreed_ids is None:
            return True
        if self._agreed is None:
            self._agreed = self.agreed_ids()
        found = self.classes.definitions.datasets.get(name)
        return found is not None and found[2].id in self._agreed


def classes_of(
    policies: PolicyDecider, definitions: Definitions, describe: Callable[[DatasetName], Asked]
) -> Classes:
    """Return the classes by the policies that are in force now, and stay so for whoever is decided with them."""
    return Classes(replace(policies, policies=policies.policies.now()), definitions, describe)


def class_of(policies: PolicyDecider, asked: Asked) -> DatasetClass | None:
    """Return the class of a dataset; None where nobody is on record as its owner."""
    ownership = policies.ownership_of(asked.name)
    if ownership is None:
        return None
    named, dataset = policies.policies.now().named, str(asked.name)
    return DatasetClass(
        asked.name.domain,
        ownership.owners,
        *dataset_terms(asked),
        ownership.product if ("Product", ownership.product) in named else None,
        dataset if ("Dataset", dataset) in named else None,
    )
