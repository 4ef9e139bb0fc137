"""A statement's shape: two texts that share one differ in plain values alone, for both parsers."""

from __future__ import annotations

import json

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.sql.parse import parse
from ghala.sql.repeatable import CHANGING, is_repeatable
from ghala.sql.shape import shape_of

NUMBERS = st.integers(0, 10**9 - 1).map(str)
DECIMALS = st.tuples(NUMBERS, NUMBERS).map(".".join)
TEXTS = st.from_regex(r"'[A-Za-z0-9_.: ]{0,12}(-[a-z ]{1,5})?'", fullmatch=True)
TEMPLATES = (
    "SELECT {text} AS a, id + {number} FROM sales.orders WHERE id BETWEEN {number} AND {number}",
    "FROM sales.orders WHERE region IN ({text}, {text}) AND id > {decimal} LIMIT {number}",
    "SELECT sum(id) FILTER (WHERE id<{number}) FROM sales.orders GROUP BY region HAVING count(*)>={number}",
    "SELECT l[{number}], -{number}, CAST({text} AS VARCHAR) FROM sales.orders ORDER BY region || {text}",
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT id FROM a.b WHERE id = 1", "SELECT id FROM a.b WHERE id = 20"),
        ("SELECT 'x', 1.5 FROM a.b", "SELECT 'y z', 20.25 FROM a.b"),
        ("FROM a.b WHERE d = DATE '2024-01-01'", "FROM a.b WHERE d = DATE '2025-12-31'"),
    ],
)
def test_values_are_no_part_of_it(one, other):
    assert shape_of(one) == shape_of(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT id FROM a.b WHERE id = 1", "SELECT id FROM a.c WHERE id = 1"),
        ("SELECT id FROM a.b WHERE id = 1", "SELECT id FROM a.b WHERE id = 1.0"),
        ("SELECT id FROM a.b WHERE id = 1", "SELECT id FROM a.b WHERE id = '1'"),
        # The engine's parser keeps these apart.
        ("SELECT 999999999", "SELECT 9999999999"),
        ("SELECT 1", "SELECT 1e5"),
        ("SELECT 'a'", "SELECT 'a' 'b'"),
        ('SELECT "1"', 'SELECT "2"'),
        ("SELECT a1", "SELECT a2"),
        ("SELECT 'it''s'", "SELECT 'its'"),
        ("SELECT 'a--b'", "SELECT 'a-b'"),
        ("SELECT X'00'", "SELECT X'01'"),
    ],
)
def test_what_else_differs_is_kept(one, other):
    assert (shape_of(one) or one) != (shape_of(other) or other)


@pytest.mark.parametrize(
    "text", ["SELECT 1 -- one", "SELECT /* a */ 1", r"SELECT 'a\'", "SELECT $$a$$", "SELECT 'ü'"]
)
def test_where_lexers_may_differ_there_is_none(text):
    assert shape_of(text) is None


@pytest.fixture(scope="module")
def tree_of():
    with duckdb.connect() as engine:

        def tree(sql):
            text = engine.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()[0]
            return without_values(json.loads(text)["statements"])

        yield tree


def without_values(node):
    """Return a tree without the values of its constants, and without where they stand."""
    if isinstance(node, list):
        return [without_values(one) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("class") == "CONSTANT":
        return "CONSTANT"
    places = {"query_location", "query_location_length"}
    return {key: without_values(one) for key, one in node.items() if key not in places}


@given(data=st.data())
def test_statements_of_one_shape_have_one_tree(tree_of, data):
    template = data.draw(st.sampled_from(TEMPLATES))

    def filled():
        text = template
        for name, values in (("number", NUMBERS), ("decimal", DECIMALS), ("text", TEXTS)):
            while f"{{{name}}}" in text:
                text = text.replace(f"{{{name}}}", data.draw(values), 1)
        return text

    one, other = filled(), filled()
    assert shape_of(one) == shape_of(other)
    assert tree_of(one) == tree_of(other)
    assert parse(one).names == parse(other).names


def test_everything_that_changes_by_itself_is_known():
    from ghala.sql.functions import ALLOWED

    with duckdb.connect() as engine:
        changing = {
            name
            for (name,) in engine.execute(
                "SELECT function_name FROM duckdb_functions() "
                "WHERE function_type = 'scalar' AND stability <> 'CONSISTENT'"
            ).fetchall()
        }
        macros = engine.execute(
            "SELECT function_name, macro_definition FROM duckdb_functions() WHERE macro_definition IS NOT NULL"
        ).fetchall()
    known = CHANGING | {"current_database", "current_schema"}
    assert (changing & ALLOWED) - known == set()
    by_macro = {name for name, text in macros if any(f"{word}(" in text for word in CHANGING)}
    assert (by_macro & ALLOWED) - CHANGING == set()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT now() FROM a.b",
        "SELECT CURRENT_DATE",
        'SELECT "random"() FROM a.b',
        "FROM a.b TABLESAMPLE 10%",
        "FROM a.b USING SAMPLE 10",
        "SELECT age(d) FROM a.b",
    ],
)
def test_a_statement_that_looks_at_the_clock_or_draws_is_not_repeatable(text):
    assert not is_repeatable(text)
