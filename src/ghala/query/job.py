"""What a worker is given: a checked statement with its catalog, and how a step's result becomes a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.engines.pool import Job
from ghala.errors import QueryRefusedError
from ghala.model.contract import Column
from ghala.model.names import DatasetName
from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.errors import Place
    from ghala.model.principal import Principal
    from ghala.model.scan import PhysicalScan
    from ghala.query.catalog import Catalog
    from ghala.query.limits import Limits
    from ghala.sql.parse import Statement, TableUse


@dataclass(frozen=True, slots=True)
class Shape:
    """How a statement's result becomes a file: the SQL of each column, and the file's field ids (None for none)."""

    columns: Sequence[str]
    field_ids: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Readable:
    """All that a product's own statement may read: its step's tables (plain names) and its pinned inputs."""

    tables: Mapping[str, PhysicalScan]
    inputs: Mapping[DatasetName, PhysicalScan]

    @property
    def row_count(self) -> int:
        """How many rows there are to read."""
        return sum(scan.row_count for scan in (*self.tables.values(), *self.inputs.values()))


@dataclass(frozen=True, slots=True)
class Step:
    """A product's statement that may run: what it sees, the inputs that it uses, its result's columns and types."""

    statement: Statement
    catalog: Catalog
    columns: Sequence[tuple[str, str]]
    used: tuple[str, ...]
    principal: Principal
    origin: Place


def columns_of(scan: PhysicalScan) -> list[Column]:
    """Return the columns of a scan as decisions are asked for them."""
    return [Column(name, kind) for name, kind in scan.columns]


def scan_for(
    use: TableUse, readable: Readable, statement: Statement, origin: Place
) -> tuple[DatasetName | None, PhysicalScan]:
    """Return what a name in a product's statement stands for: a table of its step, or a pinned input.

    Raises:
        QueryRefusedError: it is neither.
    """
    if use.domain is None:
        for name, scan in readable.tables.items():
            if name.lower() == use.table:
                return None, scan
    elif (dataset := DatasetName(use.domain, use.table)) in readable.inputs:
        return dataset, readable.inputs[dataset]
    allowed = [*sorted(readable.tables), *sorted(map(str, readable.inputs))]
    raise QueryRefusedError(
        f"`{use}` is not what this statement may read",
        hint=f"it may read {', '.join(f'`{name}`' for name in allowed)}" if allowed else None,
        place=statement.place(use.offset, origin),
    )


def job_of(
    statement: Statement, catalog: Catalog, principal: Principal, limits: Limits, origin: Place
) -> Job:
    """Return a checked statement as a worker runs it."""
    return Job(
        owner=owner_of(principal),
        sql=statement.text,
        catalog=catalog.statements,
        files=tuple(catalog.files),
        timeout_s=limits.timeout_s,
        place=lambda offset: statement.place(offset, origin),
    )


def owner_of(principal: Principal) -> str:
    """Return who a worker serves; products run by one person in turn share one, consumers never do."""
    if principal.kind is PrincipalKind.PRODUCT:
        return principal.kind.value
    return f"{principal.id} {principal.purpose}"


def sha256_of(text: str) -> str:
    """Return the hash by which the audit knows a statement."""
    return hashlib.sha256(text.encode()).hexdigest()
