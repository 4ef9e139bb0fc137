"""Lineage of releases and declarations, in both databases."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from ghala.model.declaration import Declaration
from ghala.model.lineage import (
    ColumnTerms,
    Influence,
    Lineage,
    Origin,
    ReleaseLineage,
    StepLineage,
)
from ghala.model.names import DatasetName, ProductName
from ghala.model.release import Release
from ghala.registry import declarations, lineage, tables

ORDERS = ProductName("sales", "orders")
MADE = Lineage(
    (
        ("id", Influence(frozenset({Origin("sales.raw", "id")}))),
        ("Née", Influence(frozenset(), frozenset({Origin("source:rows", "a.b")}), is_traced=False)),
    ),
    Influence(frozenset(), frozenset({Origin("sales.raw", "")})),
)
WHOLE = ReleaseLineage(
    datasets={"sales.orders": MADE},
    terms={"sales.orders": {"id": ColumnTerms("public", ("a", "b"))}},
    inputs={"sales.raw": ("0" * 64, "1" * 64)},
    sources={"rows": {"type": "csv"}},
    steps=(StepLineage("make", "sales.orders", MADE),),
)
DECLARATION = Declaration(
    "ab12", DatasetName("sales", "orders"), "orders_object", "total", "pii.email", None,
    ("sales.raw.email",), "a number", "user:ann", datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip


def release(number):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Release(ORDERS, "prod", number, f"r{number}", "0" * 64, now, (), is_current=True)


def test_a_lineage_is_read_as_it_was_kept(registry):
    made = lineage.document(WHOLE)
    with registry.write() as connection:
        lineage.record(connection, release(1), made)
    with registry.read() as connection:
        sha256 = lineage.hash_of(connection, "prod", ORDERS, 1)
        assert sha256 == made.sha256
        assert lineage.read(connection, sha256) == WHOLE
        assert lineage.hash_of(connection, "prod", ORDERS, 2) is None


def test_releases_with_the_same_lineage_keep_it_once(registry):
    for number in (1, 2, 3):
        with registry.write() as connection:
            lineage.record(connection, release(number), lineage.document(WHOLE))
    with registry.read() as connection:
        kept = connection.execute(select(func.count()).select_from(tables.lineages)).scalar()
        assert kept == 1
        assert len({lineage.hash_of(connection, "prod", ORDERS, n) for n in (1, 2, 3)}) == 1


def test_another_order_of_the_same_things_is_the_same_lineage():
    turned = replace(WHOLE, inputs={"sales.raw": ("1" * 64, "0" * 64)})
    assert lineage.document(turned).sha256 == lineage.document(WHOLE).sha256
    other = replace(WHOLE, inputs={"sales.raw": ("1" * 64,)})
    assert lineage.document(other).sha256 != lineage.document(WHOLE).sha256


def test_a_transaction_that_fails_leaves_no_lineage(registry):
    def record_and_fail():
        with registry.write() as connection:
            lineage.record(connection, release(1), lineage.document(WHOLE))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        record_and_fail()
    with registry.read() as connection:
        assert lineage.hash_of(connection, "prod", ORDERS, 1) is None
        assert connection.execute(select(func.count()).select_from(tables.lineages)).scalar() == 0


def test_a_declaration_stays_on_record_after_it_was_withdrawn(registry):
    at_us = round(DECLARATION.declared_at.timestamp() * 1_000_000)
    with registry.write() as connection:
        declarations.add(connection, DECLARATION, at_us)
    with registry.read() as connection:
        assert declarations.all_of(connection) == (DECLARATION,)
        assert declarations.all_of(connection, DatasetName("sales", "other")) == ()
    with registry.write() as connection:
        assert declarations.withdraw(connection, "ab12", "user:ben", at_us + 1)
        assert not declarations.withdraw(connection, "ab12", "user:ben", at_us + 2)
    with registry.read() as connection:
        (found,) = declarations.all_of(connection, DECLARATION.dataset)
        assert (found.is_in_force, found.withdrawn_by) == (False, "user:ben")
