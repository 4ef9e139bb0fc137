"""What a product may read in its run: its own datasets as they are, those of others by policies and agreements."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.engines.stop import Stop
from ghala.errors import DeniedError, QueryRefusedError
from ghala.governance.authorize import Asked, Authorizer
from ghala.governance.decider import ENDPOINT_OF_PRODUCTS, standing
from ghala.governance.grantees import product_principal
from ghala.governance.inherited import Inheritance
from ghala.governance.policy import Ownership, PolicyDecider
from ghala.governance.release_terms import ReleaseTerms
from ghala.governance.terms import described
from ghala.model.names import DatasetName
from ghala.model.system import is_system
from ghala.query.watch import covers
from ghala.registry import agreements, lineage
from ghala.registry.registry import now_us, read_epoch
from ghala.sql import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ghala.governance.policy import InForce
    from ghala.model.agreement import Agreement
    from ghala.model.contract import Column
    from ghala.model.policy import Action, Decision
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.model.scan import PhysicalScan
    from ghala.query.watch import Watch
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin
    from ghala.spec.kept import Definitions

_QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class _Input:
    """A dataset of another product, as a run pinned it, and what the contract of its release said of its columns."""

    pin: Pin
    lineage: str | None
    own_terms: tuple[Column, ...]


@dataclass(slots=True)
class ProductReads:
    """Decides for one product while it runs; `stop` ends the step that runs when it may read less than it was given.

    Its own datasets and the tables of its steps it reads as they are. What others deliver is decided as for any reader,
    for the purpose `production` at the endpoint `pipeline`. Without an agreement, columns that are not clear are not
    there: nobody agreed to masked values, and published they would pass for real ones.
    """

    principal: Principal
    registry: Registry
    definitions: Definitions
    policies: Callable[[], InForce]
    hash_key_of: Callable[[str], bytes]
    inputs: Mapping[DatasetName, _Input]
    stop: Stop = field(default_factory=Stop)
    _decided: dict[DatasetName, tuple[Asked, Decision]] = field(default_factory=dict, repr=False)
    _inheritance: Inheritance = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._inheritance = Inheritance(self.registry, lambda: self.definitions)

    @property
    def is_limited(self) -> bool:
        """Whether anything that the run reads belongs to another product."""
        return bool(self.inputs)

    def decide(
        self,
        principal: Principal,
        action: Action,
        asked: Sequence[Asked],
        *,
        prepared: Collection[DatasetName] = frozenset(),
    ) -> tuple[Decision, ...]:
        """Return one decision for each dataset, in order."""
        return tuple(self._decide(principal, action, one, prepared) for one in asked)

    def decide_again(self, proved: dict[Principal, Principal]) -> None:  # noqa: ARG002 - a product proves nothing
        """Decide again about all that was allowed.

        Raises:
            DeniedError: the product may read less than it was given.
        """
        for name, (asked, before) in list(self._decided.items()):
            if not covers(self._weighed(asked), before):
                raise DeniedError(
                    f"{self.principal.id} may no longer read {name} as it did",
                    reasons=["what was allowed has been withdrawn"],
                    datasets=(str(name),),
                )

    def confirm(self) -> int:
        """Decide again about all that was allowed, and return the registry's epoch at which that holds.

        Raises:
            DeniedError: the product may read less than it was given.
        """
        with self.registry.read() as connection:
            epoch = read_epoch(connection)
        self.decide_again({})
        return epoch

    def visible(self, inputs: Mapping[DatasetName, PhysicalScan]) -> dict[str, list[str]]:
        """Return the columns of some inputs that the product's statements can see."""
        return {str(name): self._seen(name, scan) for name, scan in inputs.items()}

    def _seen(self, name: DatasetName, scan: PhysicalScan) -> list[str]:
        if name not in self._decided:
            return [column for column, _ in scan.columns]
        asked, decision = self._decided[name]
        return [column.name for column in guard.visible(asked.columns, decision)]

    @contextmanager
    def watched(self, watch: Watch) -> Iterator[None]:
        """Let a step run under watch: what is withdrawn meanwhile ends it."""
        if not self.is_limited:
            yield
            return
        with self.naming_owners(), watch.over(self):
            yield

    @contextmanager
    def naming_owners(self) -> Iterator[None]:
        """Say in what is denied whom to ask, and how; a column that is kept from the product is denied, not unknown."""
        try:
            yield
        except DeniedError as error:
            names = error.evidence.get("datasets")
            if isinstance(names, tuple) and names:
                error.hint = self._how_to_ask(DatasetName.parse(names[0]), "NAME")
            raise
        except QueryRefusedError as error:
            if (kept := self._kept_column(error.message)) is None:
                raise
            name, column = kept
            raise DeniedError(
                f"{self.principal.id} may not read {name}.{column}",
                reasons=["no policy and no agreement gives it that column"],
                hint=self._how_to_ask(name, column),
                place=error.place,
                datasets=(str(name),),
            ) from error

    def _kept_column(self, message: str) -> tuple[DatasetName, str] | None:
        """Return the column that a refusal does not find, if an input has it for others than this product."""
        named = {name.lower() for name in _QUOTED.findall(message)}
        for name, (asked, decision) in self._decided.items():
            seen = {column.name for column in guard.visible(asked.columns, decision)}
            for column in asked.columns:
                if column.name not in seen and column.name.lower() in named:
                    return name, column.name
        return None

    def _how_to_ask(self, name: DatasetName, column: str) -> str:
        owner = self.definitions.owners.get(name.domain)
        whom = f"its owner, the team `{owner}`" if owner else "its owner"
        return (
            f"ask {whom}: ghala access request {name} --for {self.principal.id} "
            f"--purpose {self.principal.purpose} --column {column} --why TEXT"
        )

    def _decide(
        self, principal: Principal, action: Action, asked: Asked, prepared: Collection[DatasetName]
    ) -> Decision:
        (plain,) = Authorizer().decide(principal, action, [asked], prepared=prepared)
        if asked.name not in self.inputs or not plain.is_allowed:
            return plain
        decision = self._weighed(asked)
        if decision.is_allowed:
            self._decided[asked.name] = (asked, decision)
        return decision

    def _weighed(self, asked: Asked) -> Decision:
        known = self.inputs[asked.name]
        full = described(replace(asked, own_terms=known.own_terms), self.definitions)
        full = self._inheritance.added(replace(full, lineage=known.lineage))
        decider = PolicyDecider(
            self.policies(),
            standing_of=standing,
            ownership_of=self._ownership,
            agreements_of=self._agreements,
            hash_key_of=self.hash_key_of,
            now=lambda: datetime.now(UTC),
        )
        weighed = decider.weigh(self.principal, full, endpoint=ENDPOINT_OF_PRODUCTS)
        decision = decider.decided(self.principal, full, weighed)
        return replace(
            decision,
            masks=decision.masks if weighed and weighed.agreements else {},
            policy_version=weighed.policies.version if weighed else None,
            endpoint=ENDPOINT_OF_PRODUCTS,
        )

    def _ownership(self, name: DatasetName) -> Ownership:
        """Return whose an input is; also of a domain that names no owner, whose products have each other's data."""
        owner = self.definitions.owners.get(name.domain, "").lower().removeprefix("team:")
        return Ownership(str(self.inputs[name].pin.product), (owner,) if owner else ())

    def _agreements(
        self, name: DatasetName, grantees: frozenset[str], purpose: str
    ) -> Sequence[Agreement]:
        dataset_id = self.inputs[name].pin.dataset.dataset_id
        with self.registry.read() as connection:
            return agreements.not_ended(connection, dataset_id, grantees, purpose, now_us())


