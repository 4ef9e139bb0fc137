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
from ghala.pipelines.graph import order, plan
from ghala.testing.workspace import Table, contract_id, write_product


def names(sql):
    """Read a statement as the names it lists: graphs need no more of it."""
    return frozenset(sql.split())


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

    assert [one.name.product for one in found] == ["customers", "orders", "monthly"]


def test_products_without_a_pipeline_are_not_run():
    assert order(workspace(product("sales/orders", has_pipeline=False)), names) == ()


def test_reading_its_own_release_is_no_circle():
    orders = product("sales/orders", step("make", sql="sales.orders"))

    assert order(workspace(orders), names) == (orders,)


def test_a_circle_is_refused_with_the_products_on_it():
    there = product("sales/there", step("make", sql="sales.back"), inputs=["sales/back"])
    back = product("sales/back", step("make", sql="sales.there"), inputs=["sales/there"])

    with pytest.raises(DefinitionError, match="circle") as caught:
        order(workspace(there, back), names)
    assert "sales/there" in str(caught.value)
    assert "sales/back" in str(caught.value)


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


def test_a_workspace_whose_product_reads_undeclared_data_says_so_when_it_runs(shop):
    shop.add("sales/customers", files="customers.csv")
    shop.add_query("sales/orders", Table({"id": "bigint"}), "SELECT id FROM sales.customers")

    with pytest.raises(StepError) as caught:
        shop.app.run()
    assert contract_id("sales/customers") in caught.value.hint
    assert caught.value.place.file.endswith(("pipeline.yaml", "make.sql"))


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
    with pytest.raises(DefinitionError), ghala.open(shop.folder) as app:
        app.run()
