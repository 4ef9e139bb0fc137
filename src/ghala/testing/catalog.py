"""Definitions without files: what tests and benchmarks of the catalog search in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ghala.model.contract import Column, Contract, Dataset
from ghala.model.names import DatasetName, ProductName
from ghala.model.policy import Admission, Decision
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.product import Definition, Domain, Product, Workspace
from ghala.model.types import DataType, Kind
from ghala.spec.kept import Definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.governance.authorize import Asked
    from ghala.model.policy import Action

ANN = Principal("user:ann", PrincipalKind.USER, "analytics")


def column(
    name: str, description: str = "", *tags: str, classification: str | None = None
) -> Column:
    """Return a column of text."""
    return Column(
        name,
        DataType(Kind.VARCHAR),
        description=description,
        classification=classification,
        tags=tags,
    )


def product(
    name: str,
    datasets: Mapping[str, Sequence[Column]],
    *,
    title: str = "",
    purpose: str = "",
    owner: str = "",
    tags: tuple[str, ...] = (),
    description: str = "",
) -> Product:
    """Return a product with one contract; its definition's hash follows from all that is given."""
    named = ProductName.parse(name)
    made = tuple(
        Dataset(
            DatasetName(named.domain, dataset),
            f"{named}/{dataset}",
            tuple(columns),
            description=description,
        )
        for dataset, columns in datasets.items()
    )
    sha256 = repr((name, title, purpose, owner, tags, made))
    return Product(
        name=named,
        id=name,
        title=title or named.product,
        version="1.0.0",
        status="active",
        owner=owner or f"{named.domain}-team",
        contracts=(Contract(name, name, "1.0.0", "active", made),),
        pipeline=None,
        inputs=(),
        definition=Definition(sha256, {}),
        folder=Path("/nowhere"),
        purpose=purpose,
        tags=tags,
    )


def definitions(*products: Product) -> Definitions:
    """Return definitions of products; each domain belongs to a team of its name."""
    domains = sorted({one.name.domain for one in products})
    owned = tuple(Domain(domain, f"{domain}-team") for domain in domains)
    return Definitions(Workspace("test", Path("/nowhere"), owned, products, {}))


@dataclass
class Eyes:
    """Decides what exists: all but some datasets and columns."""

    hidden: set[str] = field(default_factory=set)

    def discoverer(self, principal: Principal) -> Callable[[DatasetName], bool]:  # noqa: ARG002 - as the real one
        """Return what says whether a dataset exists."""
        return lambda name: str(name) not in self.hidden

    def discovers(self, principal: Principal, name: DatasetName) -> bool:
        """Return whether a dataset exists."""
        return self.discoverer(principal)(name)

    def described(self, asked: Asked) -> Asked:
        """Return what is asked for."""
        return asked

    def decide(
        self,
        principal: Principal,  # noqa: ARG002 - as the real one
        action: Action,  # noqa: ARG002 - likewise
        asked: Sequence[Asked],
    ) -> tuple[Decision, ...]:
        """Return decisions by which the columns that are not hidden are clear."""
        return tuple(
            Decision(
                one.name,
                is_allowed=True,
                admissions=(
                    Admission(
                        frozenset(
                            column.name
                            for column in one.columns
                            if f"{one.name}.{column.name}" not in self.hidden
                        )
                    ),
                ),
            )
            for one in asked
        )
