"""Lineage against the engine itself: what is not among a result's origins can be changed without changing it."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
import sqlglot
from corpus import changed, normal, statements

from ghala.sql.lineage import trace


@pytest.fixture(scope="module")
def engine(world):
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        for name in world.tables:
            engine.execute(f"CREATE SCHEMA IF NOT EXISTS {name.partition('.')[0]}")
        yield engine


@pytest.fixture(scope="module")
def columns(engine, world):
    """The columns of every table with their types."""
    return {
        name: dict(
            zip(
                (relation := engine.sql(f"FROM read_parquet('{world.file(name)}')")).columns,
                map(str, relation.types),
                strict=True,
            )
        )
        for name in world.tables
    }


def show(engine, world, columns, others=frozenset()):
    """Give the engine the tables, some of their columns changed."""
    for table, types in columns.items():
        shown = ", ".join(
            f'{changed(name, kind)} AS "{name}"' if (table, name) in others else f'"{name}"'
            for name, kind in types.items()
        )
        engine.execute(
            f"CREATE OR REPLACE VIEW {table} AS SELECT {shown} FROM read_parquet('{world.file(table)}')"
        )


def values(relation):
    """Return the values of each column. By way of Arrow: the driver itself wants a library for times with a zone."""
    table = relation.to_arrow_table()
    return [Counter(repr(normal(one)) for one in column.to_pylist()) for column in table.columns]


@pytest.mark.parametrize(
    "sql", statements("benign.sql"), ids=lambda sql: " ".join(sql.split())[:60]
)
def test_what_is_no_origin_changes_nothing(engine, world, columns, sql):
    show(engine, world, columns)
    tree = sqlglot.parse_one(sql, read="duckdb")
    relation = engine.sql(sql)
    if relation is None or tree.key in {"describe", "summarize", "show"}:
        return
    names, before = relation.columns, values(relation)
    lineage = trace(tree, {table: list(types) for table, types in columns.items()}, names)
    assert [name for name, _ in lineage.columns] == names
    everything = {
        (table, name)
        for table, types in columns.items()
        for name, kind in types.items()
        if changed(name, kind)
    }
    rows = lineage.rows.direct | lineage.rows.indirect
    after = {}
    for place, (_, influence) in enumerate(lineage.columns):
        found = influence.direct | influence.indirect | rows
        origins = frozenset((one.table, one.column) for one in found)
        if origins not in after:
            show(engine, world, columns, everything - origins)
            after[origins] = values(engine.sql(sql))
        assert after[origins][place] == before[place], (names[place], origins)


def test_most_columns_of_ordinary_statements_are_traced(engine, world, columns):
    show(engine, world, columns)
    found = Counter()
    for sql in statements("benign.sql"):
        tree = sqlglot.parse_one(sql, read="duckdb")
        if tree.key in {"describe", "summarize", "show"}:
            continue
        names = engine.sql(sql).columns
        lineage = trace(tree, {table: list(types) for table, types in columns.items()}, names)
        found.update(influence.is_traced for _, influence in lineage.columns)
    print(f"{found[True]} columns traced, {found[False]} not")
    assert found[True] / found.total() > 0.95
