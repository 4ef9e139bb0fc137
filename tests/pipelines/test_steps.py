"""What a step reads and writes: sources, earlier steps and pinned inputs in, staged rows and a balance out."""

from decimal import Decimal

import pytest

from ghala.errors import QueryError, QueryRefusedError, StepError
from ghala.testing.shop import ORDERS, Shop
from ghala.testing.workspace import Table, write_product


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """One workspace for all: each test writes the product `sales/made` anew."""
    shop = Shop.open(tmp_path_factory.mktemp("steps") / "shop")
    shop.add()
    shop.put("orders.csv", "id,amount\n1,1.50\n2,2.50\n3,6.00\n")
    shop.add("sales/orders", files="orders.csv")
    shop.publish("sales/orders")
    yield shop
    shop.app.close()


def make(shop, table, *steps, sources="", **sql):
    lines = [f"  - {{{step}}}\n" for step in steps]
    write_product(
        shop.folder,
        "sales/made",
        {"made": table} if isinstance(table, Table) else table,
        f"{sources}steps:\n{''.join(lines)}",
        transforms={f"{name}.sql": text + "\n" for name, text in sql.items()},
        inputs=["sales/orders"],
    )
    return shop.run("sales/made")


def made(shop, table, sql):
    return make(shop, table, "name: make, sql: transforms/make.sql, dataset: made", make=sql)


def test_a_step_reads_an_earlier_one_that_made_a_dataset(shop):
    outcome = make(
        shop,
        {"made": Table({"id": "bigint"}), "counted": Table({"lines": "bigint"})},
        "name: make, sql: transforms/make.sql, dataset: made",
        "name: count, sql: transforms/count.sql, dataset: counted",
        make="SELECT id FROM sales.orders WHERE id > 1",
        count="SELECT count(*) AS lines FROM make",
    )
    assert outcome.error is None
    assert shop.stored("sales.made") == [(2,), (3,)]
    assert shop.stored("sales.counted") == [(2,)]
    assert [(s.step, s.rows_in, s.rows_out) for s in outcome.run.steps] == [
        ("make", 3, 2),
        ("count", 2, 1),
    ]


def test_a_step_without_a_dataset_makes_a_table_for_later_steps_only(shop):
    outcome = make(
        shop,
        Table({"total": "decimal(38,2)"}),
        "name: big, sql: transforms/big.sql",
        "name: make, sql: transforms/make.sql, dataset: made",
        big="SELECT amount, NULL AS nothing FROM sales.orders WHERE amount > 2",
        make="SELECT sum(amount) AS total FROM big WHERE nothing IS NULL",
    )
    assert outcome.error is None
    assert shop.stored("sales.made") == [(Decimal("8.50"),)]
    assert [str(d.name) for d in outcome.release.datasets] == ["sales.made"]


def test_an_intermediate_table_may_be_empty(shop):
    outcome = make(
        shop,
        Table({"lines": "bigint"}),
        "name: none, sql: transforms/none.sql",
        "name: make, sql: transforms/make.sql, dataset: made",
        none="SELECT * FROM sales.orders WHERE id > 100",
        make="SELECT count(amount) AS lines FROM none",
    )
    assert outcome.error is None
    assert shop.stored("sales.made") == [(0,)]


def test_an_empty_result_is_released_as_no_rows(shop):
    outcome = made(shop, Table({"id": "bigint"}), "SELECT id FROM sales.orders WHERE id < 0")

    assert outcome.error is None
    assert outcome.release.datasets[0].row_count == 0
    assert shop.stored("sales.made") == []


def test_a_source_that_one_step_lands_can_be_read_by_another(shop):
    """It is landed twice, and each landing keeps its rejects in a file of its own."""
    shop.put("both.txt", "id,amount\n1,2.50\nx,1.00\n2,3.50\n")
    outcome = make(
        shop,
        {"made": ORDERS, "counted": Table({"lines": "bigint"})},
        "name: land, source: pairs, dataset: made, materialisation: replace",
        "name: count, sql: transforms/count.sql, dataset: counted",
        sources="sources:\n  pairs: {type: csv, zone: in, files: both.txt,"
        " columns: {id: bigint, amount: 'decimal(12,2)'}}\n",
        count="SELECT count(*) AS lines FROM pairs",
    )
    assert outcome.error is None
    assert shop.stored("sales.counted") == [(2,)]
    batches = shop.app.quarantine("sales/made", outcome.run.id)
    assert len({batch.path for batch in batches}) == len(batches) == 2
    for batch in batches:
        assert shop.app.quarantined_rows(batch)["record"].to_pylist() == [2]


def test_a_source_that_two_steps_read_is_landed_once(shop):
    shop.put("both.txt", "id,amount\n1,2.50\nx,1.00\n2,3.50\n")
    outcome = make(
        shop,
        {"made": Table({"id": "bigint"}), "counted": Table({"lines": "bigint"})},
        "name: make, sql: transforms/make.sql, dataset: made",
        "name: count, sql: transforms/count.sql, dataset: counted",
        sources="sources:\n  pairs: {type: csv, zone: in, files: both.txt, columns: {id: bigint}}\n",
        make="SELECT id FROM pairs",
        count="SELECT count(*) AS lines FROM pairs",
    )
    assert outcome.error is None
    assert [step.step for step in outcome.run.steps] == ["pairs", "make", "count"]
    assert outcome.run.steps[0].quarantined == 1