def _is_own(pin: Pin, product: Product) -> bool:
    """Return whether a product reads a release of its own, or one built-in product that of another."""
    both = (str(pin.product), str(product.name))
    return pin.product == product.name or all(map(is_system, both))


@dataclass(frozen=True, slots=True)
class Rights:
    """Makes, for each run of a product, what decides about its reads."""

    registry: Registry
    policies: Callable[[], InForce]
    hash_key_of: Callable[[str], bytes]
    terms: ReleaseTerms = field(default_factory=ReleaseTerms, repr=False, compare=False)

    def of(
        self,
        connection: Transaction,
        product: Product,
        pins: Mapping[DatasetName, Pin],
        definitions: Definitions,
    ) -> ProductReads:
        """Return what decides for a product that reads these releases; its own are not among what is decided."""
        inputs = {
            name: _Input(
                pin,
                lineage.hash_of(connection, pin.environment, pin.product, pin.number),
                # The contract as it is now may be broken, and half of it understood.
                self.terms.of(connection, pin.environment, pin.product, pin.number, pin.dataset),
            )
            for name, pin in pins.items()
            if not _is_own(pin, product)
        }
        return ProductReads(
            principal=product_principal(product.name, definitions),
            registry=self.registry,
            definitions=definitions,
            policies=self.policies,
            hash_key_of=self.hash_key_of,
            inputs=inputs,
        )
