import pytest

from ghala.sql.parse import parse

WHOLE = (
    "SELECT * FROM sales.orders",
    "FROM sales.orders",
    "SELECT o.* FROM sales.orders o",
    "SELECT COLUMNS('i.*') FROM sales.orders",
    "SELECT o FROM sales.orders o",
    "SELECT orders FROM sales.orders",
    "SELECT to_json(orders) FROM sales.orders",
    "SELECT a.id FROM sales.orders a NATURAL JOIN sales.lines b",
    "SUMMARIZE sales.orders",
    "SELECT id FROM (SELECT * FROM sales.orders)",
    "WITH a AS (SELECT id FROM sales.orders) SELECT a FROM a",
    "PIVOT sales.orders ON region IN ('EU') USING sum(amount)",
)
NAMED = {
    "SELECT id FROM sales.orders": {"id"},
    "SELECT count(*) FROM sales.orders": set(),
    "SELECT \"ID\" FROM sales.orders o WHERE o.Region = 'EU' ORDER BY amount": {
        "id",
        "region",
        "amount",
    },
    "SELECT 1 FROM sales.orders a JOIN sales.lines b USING (id)": {"id"},
    "SELECT id FROM sales.orders GROUP BY ALL HAVING max(note) > 'a'": {"id", "note"},
    "SELECT (SELECT max(amount) FROM sales.lines l WHERE l.id = o.id) FROM sales.orders o": {
        "amount",
        "id",
    },
}
COLUMNS = {"id", "region", "amount", "note"}


@pytest.mark.parametrize("sql", WHOLE)
def test_what_reads_columns_without_naming_them_reads_all(sql):
    assert parse(sql).mentioned is None


@pytest.mark.parametrize(("sql", "columns"), NAMED.items())
def test_named_columns_are_mentioned(sql, columns):
    assert parse(sql).mentioned & COLUMNS == columns
