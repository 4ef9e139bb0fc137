"""The engine has a catalog called `system`: the domain's datasets stand in a schema of another name."""

import pytest
import sqlglot

from ghala.sql.at import resolve_at
from ghala.sql.parse import parse


def resolve(text):
    return resolve_at(text, sqlglot.tokenize(text, read="duckdb")).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM system.audit", 'FROM "system@".audit'),
        ('FROM "SYSTEM" . "Usage" u', 'FROM "system@" . "Usage" u'),
        (
            "SELECT system.audit.tag FROM system.audit AT (VERSION => 3)",
            'SELECT "system@".audit.tag FROM "system@"."audit@3" AS audit',
        ),
        ('FROM "memory".system.audit', 'FROM "memory"."system@".audit'),
        ("FROM a.memory.system.audit", "FROM a.memory.system.audit"),
        ("SELECT system.a FROM s.o AS system", "SELECT system.a FROM s.o AS system"),
        ("SELECT 'system.audit', x.system.audit", "SELECT 'system.audit', x.system.audit"),
    ],
)
def test_the_schema_alone_is_another(text, expected):
    assert resolve(text) == expected


def test_a_statement_names_the_domain_as_it_was_written():
    statement = parse("SELECT 1 FROM system.audit JOIN sales.orders ON true")
    assert sorted(map(str, statement.tables)) == ["sales.orders", "system.audit"]
    assert statement.names == {"sales.orders", "system@.audit"}


def test_the_catalog_may_stand_before_a_domain_and_both_parsers_must_see_it():
    statement = parse("SELECT 1 FROM Memory.system.audit JOIN sales.orders ON true JOIN orders")
    assert sorted(map(str, statement.tables)) == ["orders", "sales.orders", "system.audit"]
    assert statement.names == {"memory.system@.audit", "sales.orders", "orders"}


@pytest.mark.parametrize(
    "text",
    [
        "WITH system AS (SELECT 1 AS audit) SELECT system.audit FROM system",
        "SELECT system.usage FROM it.machines",
    ],
)
def test_what_a_statement_calls_so_itself_stays(text):
    assert resolve(text) == text
