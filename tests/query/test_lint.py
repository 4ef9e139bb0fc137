"""What is said beforehand of a product's own statements."""

import pytest

from ghala.query.lint import check_sql, table_places


@pytest.mark.parametrize(
    ("sql", "message", "place"),
    [
        ("SELECT id\nFROM", "syntax error", "2:1"),
        ("SELECT a;\nSELECT b", "more than one statement", "1:1"),
        ("SELECT 1\nFROM read_text('*')", "`read_text`", "2:6"),
        ("SELECT 1 FROM a\nJOIN s.o AT (VERSION => 1) USING (id)", "AT is not for steps", "2:8"),
        ("DROP TABLE a", "DROP is not answered", "1:1"),
    ],
)
def test_a_statement_that_may_not_run_is_told_with_its_place(sql, message, place):
    (fault,) = check_sql(sql)

    assert message in fault.message
    assert str(fault.place) == f"statement:{place}"
    assert fault.hint


def test_what_makes_no_rows_is_told():
    assert [fault.message for fault in check_sql("SHOW TABLES")] == [
        "SHOW is not for steps and rules"
    ]


def test_a_statement_that_is_too_long_is_told():
    (fault,) = check_sql("SELECT 1" + " " * 300_000)
    assert "characters" in fault.message


def test_a_rule_may_read_its_dataset_only():
    sql = "SELECT count(*)\nFROM sales.orders JOIN sales.goods USING (id)"
    (fault,) = check_sql(sql, {"sales.orders"})

    assert fault.message == "`sales.goods` is not what this statement may read"
    assert (fault.hint, fault.place.line) == ("it may read `sales.orders`", 2)
    assert check_sql("SELECT count(*) FROM Sales.Orders", {"sales.orders"}) == []


def test_tables_are_those_that_the_statement_does_not_define():
    assert set(table_places("WITH a AS (FROM rows) FROM a JOIN sales.orders USING (id)")) == {
        "rows",
        "sales.orders",
    }
