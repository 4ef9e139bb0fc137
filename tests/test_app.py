"""The program as a Python user meets it: one workspace opened, its verbs, and what they say when a name is wrong."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

import ghala
from ghala.errors import DefinitionError, LimitError, NotFoundError, UsageError
from ghala.model.run import RunState
from ghala.testing.shop import ORDERS, SETTINGS, Shop
from ghala.testing.workspace import Table

HEADER = "id,amount\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Two products and a refused one, three releases in prod and one in dev; tests only read it."""
    shop = Shop.open(tmp_path_factory.mktemp("app") / "shop")
    shop.add(files="a*.csv", on_fail="quarantine")
    rule = "type: library, metric: rowCount, mustBeGreaterThan: 9"
    shop.add("sales/refused", Table(ORDERS.columns, quality=[rule]), files="a1.csv")
    shop.add_query(
        "finance/total",
        Table({"total": "decimal(38,2)"}),
        "SELECT sum(amount) AS total FROM sales.orders",
        inputs=("sales/orders",),
    )
    shop.put("a1.csv", HEADER + "1,1.00\n")
    shop.app.run()
    shop.put("a2.csv", HEADER + "2,2.50\nx,3.00\n3,3.00\n3,3.00\n")
    shop.publish()
    shop.publish("finance/total", environment="dev")
    yield shop
    shop.app.close()


@pytest.fixture
def app(shop):
    return shop.app


@pytest.fixture
def empty(tmp_path):
    shop = Shop.open(tmp_path / "shop")
    yield shop
    shop.app.close()


