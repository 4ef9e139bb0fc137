"""Lineage of statements, against a table that was checked by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot

from ghala.model.lineage import Origin
from ghala.sql.lineage import trace

TABLES = {
    "t": ["a", "b", "c", "d", "e", "l", "s"],
    "u": ["a", "x", "y"],
    "sales.orders": ["id", "region", "amount"],
}


TPCH = {
    "region": "r_regionkey r_name r_comment",
    "nation": "n_nationkey n_name n_regionkey n_comment",
    "supplier": "s_suppkey s_name s_address s_nationkey s_phone s_acctbal s_comment",
    "customer": "c_custkey c_name c_address c_nationkey c_phone c_acctbal c_mktsegment c_comment",
    "part": "p_partkey p_name p_mfgr p_brand p_type p_size p_container p_retailprice p_comment",
    "partsupp": "ps_partkey ps_suppkey ps_availqty ps_supplycost ps_comment",
    "orders": "o_orderkey o_custkey o_orderstatus o_totalprice o_orderdate o_orderpriority o_clerk "
    "o_shippriority o_comment",
    "lineitem": "l_orderkey l_partkey l_suppkey l_linenumber l_quantity l_extendedprice l_discount l_tax "
    "l_returnflag l_linestatus l_shipdate l_commitdate l_receiptdate l_shipinstruct l_shipmode l_comment",
}


def cases(file="lineage.sql"):
    text = (Path(__file__).parent / file).read_text()
    for block in text.strip().split("\n\n")[1:]:
        statement, *lines = block.splitlines()
        yield statement, [line.removeprefix("--").strip() for line in lines]


def without_tables(lines):
    return [re.sub(r"\b(\w+)\.(\w+)", r"\2", line) for line in lines]


def shown(influence):
    direct = ", ".join(sorted(map(str, influence.direct))) or "-"
    indirect = ", ".join(sorted(map(str, influence.indirect)))
    return direct + (f" | {indirect}" if indirect else "") + ("" if influence.is_traced else " ?")


@pytest.mark.parametrize(("sql", "expected"), list(cases()))
def test_columns_and_rows_come_from_where_a_reader_says(sql, expected):
    found = trace(sqlglot.parse_one(sql, read="duckdb"), TABLES)
    lines = [f"{name}: {shown(influence)}" for name, influence in found.columns]
    assert [*lines, f"rows: {shown(found.rows).removeprefix('- | ')}"] == expected


@pytest.mark.parametrize(("sql", "expected"), list(cases("lineage_tpch.sql")))
def test_columns_of_benchmark_queries_come_from_where_a_reader_says(sql, expected):
    tables = {name: columns.split() for name, columns in TPCH.items()}
    found = trace(sqlglot.parse_one(sql, read="duckdb"), tables)
    lines = [f"{name}: {shown(influence)}" for name, influence in found.columns]
    assert without_tables([*lines, f"rows: {shown(found.rows).removeprefix('- | ')}"]) == expected


def test_enough_is_checked_by_hand():
    lines = [line for _, lines in cases("lineage_tpch.sql") for line in lines]
    assert sum(not line.startswith("rows: ") for line in lines) >= 80
    assert len(list(cases())) >= 100


def test_columns_of_a_pivot_are_known_by_the_engine_s_names():
    tree = sqlglot.parse_one("PIVOT t ON a USING sum(b) GROUP BY c", read="duckdb")
    found = dict(trace(tree, TABLES, ["c", "KE", "TZ"]).columns)
    assert shown(found["c"]) == "t.c"
    assert shown(found["KE"]) == shown(found["TZ"]) == "t.b | t.a"


def test_a_result_of_another_width_is_not_traced():
    tree = sqlglot.parse_one("SELECT a FROM u", read="duckdb")
    found = trace(tree, TABLES, ["a", "b"])
    everything = {Origin(table, name) for table, names in TABLES.items() for name in names}
    for _, influence in found.columns:
        assert not influence.is_traced
        assert influence.direct == everything


def test_a_shape_that_is_not_known_is_not_traced():
    tree = sqlglot.parse_one("SELECT min(COLUMNS(lambda c: c LIKE '%a%')) FROM u", read="duckdb")
    ((_, influence),) = trace(tree, TABLES, ["min(u.a)"]).columns
    assert not influence.is_traced
    assert {Origin("u", name) for name in TABLES["u"]} <= influence.direct


def test_a_deep_statement_is_not_traced_but_answered():
    tree = sqlglot.parse_one("SELECT " + "+".join(["a"] * 60) + " AS v FROM u", read="duckdb")
    ((_, influence),) = trace(tree, TABLES).columns
    assert influence.direct == {Origin("u", "a")}
