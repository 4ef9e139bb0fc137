"""The catalog of one answer: its views with the decisions in them, and their shadow for the engine to bind against."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from ghala.errors import DeniedError
from ghala.model.names import DatasetName
from ghala.model.policy import Decision
from ghala.sql import guard, listing, taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.contract import Column
    from ghala.model.mask import Mask
    from ghala.model.policy import Admission
    from ghala.model.scan import PhysicalScan
    from ghala.sql.listing import Listed

_ANY = DatasetName("any", "any")
ViewName = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What of a decision makes its view, in a form that can be looked up."""

    admissions: tuple[Admission, ...]
    masks: tuple[tuple[str, Mask], ...]
    hash_key: bytes | None = field(repr=False)


@dataclass(slots=True)
class Catalog:
    """What a statement can see: nothing but what was added here."""

    schemas: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    readable: set[str] = field(default_factory=set)
    shown: dict[ViewName, tuple[tuple[Column, ...], Decision]] = field(default_factory=dict)

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
        domain, table = name
        schema = None if domain is None else taken.schema_of(domain)
        if schema is not None and schema not in self.schemas:
            self.schemas.append(schema)
        masks = tuple(sorted(decision.masks.items(), key=itemgetter(0)))
        rules = _Rules(decision.admissions, masks, decision.hash_key)
        view, shadow = _statements((schema, table), scan, seen, rules)
        self.views.append(view)
        self.tables.append(shadow)
        self.files += [str(file) for group in scan.groups for file in group.files]
        self.readable.add(f"{schema}.{table}" if schema else table)
        self.shown[name] = (seen, decision)

    def add_listing(self, table: str, listed: Sequence[Listed]) -> None:
        """Add a table of `information_schema` over what may be seen."""
        if listing.SCHEMA not in self.schemas:
            self.schemas.append(listing.SCHEMA)
        name = (listing.SCHEMA, table)
        self.views.append(listing.listing(table, listed).sql(dialect="duckdb"))
        self.tables.append(guard.shadow(name, listing.columns_of(table)).sql(dialect="duckdb"))
        self.readable.add(f"{listing.SCHEMA}.{table}")

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
    rules: _Rules,
) -> tuple[str, str]:
    decision = Decision(
        _ANY,
        is_allowed=True,
        admissions=rules.admissions,
        masks=dict(rules.masks),
        hash_key=rules.hash_key,
    )
    return (
        guard.view(name, scan, decision, seen).sql(dialect="duckdb"),
        guard.shadow(name, [(column.name, column.type) for column in seen]).sql(dialect="duckdb"),
    )
