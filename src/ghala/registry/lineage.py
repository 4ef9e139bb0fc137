"""Lineage of releases: each distinct one is kept once, as one document by its hash, however many releases have it."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from ghala.model.lineage import (
    ColumnTerms,
    Influence,
    Lineage,
    Origin,
    ReleaseLineage,
    StepLineage,
)
from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from ghala.model.names import ProductName
    from ghala.model.release import Release

FORMAT = 1
MOST_ORIGINS = 200_000
"""As many origins as all columns of one release name together; where there are more, they name whole tables."""
_COARSE = 64

ReleaseKey = tuple[str, str, int]
"""Environment, product and number of a release."""


@dataclass(frozen=True, slots=True)
class LineageDocument:
    """A release's lineage, ready to be kept."""

    sha256: str
    content: bytes


def document(lineage: ReleaseLineage) -> LineageDocument:
    """Return a lineage as it is kept: the same lineage has the same hash."""
    packing = _Packing(is_coarse=_size(lineage) > MOST_ORIGINS)
    packed = {
        "format": FORMAT,
        "datasets": {name: packing.lineage(one) for name, one in sorted(lineage.datasets.items())},
        "terms": {name: _packed_terms(terms) for name, terms in sorted(lineage.terms.items())},
        "inputs": {name: sorted(set(hashes)) for name, hashes in sorted(lineage.inputs.items())},
        "sources": {name: dict(facts) for name, facts in sorted(lineage.sources.items())},
        "steps": [
            {"name": step.name, "dataset": step.dataset, **packing.lineage(step.lineage)}
            for step in lineage.steps
        ],
        "sets": packing.sets,
    }
    text = json.dumps(packed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return LineageDocument(hashlib.sha256(text).hexdigest(), zlib.compress(text))


def record(connection: Connection, release: Release, made: LineageDocument) -> None:
    """Remember where the columns of a release come from."""
    table = tables.lineages
    known = select(table.c.sha256).filter_by(sha256=made.sha256)
    if connection.execute(known).scalar() is None:
        connection.execute(insert(table).values(sha256=made.sha256, content=made.content))
    connection.execute(
        insert(tables.release_lineages).values(
            environment=release.environment,
            product=str(release.product),
            number=release.number,
            sha256=made.sha256,
        )
    )


def repeat(connection: Connection, release: Release, number: int) -> None:
    """Give a release the lineage of an earlier one of its product, if that has one."""
    sha256 = hash_of(connection, release.environment, release.product, number)
    if sha256 is not None:
        connection.execute(
            insert(tables.release_lineages).values(
                environment=release.environment,
                product=str(release.product),
                number=release.number,
                sha256=sha256,
            )
        )


def hash_of(
    connection: Connection, environment: str, product: ProductName | str, number: int
) -> str | None:
    """Return the hash of a release's lineage; None if it has none on record."""
    query = select(tables.release_lineages.c.sha256).filter_by(
        environment=environment, product=str(product), number=number
    )
    found = connection.execute(query).scalar()
    return None if found is None else str(found)


def current_hashes(connection: Connection) -> dict[ReleaseKey, str]:
    """Return the hash of the lineage of every release that some dataset points at, in all environments."""
    named, pointers = tables.release_lineages, tables.pointers
    rows = connection.execute(
        select(named)
        .distinct()
        .join(
            pointers,
            (pointers.c.environment == named.c.environment)
            & (pointers.c.product == named.c.product)
            & (pointers.c.release == named.c.number),
        )
    )
    return {(environment, product, number): sha256 for environment, product, number, sha256 in rows}


def current_by_dataset(connection: Connection) -> dict[str, frozenset[str]]:
    """Return the hashes of the lineages that the current releases of each dataset have, in all environments."""
    named, pointers = tables.release_lineages, tables.pointers
    rows = connection.execute(
        select(pointers.c.domain, pointers.c.dataset, named.c.sha256)
        .distinct()
        .join(
            named,
            (pointers.c.environment == named.c.environment)
            & (pointers.c.product == named.c.product)
            & (pointers.c.release == named.c.number),
        )
    )
    found: dict[str, set[str]] = {}
    for domain, dataset, sha256 in rows:
        found.setdefault(f"{domain}.{dataset}", set()).add(sha256)
    return {name: frozenset(hashes) for name, hashes in found.items()}


def read(connection: Connection, sha256: str) -> ReleaseLineage:
    """Return a lineage that is on record."""
    content = connection.execute(
        select(tables.lineages.c.content).filter_by(sha256=sha256)
    ).scalar_one()
    return _unpacked(sha256, bytes(content))


def inputs_of(connection: Connection, key: ReleaseKey) -> dict[str, ReleaseKey]:
    """Return the releases that a release was made from, by the dataset that was read."""
    table = tables.release_inputs
    environment, product, number = key
    rows = connection.execute(
        select(table).filter_by(environment=environment, product=product, number=number)
    ).mappings()
    return {
        f"{row['input_domain']}.{row['input_dataset']}": (
            row["input_environment"],
            row["input_product"],
            row["input_number"],
        )
        for row in rows
    }


@lru_cache(maxsize=1024)
def _unpacked(sha256: str, content: bytes) -> ReleaseLineage:
    del sha256
    packed: dict[str, Any] = json.loads(zlib.decompress(content))
    sets = [
        frozenset(Origin(table, column) for table, *columns in one for column in columns)
        for one in packed["sets"]
    ]
    return ReleaseLineage(
        datasets={name: _lineage(one, sets) for name, one in packed["datasets"].items()},
        terms={
            name: {column: ColumnTerms(word, tuple(tags)) for column, (word, tags) in terms.items()}
            for name, terms in packed["terms"].items()
        },
        inputs={name: tuple(hashes) for name, hashes in packed["inputs"].items()},
        sources=packed["sources"],
        steps=tuple(
            StepLineage(one["name"], one["dataset"], _lineage(one, sets)) for one in packed["steps"]
        ),
    )


def _lineage(packed: Mapping[str, Any], sets: list[frozenset[Origin]]) -> Lineage:
    columns = tuple((name, _influence(one, sets)) for name, *one in packed["columns"])
    return Lineage(columns, _influence(packed["rows"], sets))


def _influence(packed: list[int], sets: list[frozenset[Origin]]) -> Influence:
    direct, indirect, is_traced = packed
    return Influence(sets[direct], sets[indirect], bool(is_traced))


class _Packing:
    """Numbers the distinct sets of origins, which many columns share."""

    def __init__(self, *, is_coarse: bool) -> None:
        self.sets: list[list[list[str]]] = []
        self._places: dict[frozenset[Origin], int] = {}
        self._is_coarse = is_coarse

    def lineage(self, lineage: Lineage) -> dict[str, object]:
        columns = [[name, *self._influence(one)] for name, one in lineage.columns]
        return {"columns": columns, "rows": self._influence(lineage.rows)}

    def _influence(self, influence: Influence) -> list[int]:
        if self._is_coarse and len(influence.direct) + len(influence.indirect) > _COARSE:
            influence = Influence(
                _tables_of(influence.direct), _tables_of(influence.indirect), is_traced=False
            )
        return [
            self._place(influence.direct),
            self._place(influence.indirect),
            int(influence.is_traced),
        ]

    def _place(self, origins: frozenset[Origin]) -> int:
        if origins not in self._places:
            by_table: dict[str, list[str]] = {}
            for origin in sorted(origins):
                by_table.setdefault(origin.table, []).append(origin.column)
            self._places[origins] = len(self.sets)
            self.sets.append([[table, *columns] for table, columns in by_table.items()])
        return self._places[origins]


def _packed_terms(terms: Mapping[str, ColumnTerms]) -> dict[str, list[object]]:
    return {column: [one.classification, sorted(one.tags)] for column, one in terms.items()}


def _tables_of(origins: Iterable[Origin]) -> frozenset[Origin]:
    return frozenset(Origin(one.table, "") for one in origins)


def _size(lineage: ReleaseLineage) -> int:
    """Return how many origins all distinct sets of a lineage have."""
    every = [*lineage.datasets.values(), *(step.lineage for step in lineage.steps)]
    influences = [one for each in every for _, one in each.columns] + [one.rows for one in every]
    return sum(len(one) for one in {part for i in influences for part in (i.direct, i.indirect)})
