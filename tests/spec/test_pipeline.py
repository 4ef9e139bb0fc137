import pytest

from ghala.model.contract import Column, Dataset, OnFail, Rounding
from ghala.model.names import DatasetName
from ghala.model.product import Materialisation, StepKind
from ghala.model.types import parse_type
from ghala.spec import yaml
from ghala.spec.pipeline import Surroundings, read_pipeline

PIPELINE = b"""\
sources:
  export_old:
    type: csv
    zone: erp
    files: ["orders-2023-*.csv"]
    delimiter: ";"
    header: true
    quote: null
    columns:
      order_id: bigint
      amount: {type: "decimal(12,2)", from: Betrag, decimal: ",", grouping: ".", rounding: half_up}
      ordered_on: {type: date, from: Datum, formats: ["%d.%m.%Y", "%Y-%m-%d"]}
  events:
    type: ndjson
    files: events/*.ndjson
    columns: {user_id: {type: bigint, from: user.id}, payload: varchar}
  shipments_files:
    type: csv
    files: raw/*.csv
  returns_files:
    type: csv
    files: returns/*.csv
    columns: {return_id: {from: No}, price: {from: Preis, decimal: ","}}
steps:
  - name: shipments
    source: shipments_files
    dataset: shipments
    materialisation: append
  - {name: returns, source: returns_files, dataset: returns}
  - name: helper
    sql: ./transforms/helper.sql
  - {name: orders, sql: transforms/orders.sql, dataset: orders, on_fail: quarantine}
"""


def dataset(name, **columns):
    made = (
        Column(key, parse_type(text), rounding=Rounding.TRUNCATE if key == "price" else None)
        for key, text in columns.items()
    )
    return Dataset(DatasetName("sales", name), name, tuple(made))


@pytest.fixture
def pipeline(findings):
    datasets = [
        dataset("shipments", a="varchar"),
        dataset("returns", return_id="bigint", price="decimal(9,2)"),
        dataset("orders"),
    ]
    files = {"transforms/helper.sql": b"SELECT 1", "transforms/orders.sql": "SELECT 'ü'".encode()}
    around = Surroundings(
        "domains/sales/orders", {one.name.dataset: one for one in datasets}, files
    )
    found = read_pipeline(yaml.parse(PIPELINE, "pipeline.yaml"), around, findings)
    assert tuple(findings) == ()
    return found


def test_options_are_passed_on_as_plain_values(pipeline):
    source = pipeline.sources[0]
    assert (source.name, source.type) == ("export_old", "csv")
    assert source.options == {
        "zone": "erp",
        "files": ["orders-2023-*.csv"],
        "delimiter": ";",
        "header": True,
    }


def test_options_and_columns_know_where_they_stand(pipeline):
    source = pipeline.sources[0]
    lines = {name: place.line for name, place in source.places.items()}
    assert (source.place.line, lines["type"], lines["delimiter"], lines["columns.amount"]) == (
        2,
        3,
        6,
        11,
    )


def test_columns_say_what_they_are_read_from_and_how(pipeline):
    order_id, amount, ordered_on = pipeline.sources[0].columns
    assert (order_id.origin, str(order_id.type)) == ("order_id", "BIGINT")
    assert (amount.origin, amount.decimal, amount.grouping, amount.rounding) == (
        "Betrag", ",", ".", Rounding.HALF_UP,
    )  # fmt: skip
    assert ordered_on.formats == ("%d.%m.%Y", "%Y-%m-%d")
    assert pipeline.sources[1].columns[0].origin == "user.id"


def test_a_source_that_lands_in_a_dataset_may_leave_columns_or_types_to_the_contract(pipeline):
    shipments, returns = pipeline.sources[2:]
    assert shipments.columns == ()
    assert [str(column.type) for column in returns.columns] == ["BIGINT", "DECIMAL(9, 2)"]
    assert [column.rounding for column in returns.columns] == [None, Rounding.TRUNCATE]


def test_steps_keep_their_order(pipeline):
    assert [(step.name, step.kind, step.source) for step in pipeline.steps] == [
        ("shipments", StepKind.INGEST, "shipments_files"),
        ("returns", StepKind.INGEST, "returns_files"),
        ("helper", StepKind.SQL, None),
        ("orders", StepKind.SQL, None),
    ]


def test_steps_say_what_becomes_of_their_rows(pipeline):
    shipments, _, helper, orders = pipeline.steps
    assert (str(shipments.dataset), shipments.materialisation) == (
        "sales.shipments",
        Materialisation.APPEND,
    )
    assert (helper.dataset, helper.materialisation, helper.on_fail) == (
        None,
        Materialisation.REPLACE,
        None,
    )
    assert (str(orders.dataset), orders.on_fail) == ("sales.orders", OnFail.QUARANTINE)


def test_sql_is_read_with_its_path(pipeline):
    assert [(step.sql_path, step.sql) for step in pipeline.steps[2:]] == [
        ("transforms/helper.sql", "SELECT 1"),
        ("transforms/orders.sql", "SELECT 'ü'"),
    ]
