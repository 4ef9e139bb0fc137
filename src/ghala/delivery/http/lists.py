"""`/products`, `/datasets` and `/releases`: what there is, as far as the asker may know."""

from typing import Annotated

from fastapi import APIRouter, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.shapes import (
    DatasetFacts,
    Datasets,
    ProductFacts,
    Products,
    Releases,
    Text,
)
from ghala.delivery.http.sync import call
from ghala.model.release import PROD

router = APIRouter(tags=["catalogue"])
Environment = Annotated[Text, Query(max_length=63)]


@router.get("/products")
async def products(asker: WhoAsks, parts: GivenParts, environment: Environment = PROD) -> Products:
    """List the products of which the asker may discover a dataset."""
    found = await call(parts.lookups, parts.discovery.products, asker.principal, environment)
    return Products.model_validate({"products": found})


@router.get("/products/{domain}/{product}")
async def product(
    domain: str, product: str, asker: WhoAsks, parts: GivenParts, environment: Environment = PROD
) -> ProductFacts:
    """Show one product."""
    name = f"{domain}/{product}"
    found = await call(parts.lookups, parts.discovery.product, name, asker.principal, environment)
    return ProductFacts.model_validate(found)


@router.get("/datasets")
async def datasets(asker: WhoAsks, parts: GivenParts, environment: Environment = PROD) -> Datasets:
    """List the datasets that the asker may discover."""
    found = await call(parts.lookups, parts.discovery.datasets, asker.principal, environment)
    return Datasets.model_validate({"datasets": found})


@router.get("/datasets/{domain}/{dataset}")
async def dataset(
    domain: str, dataset: str, asker: WhoAsks, parts: GivenParts, environment: Environment = PROD
) -> DatasetFacts:
    """Show one dataset: its columns, and how the asker sees each."""
    name = f"{domain}.{dataset}"
    found = await call(parts.lookups, parts.discovery.dataset, name, asker.principal, environment)
    return DatasetFacts.model_validate(found)


@router.get("/releases")
async def releases(
    asker: WhoAsks,
    parts: GivenParts,
    product: Annotated[Text | None, Query(max_length=200)] = None,
    environment: Environment = PROD,
) -> Releases:
    """List releases, newest first: of all products, or of one."""
    found = await call(
        parts.lookups, parts.discovery.releases, asker.principal, product, environment
    )
    return Releases.model_validate({"releases": found})
