"""Verification: is every file of every release what was released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ghala.lake.upkeep import damages
from ghala.model.names import DatasetName, ProductName
from ghala.model.outcome import FileFault, Verification
from ghala.registry import tables

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class _Needed:
    """A file that a release added, and the dataset that it belongs to."""

    environment: str
    product: ProductName
    release: int
    dataset: DatasetName
    sha256: str
    byte_count: int


def verify(
    registry: Registry, lake: Path, wanted: ProductName | DatasetName | None = None
) -> Verification:
    """Compare every file that any kept release needs with its hash: of one product or dataset, or of all."""
    with registry.read() as connection:
        needed = {
            path: file for path, file in _needed(connection).items() if _is_wanted(file, wanted)
        }
    known = {path: (file.sha256, file.byte_count) for path, file in needed.items()}
    faults = tuple(
        FileFault(
            path=damage.path,
            dataset=needed[damage.path].dataset,
            product=needed[damage.path].product,
            release=needed[damage.path].release,
            message=damage.message,
        )
        for damage in damages(lake, known)
    )
    return Verification(
        releases=len({(file.environment, file.product, file.release) for file in needed.values()}),
        files=len(needed),
        byte_count=sum(file.byte_count for file in needed.values()),
        faults=faults,
    )


def _needed(connection: Connection) -> dict[str, _Needed]:
    """Return all files by path. A table's folder tells its dataset; the release is the one whose run wrote the file."""
    datasets = tables.release_datasets
    folders = {
        location.split("/metadata/", 1)[0]: DatasetName(domain, dataset)
        for location, domain, dataset in connection.execute(
            select(datasets.c.metadata_location, datasets.c.domain, datasets.c.dataset)
        )
    }
    files, releases = tables.files, tables.releases
    rows = connection.execute(
        select(files, releases.c.environment, releases.c.product, releases.c.number).join(
            releases, releases.c.run_id == files.c.run_id
        )
    ).mappings()
    return {
        row["path"]: _Needed(
            environment=row["environment"],
            product=ProductName.parse(row["product"]),
            release=row["number"],
            dataset=folders["/".join(row["path"].split("/")[:2])],
            sha256=row["sha256"],
            byte_count=row["byte_count"],
        )
        for row in rows
    }


def _is_wanted(file: _Needed, wanted: ProductName | DatasetName | None) -> bool:
    return wanted is None or wanted in (file.product, file.dataset)
