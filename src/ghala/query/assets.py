"""What there is to be found in a workspace, by the source that says it: a product, the domains, the glossary."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ghala.model.asset import Asset, AssetKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ghala.model.contract import Dataset
    from ghala.model.product import Product
    from ghala.model.term import Term
    from ghala.spec.kept import Definitions

VERSION = "2"
"""Changes with what is made of a source, so that all is written again."""
GLOSSARY, OWNERS = "glossary", "owners"
_LONGEST_DESCRIPTION = 10_000


def source_states(definitions: Definitions, terms: Sequence[Term]) -> dict[str, str]:
    """Return a hash of each source; where it is the same, so are the source's assets."""
    owners = definitions.owners
    states = {
        str(product.name): _sha256(product.definition.sha256, owners.get(product.name.domain, ""))
        for product in definitions.workspace.products
    }
    states[OWNERS] = _sha256(*_owners(definitions))
    states[GLOSSARY] = _sha256(*(repr(term) for term in terms))
    return states


def assets_of(source: str, definitions: Definitions, terms: Sequence[Term]) -> Iterator[Asset]:
    """Yield all assets of one source."""
    if source == GLOSSARY:
        yield from (_term(term) for term in terms)
    elif source == OWNERS:
        # No domains with them: one of them may be hidden from somebody.
        yield from (
            Asset(AssetKind.OWNER, owner, owner, owner=owner) for owner in _owners(definitions)
        )
    else:
        by_name = _by_source(definitions)
        if source in by_name:
            yield from _product(by_name[source])


def _product(product: Product) -> Iterator[Asset]:
    domain = product.name.domain
    yield Asset(
        AssetKind.PRODUCT,
        str(product.name),
        product.name.product,
        domain=domain,
        owner=product.owner,
        title=product.title,
        context=domain,
        description=product.purpose[:_LONGEST_DESCRIPTION],
        tags=product.tags,
    )
    for dataset in product.datasets:
        yield from _dataset(product, dataset)


def _dataset(product: Product, dataset: Dataset) -> Iterator[Asset]:
    name, domain = dataset.name, dataset.name.domain
    yield Asset(
        AssetKind.DATASET,
        str(name),
        name.dataset,
        domain=domain,
        owner=product.owner,
        context=domain,
        description=dataset.description[:_LONGEST_DESCRIPTION],
        tags=dataset.tags,
    )
    for column in dataset.columns:
        yield Asset(
            AssetKind.COLUMN,
            f"{name}.{column.name}",
            column.name,
            domain=domain,
            owner=product.owner,
            context=f"{domain} {name.dataset}",
            description=column.description[:_LONGEST_DESCRIPTION],
            tags=column.tags,
        )


def _term(term: Term) -> Asset:
    # Its links are shown to whoever may know them, and found by nobody.
    return Asset(
        AssetKind.TERM,
        term.name,
        term.name,
        owner=term.owner,
        context=" ".join(term.synonyms),
        description=term.meaning[:_LONGEST_DESCRIPTION],
    )


def _owners(definitions: Definitions) -> list[str]:
    products = {product.owner for product in definitions.workspace.products}
    return sorted({*products, *definitions.owners.values()} - {""})


def _by_source(definitions: Definitions) -> Mapping[str, Product]:
    return {str(name): product for name, product in definitions.products.items()}


def _sha256(*texts: str) -> str:
    return hashlib.sha256("\0".join([VERSION, *texts]).encode()).hexdigest()
