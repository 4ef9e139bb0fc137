"""What may be a name: whatever SQL reads as one, unquoted, in the engine and at the read door."""

import duckdb
import pytest

from ghala.errors import GhalaError
from ghala.model.keywords import KEYWORDS
from ghala.model.names import RESERVED_DOMAINS, domain_fault, name_fault, sql_name_fault
from ghala.sql.parse import parse


@pytest.fixture(scope="module")
def words():
    """Every word of the engine's grammar, with its category."""
    return dict(
        duckdb.sql("SELECT keyword_name, keyword_category FROM duckdb_keywords()").fetchall()
    )


def is_readable(connection, name):
    """Whether a table and a schema of that name can be read without quotes, by both who read statements."""
    try:
        plain, qualified = parse(f"FROM {name}").tables, parse(f"FROM {name}.rows").tables
        connection.execute(f'CREATE TABLE "{name}" (a INT)')
        connection.execute(f"FROM {name}")
        if name not in RESERVED_DOMAINS:
            connection.execute(f'CREATE SCHEMA "{name}"; CREATE TABLE "{name}".rows (a INT)')
            connection.execute(f"FROM {name}.rows")
    except (GhalaError, duckdb.Error):
        return False
    return [*map(str, plain), *map(str, qualified)] == [name, f"{name}.rows"]


def test_what_the_engine_reserves_is_no_name(words):
    reserved = {word for word, category in words.items() if category == "reserved"}

    assert len(reserved) > 70
    assert {word for word in reserved if sql_name_fault(word) is None} == set()
    assert {word for word in reserved if domain_fault(word) is None} == set()


def test_exactly_the_words_that_cannot_be_read_are_no_names(words):
    with duckdb.connect() as connection:
        unreadable = {word for word in words if not is_readable(connection, word)}

    assert unreadable == KEYWORDS


def test_a_keyword_may_name_what_sql_does_not_read():
    assert name_fault("order") is None
