"""What there is for a principal: what may not be discovered is not there, in lists, in answers and in hints."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError
from ghala.governance.authorize import Asked
from ghala.governance.masks import default_mask
from ghala.model.contract import RuleKind
from ghala.model.policy import Action, Clearance
from ghala.model.release import PROD
from ghala.registry import environments, releases

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from ghala.governance.decider import EndpointDecider
    from ghala.model.contract import Column, Contract, Dataset
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.query.source import Releases, ResolvedDataset, Wanted
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin
    from ghala.spec.kept import Definitions

Facts = dict[str, object]
"""Plain values, ready for JSON."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """The releases that exist for one principal. What it may not discover is not even looked up."""

    releases: Releases
    principal: Principal
    decider: EndpointDecider

    def made_on_demand(self, wanted: Collection[Wanted]) -> AbstractSet[Wanted]:
        """Return what of it is made when somebody asks, as far as the principal may know it."""
        return {one for one in self.releases.made_on_demand(wanted) if self._exists(one.name)}

    def refresh(self, wanted: Collection[Wanted]) -> None:
        """Have what is wanted brought up to date, as far as the principal may know it."""
        self.releases.refresh([one for one in wanted if self._exists(one.name)])

    def resolve(
        self, environment: str, wanted: Collection[Wanted]
    ) -> Mapping[Wanted, ResolvedDataset]:
        """Return what is wanted; what is not there, or must not be known, has no entry."""
        names = {one.name for one in wanted}
        known = {name for name in names if self._exists(name)}
        return self.releases.resolve(environment, [one for one in wanted if one.name in known])

    def names(self, environment: str) -> Collection[DatasetName]:
        """Return all datasets that exist for the principal and have a current release."""
        found = self.releases.names(environment)
        return tuple(name for name in found if self._exists(name))

    def _exists(self, name: DatasetName) -> bool:
        return self.decider.discovers(self.principal, name)


@dataclass(frozen=True, slots=True)
class Discovery:
    """Products, datasets and releases, as they exist for a principal."""

    registry: Registry
    definitions: Callable[[], Definitions]
    decider: EndpointDecider

    def products(self, principal: Principal, environment: str = PROD) -> list[Facts]:
        """Return the products of which the principal may discover a dataset."""
        pins = self._pins(environment)
        return [_product(one, names, pins) for one, names in self._products(principal)]

    def product(self, name: str, principal: Principal, environment: str = PROD) -> Facts:
        """Return one product.

        Raises:
            NotFoundError: there is none of that name, as far as the principal may know.
        """
        found = self._products(principal)
        for product, names in found:
            if str(product.name) == name.lower():
                return _product(product, names, self._pins(environment)) | _about(product)
        raise _unknown("product", name, [str(product.name) for product, _ in found])

    def datasets(self, principal: Principal, environment: str = PROD) -> list[Facts]:
        """Return the datasets that the principal may discover."""
        pins, known = self._pins(environment), self.definitions().datasets
        return [_dataset(*known[name], pins.get(name)) for name in self._names(principal)]

    def dataset(self, name: str, principal: Principal, environment: str = PROD) -> Facts:
        """Return one dataset, with the columns that the principal sees or could ask for, and how it may read them.

        Raises:
            NotFoundError: there is none of that name, as far as the principal may know.
        """
        names = self._names(principal)
        for one in names:
            if str(one) == name.lower():
                product, contract, dataset = self.definitions().datasets[one]
                asked = Asked(one, dataset.columns)
                (decision,) = self.decider.decide(principal, Action.DATASET_READ, [asked])
                columns = self.decider.described(asked).columns
                pin = self._pins(environment).get(one)
                return _dataset(product, contract, dataset, pin) | {
                    "columns": list(_columns(dataset, columns, decision)),
                    "access": {
                        "is_allowed": decision.is_allowed,
                        "reasons": list(decision.reasons),
                    },
                }
        raise _unknown("dataset", name, [str(one) for one in names])

    def releases(
        self, principal: Principal, product: str | None = None, environment: str = PROD
    ) -> list[Facts]:
        """Return releases, newest first, with the datasets that the principal may discover.

        Raises:
            NotFoundError: there is no product of that name, as far as the principal may know.
        """
        visible = {one.name: set(names) for one, names in self._products(principal)}
        wanted: ProductName | None = None
        if product is not None:
            by_text = {str(name): name for name in visible}
            wanted = by_text.get(product.lower())
            if wanted is None:
                raise _unknown("product", product, by_text)
        with environments.read(self.registry, environment) as connection:
            history = releases.history(connection, environment, wanted)
        return [
            {
                "product": str(release.product),
                "number": release.number,
                "environment": release.environment,
                "created_at": release.created_at.isoformat(timespec="seconds"),
                "is_current": release.is_current,
                "datasets": [
                    {"name": str(one.name), "rows": one.row_count, "bytes": one.byte_count}
                    for one in release.datasets
                    if one.name in visible[release.product]
                ],
            }
            for release in history
            if release.product in visible
        ]

    def visible(self, principal: Principal) -> dict[ProductName, list[DatasetName]]:
        """Return the products of which the principal may discover a dataset, with those that it may."""
        return {product.name: names for product, names in self._products(principal)}

    def owner(self, dataset: str) -> str | None:
        """Return the team that owns the domain of a dataset."""
        return self.definitions().owners.get(dataset.partition(".")[0])

    def _names(self, principal: Principal) -> list[DatasetName]:
        known = sorted(self.definitions().datasets)
        return list(filter(self.decider.discoverer(principal), known))

    def _products(self, principal: Principal) -> list[tuple[Product, list[DatasetName]]]:
        by_product: dict[ProductName, list[DatasetName]] = {}
        known = self.definitions()
        for name in self._names(principal):
            by_product.setdefault(known.datasets[name][0].name, []).append(name)
        return [(known.products[name], found) for name, found in sorted(by_product.items())]

    def _pins(self, environment: str) -> Mapping[DatasetName, Pin]:
        with environments.read(self.registry, environment) as connection:
            return releases.current(connection, environment)


def _product(
    product: Product, names: Iterable[DatasetName], pins: Mapping[DatasetName, Pin]
) -> Facts:
    return {
        "name": str(product.name),
        "title": product.title,
        "owner": product.owner,
        "version": product.version,
        "status": product.status,
        "datasets": [{"name": str(name)} | _released(pins.get(name)) for name in names],
    }


def _about(product: Product) -> Facts:
    return {
        "purpose": product.purpose,
        "limitations": product.limitations,
        "usage": product.usage,
        "tags": list(product.tags),
        "people": [
            {"username": one.username, "name": one.name, "role": one.role} for one in product.people
        ],
        "support": [
            {
                "channel": one.channel,
                "url": one.url,
                "tool": one.tool,
                "description": one.description,
            }
            for one in product.support
        ],
        "documentation": product.documentation,
    }


def _dataset(product: Product, contract: Contract, dataset: Dataset, pin: Pin | None) -> Facts:
    return {
        "name": str(dataset.name),
        "product": str(product.name),
        "owner": product.owner,
        "description": dataset.description,
        "contract": f"{contract.name} {contract.version}",
        "status": contract.status,
        **_released(pin),
    }


def _released(pin: Pin | None) -> Facts:
    return {
        "release": pin.number if pin else None,
        "rows": pin.dataset.row_count if pin else None,
        "bytes": pin.dataset.byte_count if pin else None,
    }


def _columns(dataset: Dataset, columns: Iterable[Column], decision: Decision) -> Iterator[Facts]:
    """Yield what may be known of the columns: one that is hidden is in no list."""
    key = {name.lower() for name in dataset.primary_key}
    unique = {
        name.lower()
        for rule in dataset.rules
        if rule.kind is RuleKind.UNIQUE
        for name in rule.columns
    }
    for column in columns:
        clearance = column_clearance(column, decision)
        if clearance is not Clearance.HIDDEN:
            yield {
                "name": column.name,
                "type": str(column.type),
                "required": column.required,
                "unique": column.name.lower() in unique or key == {column.name.lower()},
                "key": column.name.lower() in key,
                "classification": column.classification,
                "tags": list(column.tags),
                "description": column.description,
                "clearance": clearance.value if clearance else None,
            }


def may_be_hidden(column: Column) -> bool:
    """Return whether a column can be hidden from somebody for whom its dataset exists: it has no mask of its own."""
    return default_mask(column) is None


def column_clearance(column: Column, decision: Decision) -> Clearance | None:
    """Return how a column is seen; None where the dataset cannot be read, but access could be asked for."""
    if decision.is_allowed:
        return decision.clearance(column.name)
    return Clearance.HIDDEN if default_mask(column) is None else None


def _unknown(kind: str, name: str, known: Iterable[str]) -> NotFoundError:
    # The names that may be known, and no others: a hint must not tell what is there.
    close = get_close_matches(name, list(known), 1)
    hint = f"did you mean `{close[0]}`?" if close else None
    return NotFoundError(f"there is no {kind} `{name[:200]}`", hint=hint)
