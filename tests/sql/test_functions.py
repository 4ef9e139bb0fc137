from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from ghala.sql import functions

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "sql.md"
FORBIDDEN = re.compile(
    r"^(?:duckdb_|pragma_|pg_(?!size_pretty$|typeof$)|read_|write_|json_execute|json_serialize|__)"
    r"|setting|variable|getenv|secret|query|sleep|nextval|currval|setval|setseed|error|assert"
    r"|sniff|privilege|^glob$"
)


@pytest.fixture(scope="module")
def engine_functions():
    with duckdb.connect() as engine:
        rows = engine.execute("SELECT function_name, function_type FROM duckdb_functions()")
        return {(name.lower(), kind) for name, kind in rows.fetchall()}


def test_every_allowed_function_is_there(engine_functions):
    scalar = {name for name, kind in engine_functions if kind not in {"pragma", "table_macro"}}
    assert functions.ALLOWED - scalar == set()


def test_operators_are_no_names():
    assert not [name for name in functions.OPERATORS if name[0].isalpha()]


def test_nothing_that_reads_waits_or_writes_is_allowed():
    found = sorted(name for name in functions.ALLOWED if FORBIDDEN.search(name))
    assert found == []


def test_table_functions_and_sized_ones_are_allowed_functions():
    assert functions.TABLE_FUNCTIONS | functions.SIZED <= functions.ALLOWED


def test_the_reference_lists_every_function():
    text = REFERENCE.read_text()
    listed = {}
    for title, names in re.findall(r"\*\*(.+?)\*\*: (.+)", text):
        listed[title] = set(re.findall(r"`([a-z0-9_]+)`", names))
    assert listed == {title: set(names) for title, names in functions.GROUPS.items()}
