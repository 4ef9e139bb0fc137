"""What would keep a product from running is found before it runs, in the lines of its own files."""

import pytest

from ghala.model.run import RunState
from ghala.testing.shop import ORDERS
from ghala.testing.workspace import Table, contract_id, write_product

TOTAL = Table({"total": "bigint"})


def found(shop):
    """All findings, as `file:line:column code`, without the folders of the file."""
    return [
        f"{one.place.file.rpartition('/')[2]}:{one.place.line}:{one.place.column} {one.code}"
        for one in shop.app.lint()
    ]


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("SELECT count(*) AS total\nFROM sales.orders", "make.sql:2:12 pipeline.reads"),
        ("SELECT count(*) AS total\nFROM sales.ordres", "make.sql:2:12 pipeline.reads"),
        ("SELECT count(*) AS total\nFROM orders", "make.sql:2:6 pipeline.reads"),
        (
            "SELECT 1 AS total\nFROM finance.total AT (VERSION => 1)",
            "make.sql:2:14 pipeline.bad_sql",
        ),
        ("SELECT 1 AS total\nFROM range(2) r, read_csv('x')", "make.sql:2:18 pipeline.bad_sql"),
        ("SELECT 1 AS total\nFROM", "make.sql:2:1 pipeline.bad_sql"),
        ("SHOW TABLES", "make.sql:1:1 pipeline.bad_sql"),
    ],
)
def test_what_would_fail_when_it_runs_is_found_once_where_it_stands(shop, sql, finding):
    shop.add()
    shop.add_query("finance/total", TOTAL, sql)

    assert found(shop) == [finding]
    assert shop.run("finance/total").run.state is RunState.FAILED


def test_an_undeclared_input_is_found_with_the_port_to_add(shop):
    shop.add()
    shop.add_query("finance/total", TOTAL, "SELECT count(*) AS total FROM sales.orders")
    (finding,) = shop.app.lint()

    assert contract_id("sales/orders") in finding.hint
    shop.add_query(
        "finance/total",
        TOTAL,
        "SELECT count(*) AS total FROM sales.orders",
        inputs=("sales/orders",),
    )
    assert shop.app.lint() == ()


def test_a_circle_is_found_once(shop):
    for there, back in (("one", "two"), ("two", "one")):
        sql = f"SELECT total FROM sales.{back}"
        shop.add_query(f"sales/{there}", TOTAL, sql, inputs=(f"sales/{back}",))

    assert [one.code for one in shop.app.lint()] == ["odps.input_cycle"]


def test_all_steps_of_all_products_are_looked_at(shop):
    for name in ("first", "second"):
        write_product(
            shop.folder,
            f"sales/{name}",
            {name: TOTAL},
            "steps:\n  - {name: a, sql: transforms/a.sql}\n"
            f"  - {{name: b, sql: transforms/b.sql, dataset: {name}}}\n",
            transforms={"a.sql": "SELECT * FROM b", "b.sql": "SELECT * FROM a JOIN c USING (id)"},
        )
    assert found(shop) == ["a.sql:1:15 pipeline.reads", "b.sql:1:22 pipeline.reads"] * 2


def test_a_rule_that_could_not_be_evaluated_is_found_at_the_rule(shop):
    rules = [
        "id: broken, type: sql, mustBe: 0, query: 'SELECT count(* FROM ${object}'",
        "id: elsewhere, type: sql, mustBe: 0, query: 'SELECT count(*) FROM sales.goods'",
        "id: fine, type: sql, mustBe: 0, query: 'SELECT count(*) FROM ${object} WHERE id < 0'",
    ]
    folder = shop.add(table=Table(ORDERS.columns, quality=rules))
    lines = (folder / "orders.odcs.yaml").read_text().splitlines()
    where = {
        name: next(n for n, line in enumerate(lines, 1) if f"id: {name}" in line)
        for name in ("broken", "elsewhere")
    }
    assert [(one.code, one.place.line) for one in shop.app.lint()] == [
        ("odcs.query", where["broken"]),
        ("odcs.query", where["elsewhere"]),
    ]
