"""Profiles of releases: one document for each dataset, kept with the release in its transaction."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from ghala.model.profile import (
    ColumnProfile,
    Coverage,
    DatasetProfile,
    Histogram,
    Measure,
    TopValue,
)
from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from ghala.model.names import DatasetName, ProductName
    from ghala.model.release import Release
    from ghala.registry.releases import Pin

FORMAT = 1


def record(connection: Connection, release: Release, profiles: Iterable[DatasetProfile]) -> None:
    """Keep what the datasets of a release look like."""
    rows = [
        {
            "environment": release.environment,
            "product": str(release.product),
            "number": release.number,
            "domain": one.dataset.domain,
            "dataset": one.dataset.dataset,
            "content": _packed(one),
        }
        for one in profiles
    ]
    if rows:
        connection.execute(insert(tables.release_profiles), rows)


def repeat(
    connection: Connection, release: Release, number: int, names: Mapping[DatasetName, DatasetName]
) -> None:
    """Give the datasets of a release the profiles that an earlier one has of them; `names` are theirs by those then."""
    table = tables.release_profiles
    key = {"environment": release.environment, "product": str(release.product)}
    found = connection.execute(select(table).filter_by(**key, number=number)).mappings().all()
    by_text = {(str(old.domain), str(old.dataset)): new for old, new in names.items()}
    rows = [
        {
            **key,
            "number": release.number,
            "domain": by_text[row["domain"], row["dataset"]].domain,
            "dataset": by_text[row["domain"], row["dataset"]].dataset,
            "content": row["content"],
        }
        for row in found
        if (row["domain"], row["dataset"]) in by_text
    ]
    if rows:
        connection.execute(insert(table), rows)


def find(connection: Connection, pin: Pin) -> DatasetProfile | None:
    """Return what a dataset looks like in the release that a pin names; None if it has no profile."""
    return of_release(connection, pin.environment, pin.product, pin.number, pin.dataset.name)


def of_release(
    connection: Connection,
    environment: str,
    product: ProductName,
    number: int,
    dataset: DatasetName,
) -> DatasetProfile | None:
    """Return what a dataset looks like in a release of a product; None if it has no profile."""
    content = connection.execute(
        select(tables.release_profiles.c.content).filter_by(
            environment=environment,
            product=str(product),
            number=number,
            domain=dataset.domain,
            dataset=dataset.dataset,
        )
    ).scalar()
    return None if content is None else _unpacked(dataset, bytes(content))


def _packed(profile: DatasetProfile) -> bytes:
    columns = [
        {name: value for name, value in asdict(one).items() if value not in (None, (), [])}
        for one in profile.columns
    ]
    packed = {
        "format": FORMAT,
        "coverage": profile.coverage.value,
        "rows": profile.rows,
        "fault": profile.fault,
        "columns": columns,
    }
    return zlib.compress(json.dumps(packed, ensure_ascii=False).encode())


def _unpacked(name: DatasetName, content: bytes) -> DatasetProfile:
    packed: dict[str, Any] = json.loads(zlib.decompress(content))
    return DatasetProfile(
        dataset=name,
        coverage=Coverage(packed["coverage"]),
        rows=packed["rows"],
        columns=tuple(map(_column, packed["columns"])),
        fault=packed["fault"],
    )


def _column(packed: Mapping[str, Any]) -> ColumnProfile:
    kept = dict(packed)
    histogram = kept.pop("histogram", None)
    return ColumnProfile(
        **kept
        | {
            "quantiles": tuple(kept.get("quantiles", ())),
            "top": tuple(TopValue(**one) for one in kept.get("top", ())),
            "histogram": histogram and _histogram(histogram),
        }
    )


def _histogram(packed: Mapping[str, Any]) -> Histogram:
    return Histogram(Measure(packed["of"]), tuple(packed["edges"]), tuple(packed["counts"]))
