"""Descriptions of products and datasets for people and programs: what is defined beside what is released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.outcome import ProductStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.model.contract import Column, Contract, Dataset, Rule
    from ghala.model.product import Product
    from ghala.model.release import Release
    from ghala.model.run import Run
    from ghala.registry.releases import Pin


def product_status(
    product: Product, release: Release | None, last_run: Run | None
) -> ProductStatus:
    """Return where a product stands: its current release, and how its last run ended."""
    return ProductStatus(
        name=product.name,
        title=product.title,
        owner=product.owner,
        version=product.version,
        status=product.status,
        datasets=tuple(dataset.name for dataset in product.datasets),
        release=release.number if release else None,
        released_at=release.created_at if release else None,
        last_run=last_run.state if last_run else None,
    )


def product_facts(
    product: Product,
    pins: Mapping[str, Pin],
    last_run: Run | None,
    reports: Sequence[Mapping[str, object]],
) -> dict[str, object]:
    """Return what there is to know about a product, as plain values ready for JSON.

    `reports` are those of the last run's checks, as plain values.
    """
    pipeline = product.pipeline
    return {
        "kind": "product",
        "name": str(product.name),
        "id": product.id,
        "title": product.title,
        "purpose": product.purpose,
        "owner": product.owner,
        "version": product.version,
        "status": product.status,
        "definition": product.definition.sha256,
        "datasets": [
            {"name": str(dataset.name), "contract": f"{contract.name} {contract.version}"}
            | _released(pins.get(str(dataset.name)))
            for contract in product.contracts
            for dataset in contract.datasets
        ],
        "sources": [
            {"name": source.name, "type": source.type}
            for source in (pipeline.sources if pipeline else ())
        ],
        "steps": [
            {
                "name": step.name,
                "kind": step.kind.value,
                "dataset": str(step.dataset) if step.dataset else None,
                "materialisation": step.materialisation.value if step.dataset else None,
            }
            for step in (pipeline.steps if pipeline else ())
        ],
        "last_run": None
        if last_run is None
        else {
            "id": last_run.id,
            "state": last_run.state.value,
            "started_at": last_run.started_at.isoformat(timespec="seconds"),
            "error": last_run.error,
            "reports": list(reports),
        },
    }


def dataset_facts(
    product: Product,
    contract: Contract,
    dataset: Dataset,
    pin: Pin | None,
    inherited: Mapping[str, Mapping[str, Sequence[str]]],
) -> dict[str, object]:
    """Return what there is to know about a dataset, as plain values ready for JSON.

    `inherited` has for each column the tags that travelled to it, each with the columns that have it themselves.
    """
    return {
        "kind": "dataset",
        "name": str(dataset.name),
        "id": dataset.id,
        "product": str(product.name),
        "owner": product.owner,
        "description": dataset.description,
        "contract": f"{contract.name} {contract.version}",
        "status": contract.status,
        **_released(pin),
        "columns": [
            _column(column, dataset, inherited.get(column.name, {})) for column in dataset.columns
        ],
        "rules": [_rule(rule) for rule in dataset.rules],
    }


def _released(pin: Pin | None) -> dict[str, object]:
    return {
        "release": pin.number if pin else None,
        "rows": pin.dataset.row_count if pin else None,
        "bytes": pin.dataset.byte_count if pin else None,
    }


def _column(
    column: Column, dataset: Dataset, inherited: Mapping[str, Sequence[str]]
) -> dict[str, object]:
    return {
        "name": column.name,
        "type": str(column.type),
        "required": column.required,
        "key": column.name in dataset.primary_key,
        "classification": column.classification,
        "tags": list(column.tags),
        "inherited_tags": {tag: list(origins) for tag, origins in inherited.items()},
        "description": column.description,
    }


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "kind": rule.kind.value,
        "columns": list(rule.columns),
        "severity": rule.severity.value,
        "on_fail": rule.on_fail.value if rule.on_fail else None,
        "description": rule.description,
    }
