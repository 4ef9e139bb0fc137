"""What analysts and their tools send is answered, with the rows that the engine finds in what they may see."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from corpus import normal, statements

KEPT = "order_id, customer_id, region, status, amount, ordered_on, CAST(NULL AS VARCHAR) AS email"
STATEMENTS = statements("tools.sql")


@pytest.fixture(scope="module")
def visible(world):
    """DuckDB itself over tables that have only what the analyst may see."""
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        for name in world.tables:
            if not name.startswith("people."):
                engine.execute(f"CREATE SCHEMA IF NOT EXISTS {name.split('.')[0]}")
                kept = f"SELECT {KEPT}" if name == "sales.orders" else "SELECT *"
                rows = " WHERE region = 'EU'" if name == "sales.orders" else ""
                engine.execute(f"CREATE TABLE {name} AS {kept} FROM '{world.file(name)}'{rows}")
        yield engine


def title(sql: str) -> str:
    return next(line for line in sql.splitlines() if not line.startswith("--"))[:60]


@pytest.mark.parametrize("sql", STATEMENTS, ids=title)
def test_a_tool_gets_the_right_rows(sql, world, visible):
    names, *rows = world.rows(sql)
    table = visible.sql(sql).to_arrow_table()
    expected = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    assert list(names) == table.schema.names
    assert Counter(repr(normal(row)) for row in rows) == Counter(
        repr(normal(row)) for row in expected
    )


def test_there_are_enough_of_them():
    assert len(STATEMENTS) >= 350
