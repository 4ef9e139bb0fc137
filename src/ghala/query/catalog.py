"""The catalog of one answer: its views with the decisions in them, and their shadow for the engine to bind against."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from ghala.errors import DeniedError
from ghala.model.names import DatasetName
from ghala.model.policy import Clearance, Decision
from ghala.sql import guard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.contract import Column
    from ghala.model.scan import PhysicalScan

_ANY = DatasetName("any", "any")
ViewName = tuple[str | None, str]


@dataclass(slots=True)
class Catalog:
    """What a statement can see: nothing but what was added here."""

    schemas: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    readable: set[str] = field(default_factory=set)

    def add(
        self, name: ViewName, scan: PhysicalScan, columns: Sequence[Column], decision: Decision
    ) -> None:
        """Add a dataset as its decision shows it.

        Raises:
            DeniedError: the decision shows none of its columns.
        """
        seen = guard.visible(columns, decision)
        if not seen:
            raise DeniedError(
                f"no column of {decision.dataset} may be seen", reasons=decision.reasons
            )
        schema, table = name
        if schema is not None and schema not in self.schemas:
            self.schemas.append(schema)
        clear = frozenset(
            column.name for column in seen if decision.columns[column.name] is Clearance.CLEAR
        )
        view, shadow = _statements(name, scan, seen, clear, decision.row_filter)
        self.views.append(view)
        self.tables.append(shadow)
        self.files += [str(file) for group in scan.groups for file in group.files]
        self.readable.add(f"{schema}.{table}" if schema else table)

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements that make the schemas and views in a worker."""
        return (*map(_schema, self.schemas), *self.views)

    @property
    def shadow(self) -> tuple[str, ...]:
        """The statements that make the same as empty tables."""
        return (*map(_schema, self.schemas), *self.tables)


@lru_cache(maxsize=256)
def _schema(name: str) -> str:
    return guard.schema(name).sql(dialect="duckdb")


@lru_cache(maxsize=128)
def _statements(
    name: ViewName,
    scan: PhysicalScan,
    seen: tuple[Column, ...],
    clear: frozenset[str],
    row_filter: str | None,
) -> tuple[str, str]:
    clearances = {
        column.name: Clearance.CLEAR if column.name in clear else Clearance.MASKED
        for column in seen
    }
    decision = Decision(_ANY, is_allowed=True, columns=clearances, row_filter=row_filter)
    return (
        guard.view(name, scan, decision, seen).sql(dialect="duckdb"),
        guard.shadow(name, [(column.name, column.type) for column in seen]).sql(dialect="duckdb"),
    )