def test_only_the_columns_of_the_contract_are_taken(shop):
    outcome = made(shop, Table({"id": "bigint"}), "SELECT id, amount FROM sales.orders")

    assert isinstance(outcome.error, StepError)
    assert "gives `amount` beyond its contract" in str(outcome.error)
    assert "transforms/make.sql" in str(outcome.error.place)


@pytest.mark.parametrize(
    "sql",
    ["SELECT id, amount AS id FROM sales.orders", "SELECT id, amount AS ID FROM sales.orders"],
)
def test_two_columns_of_one_name_are_refused_by_their_name(shop, sql):
    outcome = made(shop, Table({"id": "bigint"}), sql)

    assert isinstance(outcome.error, StepError)
    assert "two columns `id`" in str(outcome.error).lower()
    assert "transforms/make.sql" in str(outcome.error.place)


def test_two_columns_of_one_name_are_refused_in_an_intermediate_table_too(shop):
    outcome = make(
        shop,
        Table({"id": "bigint"}),
        "name: twins, sql: transforms/twins.sql",
        "name: make, sql: transforms/make.sql, dataset: made",
        twins="SELECT * FROM sales.orders a JOIN sales.orders b ON a.id = b.id",
        make="SELECT id FROM twins",
    )
    assert isinstance(outcome.error, StepError)
    assert "two columns `id`" in str(outcome.error)


def test_a_lossy_value_is_refused_by_its_column_and_never_shown(shop):
    sql = "SELECT id, CAST(amount AS DOUBLE) * 1.2345678 AS amount FROM sales.orders"
    outcome = made(shop, ORDERS, sql)

    assert isinstance(outcome.error, StepError)
    assert "`amount` does not fit DECIMAL(12, 2) without loss" in str(outcome.error)
    assert "ghala.rounding" in outcome.error.hint
    assert "1.85" not in f"{outcome.error} {outcome.error.hint}"
    assert "transforms/make.sql" in str(outcome.error.place)


def test_a_contract_that_names_its_rounding_takes_the_value(shop):
    rounding = "customProperties: [{property: ghala.rounding, value: half_up}]"
    outcome = made(
        shop,
        Table({"id": "bigint", "amount": f"decimal(12,2), {rounding}"}),
        "SELECT id, CAST(amount AS DOUBLE) * 1.2345678 AS amount FROM sales.orders",
    )
    assert outcome.error is None
    assert shop.stored("sales.made")[0] == (1, Decimal("1.85"))


def test_a_column_of_nulls_fits_any_type(shop):
    outcome = made(shop, ORDERS, "SELECT id, NULL AS amount FROM sales.orders")

    assert outcome.error is None
    assert shop.stored("sales.made")[0] == (1, None)


@pytest.mark.parametrize(
    "value", ["INTERVAL 1 DAY", "MAP {'a': 1}", "CAST('1' AS JSON)", "'11'::BIT", "NOW()::TIMETZ"]
)
def test_types_that_cannot_be_stored_are_refused_or_taken_as_text(shop, value):
    """Whatever the engine knows, a step ends in a release or in one of our errors."""
    outcome = make(
        shop,
        Table({"a": "varchar"}),
        "name: middle, sql: transforms/middle.sql",
        "name: make, sql: transforms/make.sql, dataset: made",
        middle=f"SELECT {value} AS a",
        make="SELECT a FROM middle",
    )
    assert outcome.error is None or isinstance(outcome.error, (StepError, QueryRefusedError))


@pytest.mark.parametrize("rows", [10, 300_000], ids=["first batch", "later batch"])
def test_a_value_that_fails_in_the_statement_says_what_failed(shop, rows):
    """Also when the failure comes while rows are already being written."""
    last = f"abc{rows}"
    sql = (
        f"SELECT CAST(CASE WHEN i = {rows - 1} THEN '{last}' ELSE CAST(i AS VARCHAR) END AS BIGINT)"
        f" AS id FROM range({rows}) numbers(i)"
    )
    outcome = made(shop, Table({"id": "bigint"}), sql)

    assert isinstance(outcome.error, QueryError)
    assert "could not be converted" in str(outcome.error)
    assert last not in str(outcome.error)


@pytest.mark.parametrize(
    ("sql", "message", "line"),
    [
        ("SELECT id\nFROM sales.orders\nWHERE read_text('*') IS NULL", "`read_text`", 3),
        ("SELECT id\nFROM sales.orders AT (VERSION => 1)", "pinned", 2),
        ("SELECT id\nFROM people.staff", "which no product", 2),
        ("SELECT id\nFROM", "syntax error", 2),
    ],
)
def test_a_statement_that_may_not_run_fails_its_product_and_points_into_its_file(
    shop, sql, message, line
):
    outcome = made(shop, Table({"id": "bigint"}), sql)

    assert isinstance(outcome.error, StepError)
    assert message in outcome.error.message
    assert outcome.error.place.file == "domains/sales/made/transforms/make.sql"
    assert outcome.error.place.line == line


def test_a_column_that_is_not_there_is_named_in_the_statements_own_lines(shop):
    outcome = made(shop, Table({"id": "bigint"}), "SELECT\n  idd AS id\nFROM sales.orders")

    assert isinstance(outcome.error, QueryRefusedError)
    assert str(outcome.error.place) == "domains/sales/made/transforms/make.sql:2:3"