def test_a_folder_without_a_workspace_says_how_to_make_one(tmp_path):
    with pytest.raises(NotFoundError, match="no workspace in") as caught:
        ghala.open(tmp_path)
    assert "ghala init" in caught.value.hint
    with pytest.raises(NotFoundError):
        ghala.open(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_ghala_yaml_is_told_with_its_place(tmp_path):
    (tmp_path / "ghala.yaml").write_text("name: acme\nzonez: {}\n")
    with pytest.raises(DefinitionError, match=r"ghala\.yaml:2"):
        ghala.open(tmp_path)


def test_opening_writes_nothing(tmp_path):
    (tmp_path / "ghala.yaml").write_text("name: acme\n")
    with ghala.open(tmp_path) as app:
        assert app.lint() == ()
        assert app.workspace().products == ()
    assert [path.name for path in tmp_path.iterdir()] == ["ghala.yaml"]


def test_products_are_listed_before_any_run(empty):
    empty.add()
    (status,) = empty.app.products()

    assert (str(status.name), status.owner, status.version) == (
        "sales/orders",
        "sales-team",
        "1.0.0",
    )
    assert (status.release, status.released_at, status.last_run) == (None, None, None)
    assert [str(name) for name in status.datasets] == ["sales.orders"]
    assert empty.app.releases() == ()
    assert empty.app.quarantine() == ()
    assert empty.app.verify().files == 0
    assert empty.app.show("sales/orders")["last_run"] is None
    assert empty.app.catalog().list_namespaces() == []
    assert empty.app.sql("SHOW TABLES").rows() == []


def test_products_are_listed_with_their_release_and_last_run(app):
    listed = {str(status.name): status for status in app.products()}

    assert {name: (one.release, one.last_run) for name, one in listed.items()} == {
        "finance/total": (1, RunState.PUBLISHED),
        "sales/orders": (2, RunState.PUBLISHED),
        "sales/refused": (None, RunState.REFUSED),
    }
    assert listed["sales/orders"].released_at.tzinfo is not None


def test_a_run_that_names_no_product_runs_all_in_order(shop):
    with ghala.open(shop.folder) as app:
        outcomes = app.run()
    names = [str(outcome.run.product) for outcome in outcomes]

    assert set(names) == {"sales/orders", "sales/refused", "finance/total"}
    assert names.index("sales/orders") < names.index("finance/total")
    states = {str(outcome.run.product): outcome.run.state for outcome in outcomes}
    assert states["sales/orders"] is RunState.UNCHANGED
    assert states["sales/refused"] is RunState.REFUSED


@pytest.mark.parametrize("environment", ["", "Prod", "../elsewhere", "dev 1"])
def test_an_environment_has_a_name_like_everything_else(app, environment):
    with pytest.raises(UsageError, match="cannot be an environment's name"):
        app.run(environment=environment)


def test_an_environment_in_which_nothing_ran_is_not_answered_from_prod(app):
    verbs = [
        app.products,
        app.catalog,
        lambda environment: app.show("sales/orders", environment),
        lambda environment: app.show("sales.orders", environment),
        lambda environment: app.releases(environment=environment),
        lambda environment: app.quarantine(environment=environment),
        lambda environment: app.sql("FROM sales.orders", environment=environment).rows(),
        lambda environment: app.sql("SHOW TABLES", environment=environment).rows(),
    ]
    for verb in verbs:
        with pytest.raises(NotFoundError, match="there is no environment `prdo`") as caught:
            verb("prdo")
        assert caught.value.hint == "did you mean `prod`?"
        verb("dev")


def test_a_run_makes_an_environment(empty):
    empty.add()
    empty.put("a.csv", HEADER + "1,1.00\n")
    with pytest.raises(NotFoundError):
        empty.app.releases(environment="trial")
    empty.publish(environment="trial")
    assert [one.number for one in empty.app.releases(environment="trial")] == [1]
    assert empty.app.releases() == ()


@pytest.mark.parametrize("name", ["sales/ordres", "sales/order"])
def test_a_mistyped_product_is_met_with_the_nearest_one(app, name):
    for verb in (app.show, app.releases, app.verify, app.quarantine, lambda one: app.run([one])):
        with pytest.raises(NotFoundError, match="there is no product") as caught:
            verb(name)
        assert caught.value.hint == "did you mean `sales/orders`?"


def test_a_mistyped_dataset_is_met_with_the_nearest_one(app):
    for verb in (app.show, app.releases, app.verify):
        with pytest.raises(NotFoundError, match="there is no dataset") as caught:
            verb("sales.ordres")
        assert caught.value.hint == "did you mean `sales.orders`?"
    with pytest.raises(NotFoundError) as caught:
        app.sql("FROM sales.ordres").rows()
    assert "sales.orders" in caught.value.hint


@pytest.mark.parametrize("name", ["orders", "", "a.b.c", "sales/orders/more", "Sales Orders"])
def test_what_is_no_name_is_told_what_a_name_is(app, name):
    for verb in (app.show, app.releases, app.verify):
        with pytest.raises(NotFoundError, match="write `domain"):
            verb(name)


def test_a_product_is_shown_with_what_is_promised_and_what_is_released(app):
    facts = app.show("sales/orders")

    assert facts["kind"] == "product"
    assert facts["datasets"][0] | {"bytes": 0} == {
        "name": "sales.orders",
        "contract": "orders 1.0.0",
        "release": 2,
        "rows": 2,
        "bytes": 0,
    }
    assert facts["last_run"]["state"] in {"published", "unchanged"}
    assert facts["steps"][0] == {
        "name": "land",
        "kind": "ingest",
        "dataset": "sales.orders",
        "materialisation": "append",
    }
    assert json.loads(json.dumps(facts)) == facts


def test_a_refused_product_is_shown_with_the_rules_that_its_rows_broke(app):
    last_run = app.show("sales/refused")["last_run"]

    assert last_run["state"] == "refused"
    (report,) = last_run["reports"]
    assert (report["dataset"], report["rows_staged"]) == ("sales.refused", 1)
    assert [(one["kind"], one["measured"]) for one in report["findings"] if not one["passed"]] == [
        ("row_count", 1)
    ]
    assert json.loads(json.dumps(last_run)) == last_run


def test_a_dataset_is_shown_with_columns_and_rules(app):
    facts = app.show("Sales.Orders")

    assert (facts["product"], facts["release"]) == ("sales/orders", 2)
    assert [(column["name"], column["key"]) for column in facts["columns"]] == [
        ("id", True),
        ("amount", False),
    ]
    assert {rule["kind"] for rule in facts["rules"]} == {"primary_key", "required"}
    assert json.loads(json.dumps(facts)) == facts


def test_what_dev_released_is_shown_in_dev(app):
    assert app.show("finance.total", environment="dev")["release"] == 1
    assert [str(r.product) for r in app.releases(environment="dev")] == ["finance/total"]
    assert {str(s.name): s.release for s in app.products("dev")} == {
        "finance/total": 1,
        "sales/orders": None,
        "sales/refused": None,
    }


def test_releases_are_listed_newest_first(app):
    releases = app.releases("sales/orders")

    assert [(one.number, one.is_current) for one in releases] == [(2, True), (1, False)]
    assert app.releases("sales.orders") == releases
    assert set(releases) < set(app.releases())
    assert app.releases("sales/refused") == ()


def test_quarantined_rows_are_kept_with_their_reasons(app):
    batches = app.quarantine("sales/orders")

    assert {(batch.kind, batch.rows) for batch in batches} == {("source", 1), ("check", 2)}
    assert {batch.run_id for batch in batches} == {app.releases("sales/orders")[0].run_id}
    for batch in batches:
        table = app.quarantined_rows(batch)
        assert isinstance(table, pa.Table)
        assert table.num_rows == batch.rows
    assert app.quarantine("sales.orders") == batches
    assert app.quarantine(run_id="nothing") == ()


def test_quarantined_rows_that_are_gone_are_told_so(app, shop):
    batch = app.quarantine("sales/orders")[0]
    path = shop.folder / ".ghala" / "quarantine" / batch.path
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(NotFoundError, match="no longer kept"):
            app.quarantined_rows(batch)
    finally:
        path.write_bytes(kept)


def test_a_workspace_is_healthy(app):
    assert [diagnosis for diagnosis in app.doctor() if not diagnosis.is_fine] == []


def test_a_release_can_be_read_by_its_number(app):
    sql = "SELECT count(*) FROM sales.orders AT (VERSION => {})"

    assert [app.sql(sql.format(number)).rows()[0][0] for number in (1, 2)] == [1, 2]
    for number in (0, 3, 2**63, 10**30):
        with pytest.raises(NotFoundError, match=r"sales\.orders in release"):
            app.sql(sql.format(number)).rows()


def test_a_release_can_be_read_by_the_time_when_it_was_current(app):
    (second, first) = app.releases("sales/orders")

    def at(moment):
        text = f"SELECT count(*) FROM sales.orders AT (TIMESTAMP => '{moment.isoformat()}')"
        return app.sql(text).rows()[0][0]

    assert at(first.created_at) == 1
    assert at(second.created_at - timedelta(microseconds=1)) == 1
    assert at(second.created_at) == 2
    assert at(datetime.now(UTC) + timedelta(days=1)) == 2
    with pytest.raises(NotFoundError):
        at(first.created_at - timedelta(microseconds=1))


def test_two_releases_can_be_compared_in_one_statement(app):
    sql = "FROM sales.orders EXCEPT FROM sales.orders AT (VERSION => 1)"

    assert [row[0] for row in app.sql(sql).rows()] == [2]


def test_every_limit_can_be_set_for_one_question(app):
    with pytest.raises(LimitError):
        app.sql("SELECT * FROM range(1000)", row_limit=10).rows()
    with pytest.raises(LimitError):
        app.sql("SELECT count(*) FROM range(1000000000000)", timeout_s=0.2).rows()


def test_the_catalog_has_the_current_releases(app):
    catalog = app.catalog()

    assert catalog.list_namespaces() == [("finance",), ("sales",)]
    assert catalog.list_tables("sales") == [("sales", "orders")]
    assert catalog.load_table("sales.orders").scan().to_arrow().num_rows == 2
    assert catalog.table_exists("sales.refused") is False


def test_a_sweep_needs_no_run_and_breaks_nothing(shop):
    with ghala.open(shop.folder) as app:
        app.sweep(0)
        assert app.sweep(0) == 0
        assert app.verify().faults == ()


def test_a_moved_workspace_verifies_reads_and_publishes(empty, tmp_path):
    empty.add(on_fail="quarantine")
    empty.put("a.csv", HEADER + "1,1.00\nx,1.00\n2,2.00\n2,2.00\n")
    empty.publish()
    empty.app.close()
    target = tmp_path / "elsewhere" / "acme's shop"
    target.parent.mkdir()
    shutil.move(empty.folder, target)
    empty.folder = target
    with ghala.open(target) as app:
        empty.app = app
        assert app.verify().faults == ()
        assert app.sql("SELECT id FROM sales.orders").rows() == [(1,)]
        assert app.catalog().load_table("sales.orders").scan().to_arrow().num_rows == 1
        assert sorted(app.quarantined_rows(b).num_rows for b in app.quarantine()) == [1, 2]
        app.sweep(0)
        empty.put("b.csv", HEADER + "3,3.00\n")
        assert empty.publish() == 2
        assert [row[0] for row in empty.stored()] == [1, 3]
        assert app.verify().faults == ()


def test_storage_can_lie_elsewhere(tmp_path):
    shop = Shop.open(tmp_path / "shop", SETTINGS + "storage: ../kept\n")
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    try:
        shop.publish()
        assert (tmp_path / "kept" / "registry.db").is_file()
        assert sorted(path.name for path in shop.folder.iterdir()) == [
            "domains",
            "ghala.yaml",
            "landing",
        ]
    finally:
        shop.app.close()


def test_a_registry_of_a_newer_version_is_refused(empty):
    empty.add()
    empty.app.products()
    with empty.app._registry.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UsageError, match="revision 9999"):
        empty.reopen().products()


def test_a_closed_workspace_can_be_opened_again(empty):
    empty.add()
    empty.put("a.csv", HEADER + "1,1.00\n")
    empty.publish()
    empty.app.close()
    empty.app.close()
    assert empty.reopen().products()[0].release == 1
