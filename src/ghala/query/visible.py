"""Which assets exist for a principal: what may not be discovered is in no search, and no answer tells of it."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ghala.governance.authorize import Asked
from ghala.model.asset import AssetKind
from ghala.model.names import DatasetName, ProductName
from ghala.model.policy import Action, Clearance
from ghala.model.principal import PrincipalKind
from ghala.query.cache import Recent
from ghala.query.discover import column_clearance, may_be_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.model.term import Term
    from ghala.spec.kept import Definitions

_SEARCHES_BY = frozenset({Action.DATASET_DISCOVER, Action.DATASET_READ})
_KEPT_S = 1.0
"""How long it is kept which columns there are while the epoch stands: policies may look at the clock."""


class Discoverer(Protocol):
    """Decides what exists for whom; `governance.decider.EndpointDecider` is the one."""

    def discoverer(self, principal: Principal) -> Callable[[DatasetName], bool]:
        """Return what says of many datasets whether each exists for a principal, at this moment."""

    def described(self, asked: Asked) -> Asked:
        """Return what is asked for with all that is known of its columns."""

    def decide(
        self, principal: Principal, action: Action, asked: Sequence[Asked]
    ) -> tuple[Decision, ...]:
        """Return one decision for each dataset, in order."""


@dataclass(slots=True)
class _Known:
    """What one principal may know at one state of everything, each until a moment."""

    definitions: Definitions
    described: dict[DatasetName, tuple[float, Mapping[str, bool]]] = field(default_factory=dict)
    columns: dict[DatasetName, tuple[float, frozenset[str]]] = field(default_factory=dict)
    domains: tuple[float, frozenset[str]] = (0.0, frozenset())


@dataclass(frozen=True, slots=True)
class Sight:
    """What exists for one principal at the moment of one search."""

    principal: Principal
    definitions: Definitions
    owned: Mapping[str, Sequence[DatasetName]]
    decider: Discoverer | None
    discovers: Callable[[DatasetName], bool]
    _known: _Known

    def sees(self, kind: str, name: str) -> bool:
        """Return whether an asset exists for the principal; one that is defined no longer exists for nobody."""
        match kind:
            case AssetKind.TERM:
                return True
            case AssetKind.OWNER:
                return self._any(self.owned.get(name, ()))
            case AssetKind.PRODUCT:
                domain, _, label = name.partition("/")
                product = self.definitions.products.get(ProductName(domain, label))
                return product is not None and self._any(one.name for one in product.datasets)
            case _:
                return self.sees_name(name)

    def sees_name(self, name: str) -> bool:
        """Return whether `domain.dataset` or `domain.dataset.column` exists for the principal."""
        domain, dataset, *column = name.lower().split(".", 2)
        named = DatasetName(domain, dataset)
        return self._exists(named) and all(self._has(named, one) for one in column)

    def products_of(self, kind: str, name: str, terms: Mapping[str, Term]) -> tuple[str, ...]:
        """Return the products of an asset that exists for the principal, as far as these do."""
        match kind:
            case AssetKind.PRODUCT:
                return (name,)
            case AssetKind.OWNER:
                return self._products(self.owned.get(name, ()))
            case AssetKind.TERM:
                links = terms[name].links if name in terms else ()
                named = [DatasetName(*link.lower().split(".", 2)[:2]) for link in links]
                return self._products(named)
            case _:
                # Whether it exists is asked of itself.
                found = self.definitions.datasets.get(DatasetName(*name.split(".", 2)[:2]))
                return () if found is None else (str(found[0].name),)

    def _products(self, names: Iterable[DatasetName]) -> tuple[str, ...]:
        known = self.definitions.datasets
        return tuple({str(known[name][0].name): None for name in names if self._exists(name)})

    def domains(self) -> frozenset[str]:
        """Return the domains of which the principal may know a dataset."""
        until_s, domains = self._known.domains
        now_s = time.monotonic()
        if now_s >= until_s:
            names = filter(self.discovers, self.definitions.datasets)
            domains = frozenset(name.domain for name in names)
            self._known.domains = now_s + _KEPT_S, domains
        return domains

    def owners(self) -> frozenset[str]:
        """Return the owners of whom the principal may know a dataset."""
        return frozenset(owner for owner, names in self.owned.items() if self._any(names))

    def _any(self, names: Iterable[DatasetName]) -> bool:
        return any(self._exists(name) for name in names)

    def _exists(self, name: DatasetName) -> bool:
        return name in self.definitions.datasets and self.discovers(name)

    def _has(self, name: DatasetName, column: str) -> bool:
        """Return whether a dataset that exists for the principal has a column that does."""
        is_never_hidden = self._described(name).get(column)
        # Most columns have a mask, and a decision costs more than all else that a search does.
        return is_never_hidden or (is_never_hidden is not None and column in self._decided(name))

    def _described(self, name: DatasetName) -> Mapping[str, bool]:
        """Return all columns of a dataset, with whether they exist for all for whom the dataset does."""
        until_s, described = self._known.described.get(name, (0.0, {}))
        now_s = time.monotonic()
        if now_s >= until_s:
            asked = Asked(name, self.definitions.datasets[name][2].columns)
            if self.principal.kind is PrincipalKind.OWNER or self.decider is None:
                described = {column.name.lower(): True for column in asked.columns}
            else:
                columns = self.decider.described(asked).columns
                described = {one.name.lower(): not may_be_hidden(one) for one in columns}
            self._known.described[name] = (now_s + _KEPT_S, described)
        return described

    def _decided(self, name: DatasetName) -> frozenset[str]:
        """Return the columns that the principal may know of a dataset that exists for it."""
        until_s, columns = self._known.columns.get(name, (0.0, frozenset[str]()))
        now_s = time.monotonic()
        if now_s < until_s or self.decider is None:
            return columns
        asked = Asked(name, self.definitions.datasets[name][2].columns)
        (decision,) = self.decider.decide(self.principal, Action.DATASET_READ, [asked])
        columns = frozenset(
            column.name.lower()
            for column in self.decider.described(asked).columns
            if column_clearance(column, decision) is not Clearance.HIDDEN
        )
        self._known.columns[name] = (now_s + _KEPT_S, columns)
        return columns


@dataclass(frozen=True, slots=True)
class Visibility:
    """Says what exists for whom, and remembers it. Without a decider, all exists for the workspace's owner alone."""

    definitions: Callable[[], Definitions]
    decider: Discoverer | None = None
    _known: Recent[tuple[Principal, int], _Known] = field(
        default_factory=lambda: Recent(256), repr=False, compare=False
    )
    _owned: Recent[int, tuple[Definitions, dict[str, list[DatasetName]]]] = field(
        default_factory=lambda: Recent(1), repr=False, compare=False
    )

    def of(self, principal: Principal, epoch: int) -> Sight:
        """Return what exists for a principal, as of an epoch of the registry."""
        definitions = self.definitions()
        known = self._known.get((principal, epoch), lambda: _Known(definitions))
        if known.definitions is not definitions:
            known.described.clear()
            known.columns.clear()
            known.domains = 0.0, frozenset()
            known.definitions = definitions
        kept, owned = self._owned.get(id(definitions), lambda: (definitions, _owned(definitions)))
        if kept is not definitions:
            owned = _owned(definitions)
        discovers = self._discoverer(principal)
        return Sight(principal, definitions, owned, self.decider, discovers, known)

    def _discoverer(self, principal: Principal) -> Callable[[DatasetName], bool]:
        if self.decider is not None:
            return self.decider.discoverer(principal)
        return lambda _: principal.kind is PrincipalKind.OWNER


def may_search(principal: Principal) -> bool:
    """Return whether anything may be found with what proved who asks.

    >>> from ghala.model.principal import OWNER_LOCAL
    >>> may_search(OWNER_LOCAL)
    True
    """
    return principal.scopes is None or bool(_SEARCHES_BY & principal.scopes)


def _owned(definitions: Definitions) -> dict[str, list[DatasetName]]:
    found: dict[str, list[DatasetName]] = defaultdict(list)
    for name, (product, _, _) in definitions.datasets.items():
        for owner in {product.owner, definitions.owners.get(name.domain, "")}:
            found[owner].append(name)
    return dict(found)
