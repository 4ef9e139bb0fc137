"""What a product's steps may read, what they need first, and which sources are read by their new files only."""

import pytest

import ghala
from ghala.errors import DefinitionError, NotFoundError, Place, StepError
from ghala.model.contract import Contract, Dataset
from ghala.model.names import DatasetName, ProductName
from ghala.model.product import (
    Definition,
    Materialisation,
    Pipeline,
    Product,
    Source,
    Step,
    StepKind,
    Workspace,
)
from ghala.model.run import RunState
from ghala.pipelines.graph import order, plan
from ghala.testing.shop import ORDERS
from ghala.testing.workspace import Table, contract_id, write_product


def names(sql):
    """Read a statement as the names it lists, one a line: graphs need no more of it."""
    return {name: Place("statement", line, 1) for line, name in enumerate(sql.split(), start=1)}


def step(name, *, sql="", source=None, dataset=None, materialisation="replace"):
    return Step(
        name=name,
        kind=StepKind.SQL if source is None else StepKind.INGEST,
        source=source,
        sql=sql,
        dataset=None if dataset is None else DatasetName("sales", dataset),
        materialisation=Materialisation(materialisation),
        place=Place("pipeline.yaml", 7),
    )


def product(name, *steps, sources=(), inputs=(), datasets=None, has_pipeline=True):
    parsed = ProductName.parse(name)
    promised = datasets or [parsed.product]
    return Product(
        name=parsed,
        id=f"{name}#product",
        title=name,
        version="1.0.0",
        status="active",
        owner="team",
        contracts=(
            Contract(
                f"contract of {name}",
                name,
                "1.0.0",
                "active",
                tuple(Dataset(DatasetName(parsed.domain, one), one, ()) for one in promised),
            ),
        ),
        pipeline=Pipeline(tuple(Source(one, "csv", {}) for one in sources), steps)
        if has_pipeline
        else None,
        inputs=tuple(f"contract of {one}" for one in inputs),
        definition=Definition("0" * 64, {}),
        folder=None,
    )


def workspace(*products):
    return Workspace("test", None, (), products, {})


def planned(*products):
    return plan(workspace(*products), products[-1], names)


CUSTOMERS = product("sales/customers", step("land", source="rows"), sources=["rows"])


def test_a_declared_input_is_read():
    orders = product(
        "sales/orders", step("make", sql="sales.customers"), inputs=["sales/customers"]
    )

    assert planned(CUSTOMERS, orders).inputs == {"make": (DatasetName("sales", "customers"),)}


def test_an_undeclared_input_is_refused_with_the_contract_to_declare():
    orders = product("sales/orders", step("make", sql="sales.customers"))

    with pytest.raises(StepError, match=r"no input port of sales/orders declares") as caught:
        planned(CUSTOMERS, orders)
    assert "contractId: contract of sales/customers" in caught.value.hint
    assert caught.value.place == Place("pipeline.yaml", 7)


def test_its_own_release_needs_no_input_port():
    orders = product("sales/orders", step("make", sql="sales.orders"))

    assert planned(orders).datasets == {DatasetName("sales", "orders")}


def test_a_dataset_that_nobody_delivers_is_refused():
    with pytest.raises(StepError, match=r"reads sales\.nothing, which no product"):
        planned(product("sales/orders", step("make", sql="sales.nothing")))


def test_an_unknown_name_is_refused_with_what_may_be_read():
    orders = product(
        "sales/orders",
        step("first", sql="rows"),
        step("second", sql="third"),
        sources=["rows"],
    )

    with pytest.raises(StepError, match=r"reads `third`, which is no source") as caught:
        planned(orders)
    assert caught.value.hint == "it may read `first`, `rows`"


def test_a_released_dataset_without_its_domain_is_refused_with_its_full_name():
    orders = product("sales/orders", step("make", sql="customers"), inputs=["sales/customers"])

    with pytest.raises(StepError) as caught:
        planned(CUSTOMERS, orders)
    assert "`sales.customers`" in caught.value.hint


def test_a_step_cannot_read_a_later_step_or_itself():
    late = product("sales/orders", step("first", sql="second"), step("second", sql="first"))
    itself = product("sales/orders", step("first", sql="first"))

    with pytest.raises(StepError, match="reads `second`"):
        planned(late)
    with pytest.raises(StepError, match="reads `first`"):
        planned(itself)


def test_a_product_without_a_pipeline_reads_nothing():
    assert planned(product("sales/orders", has_pipeline=False)).datasets == frozenset()


def test_products_run_after_what_they_read():
    monthly = product("finance/monthly", step("make", sql="sales.orders"), inputs=["sales/orders"])
    orders = product(
        "sales/orders", step("make", sql="sales.customers"), inputs=["sales/customers"]
    )
    found = order(workspace(monthly, orders, CUSTOMERS), names)

    assert [one.product.name.product for one in found] == ["customers", "orders", "monthly"]
    assert [one.faults for one in found] == [(), (), ()]


def test_products_without_a_pipeline_are_not_run():
    assert order(workspace(product("sales/orders", has_pipeline=False)), names) == ()


def test_reading_its_own_release_is_no_circle():
    orders = product("sales/orders", step("make", sql="sales.orders"))

    assert [one.product for one in order(workspace(orders), names)] == [orders]


