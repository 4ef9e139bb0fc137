from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.errors import GhalaError, LimitError, Place, QueryRefusedError
from ghala.sql.parse import MAX_CHARACTERS, parse


def tables(sql):
    return sorted(map(str, parse(sql).tables))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", []),
        ("FROM sales.orders", ["sales.orders"]),
        ('FROM "Sales"."ORDERS"', ["sales.orders"]),
        ("WITH a AS (FROM sales.orders) FROM a", ["sales.orders"]),
        ("WITH orders AS (FROM orders) FROM orders", ["orders"]),
        ("WITH RECURSIVE r AS (SELECT 1 UNION ALL FROM r) FROM r", []),
        ("WITH a AS (FROM b), b AS (SELECT 1) FROM a, b", ["b"]),
        ("SELECT * FROM (WITH t AS (SELECT 1) FROM t) x, t", ["t"]),
        ("WITH t AS (SELECT 1) SELECT (SELECT max(x) FROM t) FROM a.b", ["a.b"]),
        ("WITH t AS (SELECT 1) SELECT * FROM a.t, t", ["a.t"]),
        ("SELECT * FROM a.b UNION SELECT * FROM c.d EXCEPT TABLE e.f", ["a.b", "c.d", "e.f"]),
        ("PIVOT a.b ON c IN (1) USING sum(d)", ["a.b"]),
        ("PIVOT a.b ON c IN (1) USING sum(d) GROUP BY e ORDER BY e LIMIT 3", ["a.b"]),
        ("WITH x AS (FROM a.b) PIVOT x ON c IN (1) USING sum(d) ORDER BY ALL", ["a.b"]),
        ("FROM (UNPIVOT a.b ON c, d INTO NAME n VALUE v ORDER BY n), c.d", ["a.b", "c.d"]),
        ("FROM a.b PIVOT (sum(d) FOR c IN (1)) ORDER BY 1", ["a.b"]),
        ("SELECT ['x'] <@ l FROM a.b", ["a.b"]),
        ("SELECT ARRAY(SELECT c FROM a.b WHERE d = t.e) FROM c.d t", ["a.b", "c.d"]),
        ("SUMMARIZE a.b", ["a.b"]),
        ("DESCRIBE FROM a.b", ["a.b"]),
        ("SELECT * FROM a.b, unnest(b.c) u, range(3), generate_series(1, 2)", ["a.b"]),
    ],
)
def test_the_tables_that_a_statement_reads(sql, expected):
    assert tables(sql) == expected


def test_names_have_those_of_ctes_too():
    assert parse("WITH a AS (FROM b.c) FROM a").names == {"a", "b.c"}


def test_functions_are_named_as_written():
    assert parse("SELECT LIST_TRANSFORM([1], lambda x: Upper(x)), count(*)").functions == {
        "count",
        "list_transform",
        "upper",
    }


@pytest.mark.parametrize(
    ("sql", "message", "place"),
    [
        ("SELECT a,\n  getenv('X')", "the function `getenv` is not available", "2:3"),
        ("SELECT *\nFROM read_text('x')", "the function `read_text` is not available", "2:6"),
        ("SELECT array(1)", "the function `array` is not available", "1:8"),
        ("SELECT array((SELECT 1), 2)", "the function `array` is not available", "1:8"),
        ("SELECT * FROM upper('x')", "`upper` may not stand in FROM", "1:15"),
        ("COPY a TO 'b'", "COPY is not answered here", "1:1"),
        ("SELECT 1;\nDROP TABLE a", "DROP is not answered here", "2:1"),
        ("SELECT * FROM a.b.c", "a name has at most two parts", "1:19"),
        ("SELECT $1", "parameters and variables are not available", "1:1"),
        ("SELECT FROM WHERE", "syntax error near `WHERE`", "1:13"),
        ("SELECT 1 INTO t", "SELECT INTO and FOR UPDATE are not answered", "1:8"),
        ("PIVOT a.b ON c USING sum(d)", "PIVOT needs the values that become columns", "1:7"),
        ("SELECT date_trunk('day', d)", "the function `date_trunk` is not available", "1:8"),
        ("SHOW DATABASES", "only SHOW TABLES is known", "1:1"),
        ("SHOW ALL", "the statement is not SQL that the read door knows", "1:1"),
        ("", "there is no statement", "1:1"),
        ("SELECT 1 \0; COPY a TO 'b'", "the statement is not plain text", "1:1"),
        ("SELECT '\udc80'", "the statement is not plain text", "1:1"),
    ],
)
def test_a_refusal_points_at_the_text(sql, message, place):
    with pytest.raises(QueryRefusedError) as caught:
        parse(sql)
    assert caught.value.message == message
    assert str(caught.value.place) == f"statement:{place}"
    assert caught.value.hint


def test_a_refusal_points_into_the_file_of_a_text():
    with pytest.raises(QueryRefusedError) as caught:
        parse("SELECT\n  getenv('X')", Place("transforms/orders.sql", 3, 1))
    assert str(caught.value.place) == "transforms/orders.sql:4:3"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 100_000 + "1" + ")" * 100_000,
        "SELECT 1::" + "STRUCT(a " * 20_000 + "INT" + ")" * 20_000,
        "FROM (" * 20_000,
        "SELECT a" + "[1]" * 20_000,
        "SELECT " + "NOT " * 20_000 + "true",
        "SELECT " + "x" * (MAX_CHARACTERS + 1),
        "SELECT 1 IN (" + "1," * 60_000 + "1)",
    ],
    ids=["brackets", "types", "subqueries", "subscripts", "words", "text", "list"],
)
def test_what_would_exhaust_a_parser_is_stopped_early(sql):
    started = time.monotonic()
    with pytest.raises(LimitError):
        parse(sql)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["apply", "reduce", "list_apply", "list_reduce"])
def test_functions_over_lambdas_keep_the_name_that_was_written(name):
    statement = parse(f"SELECT {name}([1], lambda x: x + 1)")
    assert statement.functions == {name}


def test_information_schema_is_a_schema_of_our_own():
    statement = parse('SELECT "Information_Schema".tables.x FROM information_schema.tables, a.b')
    assert statement.listings == {"tables"}
    assert sorted(map(str, statement.datasets)) == ["a.b"]
    assert statement.text.count('"information_schema@"') == 2
    assert parse("SELECT 'information_schema.tables'").pinned.edits == ()


def test_an_in_list_of_ten_thousand_is_fine():
    numbers = ",".join(map(str, range(10_000)))
    assert tables("FROM a.b WHERE c IN (" + numbers + ")") == ["a.b"]


WORDS = st.sampled_from(
    [
        *(
            "SELECT",
            "FROM",
            "WITH",
            "AT",
            "VERSION",
            "TIMESTAMP",
            "JOIN",
            "ON",
            "PIVOT",
            "IN",
            "USING",
        ),
        *(
            "WHERE",
            "GROUP",
            "BY",
            "LATERAL",
            "UNION",
            "AS",
            "a",
            "b",
            "x",
            "sales",
            "orders",
            "count",
        ),
        *(
            ".",
            "(",
            ")",
            ",",
            "*",
            "'",
            '"',
            ";",
            "=>",
            "3",
            "--",
            "/*",
            "*/",
            "=",
            "[",
            "]",
            "{",
            "}",
        ),
        *(":", "::", "$", "?", "||", "->", "'text'"),
    ]
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_any_text_is_read_or_refused(sql):
    try:
        statement = parse(sql)
    except GhalaError:
        return
    assert statement.written == sql
    assert {str(use) for use in statement.tables} <= statement.names
