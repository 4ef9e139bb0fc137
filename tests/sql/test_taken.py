"""The engine has a catalog called `system`: the domain's datasets stand in a schema of another name."""

import pytest

from ghala.sql.parse import parse


def resolve(text):
    return parse(text).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM system.audit", 'FROM "system@".audit'),
        ('FROM "SYSTEM" . "Usage" u', 'FROM "system@" . "Usage" u'),
        (
            "SELECT tag FROM system.audit AT (VERSION => 3)",
            'SELECT tag FROM "system@"."audit@3" AS audit',
        ),
        ('FROM "memory".system.audit', 'FROM "memory"."system@".audit'),
        ("SELECT system.a FROM s.o AS system", "SELECT system.a FROM s.o AS system"),
        ("SELECT 'system.audit', x.system.audit FROM s.o x", None),
        ("SELECT o.id, system.audit FROM it.machines o", None),
        ("SELECT o.id, system.audit.tag FROM it.machines o, s.o", None),
        ("SELECT unnest(system.audit) FROM it.machines", None),
        ("FROM s.o AS system, system.audit", 'FROM s.o AS system, "system@".audit'),
        (
            "SELECT system.audit.tag, system.id FROM s.o AS system, system.audit",
            'SELECT "system@".audit.tag, system.id FROM s.o AS system, "system@".audit',
        ),
        (
            "SELECT system.audit.tag FROM s.o AS system, system.audit AS a",
            'SELECT system.audit.tag FROM s.o AS system, "system@".audit AS a',
        ),
        (
            "SELECT (SELECT system.audit.id FROM s.t AS system) FROM system.audit",
            'SELECT (SELECT system.audit.id FROM s.t AS system) FROM "system@".audit',
        ),
        (
            "SELECT 1 FROM s.o WHERE EXISTS (FROM system.audit WHERE system.audit.x = o.x)",
            'SELECT 1 FROM s.o WHERE EXISTS (FROM "system@".audit WHERE "system@".audit.x = o.x)',
        ),
        (
            "SELECT 1 FROM (system.audit JOIN s.b ON system.audit.id = b.id)",
            'SELECT 1 FROM ("system@".audit JOIN s.b ON "system@".audit.id = b.id)',
        ),
        (
            "SELECT count(system.audit) FROM system.audit",
            'SELECT count("system@".audit) FROM "system@".audit',
        ),
        (
            "SELECT system.audit FROM s.o, system.audit",
            'SELECT system.audit FROM s.o, "system@".audit',
        ),
        ("DESCRIBE System.audit", 'DESCRIBE "system@".audit'),
    ],
)
def test_the_schema_alone_is_another(text, expected):
    assert resolve(text) == (text if expected is None else expected)


def test_places_are_those_of_the_written_text():
    written = "SELECT nothing FROM s.o AT (VERSION => 3), system.audit, (SELECT nothing)"
    statement = parse(written)
    for number in (1, 2):
        offset = statement.text.split("nothing", number)[:number]
        offset = len("nothing".join(offset))
        found = statement.place(offset).column - 1
        assert written[found:].startswith("nothing")
        assert written[:found].count("nothing") == number - 1


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
