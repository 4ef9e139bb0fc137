"""Releases and the pointers to the current ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from ghala.model.event import EventKind
from ghala.model.names import DatasetName, ProductName
from ghala.model.release import PROD, Release, ReleasedDataset
from ghala.registry import events, tables
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from ghala.model.product import Product


@dataclass(frozen=True, slots=True)
class Pin:
    """One released dataset, with the release that it belongs to."""

    environment: str
    product: ProductName
    number: int
    dataset: ReleasedDataset


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest release of a product: its number, its time in microseconds, and what it was made by."""

    number: int
    created_at_us: int
    definition_sha256: str


def newest(connection: Connection, environment: str, product: ProductName) -> Newest | None:
    """Return the newest release of a product; None if it has none."""
    table = tables.releases
    row = connection.execute(
        select(table.c.number, table.c.created_at, table.c.definition_sha256)
        .filter_by(environment=environment, product=str(product))
        .order_by(table.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else Newest(int(row[0]), int(row[1]), str(row[2]))


def input_number(
    connection: Connection, environment: str, product: ProductName, number: int, name: DatasetName
) -> int | None:
    """Return which release of a dataset one of a product was made from; None if it was not made from it."""
    table = tables.release_inputs
    found = connection.execute(
        select(table.c.input_number).filter_by(
            environment=environment,
            product=str(product),
            number=number,
            input_domain=name.domain,
            input_dataset=name.dataset,
        )
    ).scalar()
    return None if found is None else int(found)


def next_number(connection: Connection, environment: str, product: ProductName) -> int:
    """Return the number of the release to come: one more than the last, inside the transaction that writes it."""
    table = tables.releases
    last = connection.execute(
        select(func.max(table.c.number)).where(
            table.c.environment == environment, table.c.product == str(product)
        )
    ).scalar()
    return int(last or 0) + 1


def next_time_us(connection: Connection, environment: str, product: ProductName) -> int:
    """Return the time of the release to come: now, or just after the last one where the clock was set back."""
    table = tables.releases
    last = connection.execute(
        select(func.max(table.c.created_at)).where(
            table.c.environment == environment, table.c.product == str(product)
        )
    ).scalar()
    return max(now_us(), int(last or 0) + 1)


def record(
    connection: Connection, release: Release, created_at_us: int, inputs: Iterable[Pin]
) -> None:
    """Write a release, its datasets and the releases that it was made from."""
    key = {
        "environment": release.environment,
        "product": str(release.product),
        "number": release.number,
    }
    connection.execute(
        insert(tables.releases).values(
            **key,
            run_id=release.run_id,
            definition_sha256=release.definition_sha256,
            created_at=created_at_us,
        )
    )
    rows = [
        {
            **key,
            "domain": dataset.name.domain,
            "dataset": dataset.name.dataset,
            "dataset_id": dataset.dataset_id,
            "metadata_location": dataset.metadata_location,
            "snapshot_id": dataset.snapshot_id,
            "schema_id": dataset.schema_id,
            "files_sha256": dataset.files_sha256,
            "row_count": dataset.row_count,
            "byte_count": dataset.byte_count,
        }
        for dataset in release.datasets
    ]
    connection.execute(insert(tables.release_datasets), rows)
    used = [
        {
            **key,
            "input_domain": pin.dataset.name.domain,
            "input_dataset": pin.dataset.name.dataset,
            "input_environment": pin.environment,
            "input_product": str(pin.product),
            "input_number": pin.number,
        }
        for pin in inputs
    ]
    if used:
        connection.execute(insert(tables.release_inputs), used)
    facts: dict[str, str | int] = {
        "environment": release.environment,
        "release": release.number,
        "run": release.run_id,
    }
    kind = EventKind.RELEASE_PUBLISHED
    events.add(connection, kind, str(release.product), facts, created_at_us)


def repeat_inputs(connection: Connection, release: Release, number: int) -> None:
    """Say that a release was made from what an earlier one of its product was made from."""
    table = tables.release_inputs
    key = {"environment": release.environment, "product": str(release.product)}
    rows = connection.execute(select(table).filter_by(**key, number=number)).mappings().all()
    if rows:
        connection.execute(insert(table), [{**row, "number": release.number} for row in rows])


def swap_pointer(
    connection: Connection,
    release: Release,
    dataset: ReleasedDataset,
    expected_location: str | None,
) -> bool:
    """Point a dataset at its new metadata if it still points at `expected_location` (None: at nothing); say whether."""
    table = tables.pointers
    key = {
        "environment": release.environment,
        "domain": dataset.name.domain,
        "dataset": dataset.name.dataset,
    }
    values = {
        "product": str(release.product),
        "dataset_id": dataset.dataset_id,
        "release": release.number,
        "metadata_location": dataset.metadata_location,
        "previous_metadata_location": expected_location,
    }
    if expected_location is None:
        if connection.execute(select(table.c.release).filter_by(**key)).scalar() is not None:
            return False
        connection.execute(insert(table).values(**key, **values))
        return True
    _rename(connection, key, dataset.dataset_id)
    result = connection.execute(
        update(table)
        .filter_by(**key)
        .where(table.c.metadata_location == expected_location)
        .values(**values)
    )
    return result.rowcount == 1


def _rename(connection: Connection, key: Mapping[str, str], dataset_id: str) -> None:
    """Let a dataset's pointer follow its new name, unless that is taken: its identity is its id."""
    table = tables.pointers
    if connection.execute(select(table.c.release).filter_by(**key)).scalar() is None:
        connection.execute(
            update(table)
            .filter_by(environment=key["environment"], dataset_id=dataset_id)
            .values(domain=key["domain"], dataset=key["dataset"])
        )


def own(connection: Connection, environment: str, product: Product) -> dict[str, Pin]:
    """Return the current pins of a product's datasets in one environment, by the dataset's id in the contract.

    A dataset whose id changed is known by its name, unless another one has that id now.
    """
    pins = [
        pin for pin in current(connection, environment).values() if pin.environment == environment
    ]
    by_id = {pin.dataset.dataset_id: pin for pin in pins}
    by_name = {pin.dataset.name: pin for pin in pins}
    ids = {dataset.id for dataset in product.datasets}
    found = {}
    for dataset in product.datasets:
        pin = by_id.get(dataset.id) or by_name.get(dataset.name)
        if pin is not None and (
            pin.dataset.dataset_id == dataset.id or pin.dataset.dataset_id not in ids
        ):
            found[dataset.id] = pin
    return found


def current(
    connection: Connection, environment: str, names: Iterable[DatasetName] | None = None
) -> dict[DatasetName, Pin]:
    """Return the current pin of each dataset (of all when None); what `environment` lacks is read from prod."""
    pointers, datasets = tables.pointers, tables.release_datasets
    wanted = None if names is None else set(names)
    found: dict[DatasetName, Pin] = {}
    for place in dict.fromkeys((PROD, environment)):
        rows = connection.execute(
            select(datasets)
            .join(
                pointers,
                (pointers.c.environment == datasets.c.environment)
                & (pointers.c.domain == datasets.c.domain)
                & (pointers.c.dataset == datasets.c.dataset)
                & (pointers.c.product == datasets.c.product)
                & (pointers.c.release == datasets.c.number),
            )
            .where(pointers.c.environment == place)
        )
        pins = (_pin(row) for row in rows.mappings())
        found |= {
            pin.dataset.name: pin for pin in pins if wanted is None or pin.dataset.name in wanted
        }
    return found


def at_version(
    connection: Connection, environment: str, name: DatasetName, number: int
) -> Pin | None:
    """Return a dataset as release `number` of its product has it; None if that release has it not."""
    return _one(connection, environment, name, tables.release_datasets.c.number == number)


def at_time(connection: Connection, environment: str, name: DatasetName, at_us: int) -> Pin | None:
    """Return a dataset as it was current at a time; None before its first release."""
    return _one(connection, environment, name, tables.releases.c.created_at <= at_us)


def history(
    connection: Connection, environment: str, product: ProductName | None = None
) -> list[Release]:
    """Return releases with their datasets, newest first."""
    releases, datasets = tables.releases, tables.release_datasets
    query = select(releases).where(releases.c.environment == environment)
    details = select(datasets).where(datasets.c.environment == environment)
    if product is not None:
        query = query.where(releases.c.product == str(product))
        details = details.where(datasets.c.product == str(product))
    by_release: dict[tuple[str, int], list[ReleasedDataset]] = {}
    for row in connection.execute(
        details.order_by(datasets.c.domain, datasets.c.dataset)
    ).mappings():
        by_release.setdefault((row["product"], row["number"]), []).append(_dataset(row))
    newest: dict[str, int] = {}
    found = []
    order = (releases.c.created_at.desc(), releases.c.number.desc())
    for row in connection.execute(query.order_by(*order)).mappings():
        newest[row["product"]] = max(newest.get(row["product"], 0), row["number"])
        found.append(row)
    return [
        Release(
            product=ProductName.parse(row["product"]),
            environment=environment,
            number=row["number"],
            run_id=row["run_id"],
            definition_sha256=row["definition_sha256"],
            created_at=as_time(row["created_at"]),
            datasets=tuple(by_release.get((row["product"], row["number"]), ())),
            is_current=row["number"] == newest[row["product"]],
        )
        for row in found
    ]


def find(
    connection: Connection, environment: str, product: ProductName, number: int
) -> Release | None:
    """Return one release of a product with its datasets; None if there is none of that number."""
    found = history(connection, environment, product)
    return next((release for release in found if release.number == number), None)


def of_run(connection: Connection, run_id: str) -> tuple[ProductName, int] | None:
    """Return the release that a run published; None if it published none."""
    row = connection.execute(select(tables.releases).filter_by(run_id=run_id)).mappings().first()
    return None if row is None else (ProductName.parse(row["product"]), int(row["number"]))


def record_files(connection: Connection, run_id: str, files: Mapping[str, tuple[str, int]]) -> None:
    """Remember hash and size of every file that a release added, by its path below the lake's root."""
    rows = [
        {"path": path, "sha256": sha256, "byte_count": size, "run_id": run_id}
        for path, (sha256, size) in files.items()
    ]
    if rows:
        connection.execute(insert(tables.files), rows)


def known_files(connection: Connection) -> dict[str, tuple[str, int]]:
    """Return hash and size of every file that a release needs, by its path below the lake's root."""
    rows = connection.execute(
        select(tables.files.c.path, tables.files.c.sha256, tables.files.c.byte_count)
    )
    return {path: (sha256, size) for path, sha256, size in rows}


def as_time(microseconds: int) -> datetime:
    """Return a registry time as an aware datetime."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def _one(
    connection: Connection, environment: str, name: DatasetName, condition: ColumnElement[bool]
) -> Pin | None:
    releases, datasets, pointers = tables.releases, tables.release_datasets, tables.pointers
    for place in dict.fromkeys((environment, PROD)):
        # A dataset that was renamed keeps its history under the name that it has now.
        same = select(pointers.c.dataset_id).filter_by(
            environment=place, domain=name.domain, dataset=name.dataset
        )
        is_named = (datasets.c.domain == name.domain) & (datasets.c.dataset == name.dataset)
        row = (
            connection.execute(
                select(datasets)
                .join(
                    releases,
                    (releases.c.environment == datasets.c.environment)
                    & (releases.c.product == datasets.c.product)
                    & (releases.c.number == datasets.c.number),
                )
                .where(
                    datasets.c.environment == place,
                    is_named | datasets.c.dataset_id.in_(same),
                    condition,
                )
                # A dataset may have moved between products, each of which numbers its own releases.
                .order_by(releases.c.created_at.desc())
                .limit(1)
            )
            .mappings()
            .first()
        )
        if row is not None:
            return _pin(row)
    return None


def _pin(row: RowMapping) -> Pin:
    return Pin(row["environment"], ProductName.parse(row["product"]), row["number"], _dataset(row))


def _dataset(row: RowMapping) -> ReleasedDataset:
    return ReleasedDataset(
        name=DatasetName(row["domain"], row["dataset"]),
        dataset_id=row["dataset_id"],
        metadata_location=row["metadata_location"],
        snapshot_id=row["snapshot_id"],
        schema_id=row["schema_id"],
        files_sha256=row["files_sha256"],
        row_count=row["row_count"],
        byte_count=row["byte_count"],
    )
