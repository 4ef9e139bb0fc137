"""A small organisation behind a real read door: Parquet files, a fake registry and lake, real workers."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from ghala.engines.pool import WorkerPool
from ghala.governance.audit import Audit
from ghala.governance.authorize import Authorizer
from ghala.model.contract import Column
from ghala.model.mask import Mask, MaskKind
from ghala.model.names import DatasetName
from ghala.model.policy import Admission, Decision
from ghala.model.predicate import Comparison, Operator
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.scan import plain_scan
from ghala.model.types import DataType, Field, Kind, parse_type
from ghala.query.answer import Answerer
from ghala.query.limits import Limits
from ghala.query.source import ResolvedDataset

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ghala.governance.authorize import Asked
    from ghala.model.audit import AuditEntry
    from ghala.model.policy import Action
    from ghala.query.source import Wanted

sys.path.insert(0, str(Path(__file__).parent))

CANARY = "kanarienvogel"
"""Stands in every row, column, file and dataset that the analyst may not see."""

_BIGINT, _DATE, _DOUBLE, _TEXT = map(parse_type, ("bigint", "date", "double", "varchar"))
_MONEY, _TIME = parse_type("decimal(12,2)"), parse_type("timestamp")
_ITEM = DataType(Kind.STRUCT, fields=(Field("sku", _TEXT), Field("amount", _BIGINT)))
_TAGS = DataType(Kind.LIST, element=_TEXT)
_ITEMS = DataType(Kind.LIST, element=_ITEM)

TABLES: dict[str, tuple[dict[str, DataType], str]] = {
    "sales.orders": (
        {
            "order_id": _BIGINT, "customer_id": _BIGINT, "region": _TEXT, "status": _TEXT,
            "amount": _MONEY, "ordered_on": _DATE, "email": _TEXT, "note": _TEXT,
        },
        """SELECT i AS order_id, i % 37 AS customer_id,
            CASE WHEN i % 3 = 0 THEN 'EU' ELSE 'CANARY-region' END AS region,
            (['open', 'paid', 'shipped'])[1 + i % 3] AS status,
            CAST((i * 7919 % 100000) / 100 AS DECIMAL(12, 2)) AS amount,
            DATE '2025-01-01' + CAST(i % 365 AS INTEGER) AS ordered_on,
            'CANARY' || i || '@example.org' AS email, 'CANARY note' AS note
            FROM range(1, 601) rows(i)""",
    ),
    "sales.customers": (
        {"customer_id": _BIGINT, "name": _TEXT, "country": _TEXT, "credit": _DOUBLE},
        """SELECT i AS customer_id, 'Customer ' || i AS name,
            (['KE', 'TZ', 'UG', NULL])[1 + i % 4] AS country, i * 1.5 AS credit
            FROM range(40) rows(i)""",
    ),
    "sales.lines": (
        {
            "order_id": _BIGINT, "line": _BIGINT, "sku": _TEXT, "quantity": _DOUBLE,
            "price": _DOUBLE, "discount": _DOUBLE, "shipped_on": _DATE,
        },
        """SELECT 1 + i % 600 AS order_id, i // 600 AS line, 'sku-' || (i % 11) AS sku,
            1.0 + i % 50 AS quantity, (i * 31 % 1000) / 10.0 AS price, (i % 11) / 100.0 AS discount,
            DATE '2025-01-03' + CAST(i % 365 AS INTEGER) AS shipped_on
            FROM range(1800) rows(i)""",
    ),
    "web.events": (
        {
            "event_id": _BIGINT, "at": _TIME, "kind": _TEXT, "item": _ITEM, "tags": _TAGS,
            "items": _ITEMS, "payload": _TEXT,
        },
        """SELECT i AS event_id, TIMESTAMP '2025-01-01' + INTERVAL (i * 17) MINUTE AS "at",
            (['view', 'click', 'buy'])[1 + i % 3] AS kind,
            {'sku': 'sku-' || (i % 11), 'amount': i % 5} AS item,
            ['a' || (i % 3), 'b', 'c' || (i % 7)] AS tags,
            [{'sku': 'x' || i, 'amount': i}, {'sku': 'y', 'amount': 1}] AS items,
            '{"user": {"id": ' || (i % 5) || ', "tags": ["t' || (i % 2) || '"]}}' AS payload
            FROM range(300) rows(i)""",
    ),
    "people.staff": (
        {"id": _BIGINT, "name": _TEXT, "salary": _BIGINT},
        "SELECT i AS id, 'CANARY ' || i AS name, 1000 * i AS salary FROM range(10) rows(i)",
    ),
}  # fmt: skip

ANALYST = Principal("user:ann", PrincipalKind.USER, "marketing")


@dataclass
class FakeReleases:
    """Two releases of everything; the first one has only the first ten rows."""

    current: dict[DatasetName, ResolvedDataset]
    first: dict[DatasetName, ResolvedDataset]

    def made_on_demand(self, wanted: Collection[Wanted]) -> frozenset[Wanted]:
        """Return nothing: they stay as they are."""
        return frozenset(wanted) - frozenset(wanted)

    def refresh(self, wanted: Collection[Wanted]) -> None:
        """Do nothing: they stay as they are."""

    def resolve(
        self, environment: str, wanted: Collection[Wanted]
    ) -> Mapping[Wanted, ResolvedDataset]:
        assert environment == "prod"
        found = {}
        for one in wanted:
            old = one.version == 1 or (one.timestamp is not None and one.timestamp.year < 2026)
            states = self.first if old else self.current
            if one.name in states and one.version in {None, 1, 2}:
                found[one] = states[one.name]
        return found

    def names(self, environment: str) -> Collection[DatasetName]:
        assert environment == "prod"
        return self.current.keys()


@dataclass
class FakePolicy:
    """The analyst sees orders of the EU, without notes and with masked addresses; no staff; all else."""

    def decide(
        self,
        principal: Principal,
        action: Action,
        asked: Sequence[Asked],
        *,
        prepared: Collection[DatasetName] = frozenset(),
    ) -> tuple[Decision, ...]:
        if principal.kind is not PrincipalKind.USER:
            return Authorizer().decide(principal, action, asked, prepared=prepared)
        return tuple(self.one(dataset) for dataset in asked)

    def one(self, asked: Asked) -> Decision:
        if asked.name.domain == "people":
            return Decision(
                asked.name, is_allowed=False, reasons=("staff data is for people only",)
            )
        clear = frozenset(column.name for column in asked.columns)
        rows, masks = None, {}
        if str(asked.name) == "sales.orders":
            clear -= {"email", "note"}
            masks = {"email": Mask(MaskKind.REPLACE_WITH_NULL)}
            rows = Comparison("region", Operator.EQUAL, "EU")
        return Decision(
            asked.name,
            is_allowed=True,
            admissions=(Admission(clear, rows),),
            masks=masks,
            reasons=("test policy",),
        )


@dataclass
class World:
    """The organisation, its door, and what was recorded."""

    folder: Path
    answerer: Answerer
    workers: WorkerPool
    entries: list[AuditEntry] = field(default_factory=list)
    analyst: Principal = ANALYST
    canary: str = CANARY
    tables: tuple[str, ...] = tuple(TABLES)

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def rows(self, sql: str, principal: Principal = ANALYST, **limits) -> list[tuple]:
        """Ask, and return names of columns and all rows."""
        with self.answerer.answer(sql, principal, **limits) as answer:
            batches = list(answer.batches())
        rows = [
            row
            for batch in batches
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        ]
        return [tuple(answer.schema.names), *rows]


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("lake")
    current, first = {}, {}
    with duckdb.connect() as engine:
        for name, (types, query) in TABLES.items():
            columns = [
                f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in types.items()
            ]
            rows = engine.sql(query.replace("CANARY", CANARY)).project(", ".join(columns))
            for suffix, state in (("", rows), ("@1", rows.limit(10))):
                path = folder / f"{name}{suffix}.parquet"
                state.write_parquet(str(path))
                count = len(state)
                scan = plain_scan(list(types.items()), [(path, count)])
                resolved = ResolvedDataset(
                    DatasetName.parse(name),
                    1 if suffix else 2,
                    tuple(Column(column, kind) for column, kind in types.items()),
                    scan,
                )
                (first if suffix else current)[resolved.name] = resolved
    (folder / "secret.csv").write_text(f"a,b\n1,{CANARY}\n")
    workers = WorkerPool(2, 512, (folder,))
    entries: list[AuditEntry] = []
    answerer = Answerer(
        FakeReleases(current, first),
        FakePolicy(),
        Audit(entries.append),
        workers,
        Limits(timeout_s=20),
    )
    yield World(folder, answerer, workers, entries)
    workers.close()