def test_a_circle_is_a_fault_of_the_products_on_it_and_of_no_other():
    there = product("sales/there", step("make", sql="sales.back"), inputs=["sales/back"])
    back = product("sales/back", step("make", sql="sales.there"), inputs=["sales/there"])
    behind = product("sales/behind", step("make", sql="sales.back"), inputs=["sales/back"])
    found = {
        str(one.product.name): one
        for one in order(workspace(behind, there, back, CUSTOMERS), names)
    }

    assert list(found).index("sales/behind") > list(found).index("sales/back")
    for name in ("sales/there", "sales/back"):
        (fault,) = found[name].faults
        assert isinstance(fault, DefinitionError)
        assert "circle: sales/" in str(fault)
    assert found["sales/behind"].faults == found["sales/customers"].faults == ()


def test_two_circles_are_told_apart():
    pairs = [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")]
    products = [
        product(f"sales/{one}", step("make", sql=f"sales.{other}"), inputs=[f"sales/{other}"])
        for one, other in pairs
    ]
    faults = {one.product.name.product: one.faults for one in order(workspace(*products), names)}

    assert [len(faults[name]) for name in "abcd"] == [1, 1, 1, 1]
    assert faults["a"] == faults["b"] != faults["c"] == faults["d"]


def test_all_faults_of_a_product_are_found_and_others_keep_their_order():
    wrong = product(
        "sales/orders",
        step("first", sql="sales.customers\nnothing"),
        step("second", sql="sales.nothing"),
    )
    found = order(workspace(wrong, CUSTOMERS), names)

    assert [one.product.name.product for one in found if not one.faults] == ["customers"]
    (faults,) = [one.faults for one in found if one.faults]
    assert [str(fault).split(": ")[1].split(",")[0] for fault in faults] == [
        "step `first` reads `nothing`",
        "step `first` reads sales.customers",
        "step `second` reads sales.nothing",
    ]


def incremental(*steps):
    return planned(product("sales/orders", *steps, sources=["rows", "other"])).incremental


def test_a_source_that_is_appended_is_read_by_its_new_files_only():
    land = step("land", source="rows", dataset="orders", materialisation="append")

    assert incremental(land) == {"rows"}


def test_a_source_that_is_appended_all_the_way_is_read_by_its_new_files_only():
    assert incremental(
        step("clean", sql="rows"),
        step("joined", sql="clean other"),
        step("make", sql="joined", dataset="orders", materialisation="append"),
    ) == {"rows", "other"}


def test_one_replacing_reader_makes_a_source_be_read_whole():
    assert (
        incremental(
            step("land", source="rows", dataset="orders", materialisation="append"),
            step("count", sql="rows other", dataset="counts"),
        )
        == frozenset()
    )


def test_a_replacing_reader_of_an_earlier_step_makes_its_sources_be_read_whole():
    assert incremental(
        step("clean", sql="rows"),
        step("add", sql="clean", dataset="orders", materialisation="append"),
        step("more", sql="other", dataset="more", materialisation="append"),
        step("count", sql="clean", dataset="counts"),
    ) == {"other"}


def test_a_source_that_nobody_reads_is_not_read_at_all():
    assert incremental(step("make", sql="other", dataset="orders")) == frozenset()


def test_a_product_that_reads_undeclared_data_fails_and_the_others_run(shop):
    shop.put("customers.csv", "id,amount\n1,1.00\n")
    shop.add("sales/customers", files="customers.csv")
    shop.add_query("sales/orders", Table({"id": "bigint"}), "SELECT id\nFROM sales.customers")
    outcomes = {str(outcome.run.product): outcome for outcome in shop.app.run()}

    assert outcomes["sales/customers"].release.number == 1
    failed = outcomes["sales/orders"]
    assert (failed.run.state, failed.release) == (RunState.FAILED, None)
    assert isinstance(failed.error, StepError)
    assert contract_id("sales/customers") in failed.error.hint
    assert str(failed.error.place) == "domains/sales/orders/transforms/make.sql:2:12"
    assert {str(one.name): one.last_run for one in shop.app.products()} == {
        "sales/customers": RunState.PUBLISHED,
        "sales/orders": RunState.FAILED,
    }
    assert shop.publish("sales/customers", environment="dev") == 1


def test_a_product_whose_input_failed_runs_upon_its_last_good_release(shop):
    shop.put("orders.csv", "id,amount\n1,1.00\n")
    shop.add(files="orders.csv", materialisation="replace")
    query = "SELECT sum(amount) AS total FROM sales.orders"
    table = Table({"total": "decimal(38,2)"})
    shop.add_query("finance/total", table, query, inputs=("sales/orders",))
    shop.app.run()
    shop.add_query("sales/orders", ORDERS, "SELECT id, amount FROM nothing")
    outcomes = {str(outcome.run.product): outcome for outcome in shop.app.run()}

    assert outcomes["sales/orders"].run.state is RunState.FAILED
    assert outcomes["finance/total"].release.number == 2
    assert shop.stored("finance.total") == [(1,)]


def test_a_product_without_a_pipeline_cannot_be_run(shop):
    folder = shop.add()
    (folder / "pipeline.yaml").unlink()

    with pytest.raises(NotFoundError, match=r"has no pipeline\.yaml"):
        shop.app.run(["sales/orders"])
    assert shop.app.run() == ()


def test_a_source_and_a_step_of_one_name_are_refused(shop):
    write_product(
        shop.folder,
        "sales/orders",
        {"orders": Table({"id": "bigint"})},
        "sources:\n  rows: {type: csv, zone: in, files: '*.csv', columns: {id: bigint}}\n"
        "steps:\n  - {name: rows, sql: transforms/a.sql, dataset: orders}\n",
        transforms={"a.sql": "SELECT id FROM rows"},
    )
    with ghala.open(shop.folder) as app:
        assert isinstance(app.run()[0].error, DefinitionError)
