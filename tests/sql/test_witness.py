"""The second witness: the engine's own tree and plan must say what `parse` said."""

from __future__ import annotations

import json

import duckdb
import pytest

from ghala.errors import QueryRefusedError
from ghala.sql.parse import parse
from ghala.sql.witness import agree

READABLE = {"sales.orders", "local"}


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as engine:
        engine.execute("CREATE SCHEMA sales")
        engine.execute("CREATE TABLE sales.orders(id BIGINT, region VARCHAR, l INTEGER[])")
        engine.execute("CREATE TABLE local(id BIGINT)")
        engine.execute("CREATE TABLE sales.other(id BIGINT)")
        engine.execute("PRAGMA disable_optimizer")
        engine.execute("SET explain_output = 'optimized_only'")
        yield engine


def seen(engine, sql):
    tree = engine.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()[0]
    plan = engine.execute(f"EXPLAIN (FORMAT json) {sql}").fetchone()[1]
    return tree, plan


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM sales.orders",
        "FROM local JOIN sales.orders USING (id)",
        "FROM memory.sales.orders JOIN Memory.sales.orders b USING (id)",
        "WITH a AS (FROM sales.orders) SELECT * FROM a",
        "SELECT * FROM sales.orders, unnest(orders.l)",
        "SUMMARIZE sales.orders",
        "SELECT 1 UNION SELECT id FROM local",
    ],
)
def test_the_same_statement_agrees(sql, engine):
    agree(parse(sql), *seen(engine, sql), READABLE)


@pytest.mark.parametrize(
    ("said", "read", "why"),
    [
        ("SELECT 1", "SELECT 1 FROM sales.orders", "other tables"),
        ("FROM sales.orders", "FROM sales.orders, local", "other tables"),
        ("FROM sales.other", "FROM sales.other", "scan other tables"),
        ("SELECT 1", "SELECT current_setting('threads')", "`current_setting` is not available"),
        ("SELECT 1", "SELECT * FROM duckdb_views()", "not known"),
        ("FROM duckdb_views", "FROM duckdb_views", "no dataset"),
        ("SELECT 1", "SELECT 1 FROM (SHOW TABLES)", "only DESCRIBE"),
        ("FROM sales.orders", "FROM memory.sales.orders", "other tables"),
        ("FROM sales.orders", "FROM system.main.duckdb_views", "more parts"),
        ("SELECT 1", "SELECT * FROM glob('/*')", "not known"),
        ("FROM local", "SELECT bitstring_agg(id) FROM local", "needs its bounds"),
    ],
)
def test_a_difference_is_refused(said, read, why, engine):
    with pytest.raises(QueryRefusedError, match=why):
        agree(parse(said), *seen(engine, read), READABLE)


def test_a_deep_tree_is_read(engine):
    sql = "SELECT " + " || ".join(["'a'"] * 900)
    agree(parse(sql), *seen(engine, sql), READABLE)


@pytest.mark.parametrize(
    "tree",
    [
        {"error": True, "error_type": "parser"},
        {"statements": []},
        {"statements": [{"node": {}}, {"node": {}}]},
        {"statements": [{"node": {"type": "INSERT_NODE"}}]},
        {"statements": [{"node": {"class": "PARAMETER", "type": "VALUE_PARAMETER"}}]},
        {"statements": [{"from": {"type": "NEW_REF", "alias": "", "query_location": 1}}]},
    ],
)
def test_what_is_not_known_is_refused(tree):
    with pytest.raises(QueryRefusedError, match="unknown shape"):
        agree(parse("SELECT 1"), json.dumps(tree), "[]", READABLE)


@pytest.mark.parametrize("leaf", ["READ_PARQUET", "NEW_SCAN", "SEQ_SCAN"])
def test_a_plan_that_reads_something_else_is_refused(leaf, engine):
    tree, _ = seen(engine, "SELECT 1")
    plan = [{"name": "PROJECTION", "children": [{"name": leaf, "children": [], "extra_info": {}}]}]
    with pytest.raises(QueryRefusedError, match="unknown shape"):
        agree(parse("SELECT 1"), tree, json.dumps(plan), READABLE)
