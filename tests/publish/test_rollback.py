"""A rollback: a new release with the old content, whole or not at all, after which no file is taken twice or lost."""

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import func, select

import ghala
from ghala.errors import (
    BusyError,
    ContractBrokenError,
    NotFoundError,
    UsageError,
)
from ghala.model.audit import AuditTag
from ghala.model.names import ProductName
from ghala.model.notification import NotificationKind
from ghala.model.run import RunState
from ghala.registry import claims, lineage, outbox, runs, tables
from ghala.registry.registry import read_epoch
from ghala.testing.shop import ORDERS, PROFILED, Shop
from ghala.testing.workspace import Table, write_product

HEADER = "id,amount\n"
PRODUCT = ProductName("sales", "orders")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Three releases, each of which appended one file: made once, since a workspace can be copied."""
    shop = Shop.open(tmp_path_factory.mktemp("rollback") / "shop", PROFILED)
    shop.add()
    for number in (1, 2, 3):
        shop.put(f"{number}.csv", f"{HEADER}{number},{number}.00\n")
        assert shop.publish() == number
    shop.app.close()
    return shop.folder


@pytest.fixture
def appended(template, tmp_path):
    folder = shutil.copytree(template, tmp_path / "shop")
    shop = Shop(folder, ghala.open(folder))
    yield shop
    shop.app.close()


def ids(shop):
    return sorted(row[0] for row in shop.stored())


def taken(shop):
    with shop.app._registry.read() as connection:
        return sorted(runs.cursor(connection, "prod", PRODUCT, "rows"))


def back(shop, to, **more):
    return shop.app.roll_back("sales/orders", to, reason="3 was wrong", **more)


def entries(shop, tag):
    with shop.app._registry.read() as connection:
        query = select(tables.audit).where(tables.audit.c.tag == tag)
        return connection.execute(query).mappings().all()


def test_the_old_content_is_a_new_release(appended):
    made = back(appended, 1)

    assert (made.number, made.is_current) == (4, True)
    assert ids(appended) == [1]
    first, last = (appended.app.release("sales/orders", number) for number in (1, 4))
    assert [one["rows"] for one in last["datasets"]] == [1]
    assert last["rolled_back"] == {"to": 1, "reason": "3 was wrong", "by": "owner:local"}
    assert (last["replaced"], last["definition"]) == (3, first["definition"])
    by_number = {one.number: one for one in appended.app.releases("sales/orders")}
    assert by_number[4].datasets == by_number[1].datasets
    assert appended.app.sql("SELECT id FROM sales.orders").rows() == [(1,)]


def test_no_release_changes_by_it(appended):
    before = appended.app.releases("sales/orders")
    back(appended, 2)
    after = [one for one in appended.app.releases("sales/orders") if one.number != 4]
    assert [replace(one, is_current=False) for one in after] == [
        replace(one, is_current=False) for one in before
    ]
    sql = "SELECT count(*) FROM sales.orders AT (VERSION => 3)"
    assert appended.app.sql(sql).rows() == [(3,)]
    assert appended.app.verify().faults == ()


def test_it_is_recorded_and_told_in_its_transaction(appended):
    with appended.app._registry.read() as connection:
        epoch = read_epoch(connection)
    back(appended, 1)

    (entry,) = entries(appended, AuditTag.RELEASE_ROLLED_BACK)
    assert (entry["principal"], entry["objects"]) == (
        "owner:local",
        ["sales/orders", "sales.orders"],
    )
    detail = entry["detail"]
    assert (detail["release"], detail["to"], detail["replaced"], detail["reason"]) == (
        4,
        1,
        3,
        "3 was wrong",
    )
    with appended.app._registry.read() as connection:
        assert read_epoch(connection) > epoch
        (told,) = [
            one.notification
            for one in outbox.unsettled(connection, 10)
            if one.notification.kind == "product:rolled_back"
        ]
        run = runs.latest(connection, "prod")[PRODUCT]
        kept = {number: lineage.hash_of(connection, "prod", PRODUCT, number) for number in (1, 4)}
    assert told.facts == {"run": run.id, "environment": "prod", "release": 4, "to": 1}
    assert (run.state, run.release) == (RunState.PUBLISHED, 4)
    assert kept[1] == kept[4] is not None


def test_it_looks_like_the_release_that_it_brought_back(appended):
    back(appended, 2)
    old, new = (appended.app.profile("sales.orders", release=number) for number in (2, 4))
    assert new | {"release": 2} == old
    assert appended.app.diff("sales.orders", start=2, end=4)["rows"]["changed"] == 0


def test_the_next_run_takes_again_what_was_taken_since(appended):
    back(appended, 1)
    assert taken(appended) == ["1.csv"]

    assert appended.publish() == 5
    assert ids(appended) == [1, 2, 3]
    assert appended.run().run.state is RunState.UNCHANGED


def test_a_file_that_was_mended_or_removed_meanwhile_is_taken_as_it_is(appended):
    back(appended, 1)
    appended.put("2.csv", f"{HEADER}22,2.00\n")
    (appended.folder / "landing" / "3.csv").unlink()
    appended.publish()
    assert ids(appended) == [1, 22]


def test_a_rollback_can_be_taken_back(appended):
    back(appended, 1)
    back(appended, 3)

    assert ids(appended) == [1, 2, 3]
    # All three files are in the content again, so none is taken again.
    assert taken(appended) == ["1.csv", "2.csv", "3.csv"]
    appended.put("4.csv", f"{HEADER}4,4.00\n")
    appended.publish()
    assert ids(appended) == [1, 2, 3, 4]


def test_a_rollback_to_a_rollback_knows_what_was_taken_then(appended):
    back(appended, 1)  # 4: file 1
    appended.put("2.csv", f"{HEADER}20,2.00\n")
    appended.publish()  # 5: 1, another file 2, and 3
    assert ids(appended) == [1, 3, 20]
    back(appended, 4)
    assert (ids(appended), taken(appended)) == ([1], ["1.csv"])
    back(appended, 5)
    assert (ids(appended), taken(appended)) == ([1, 3, 20], ["1.csv", "2.csv", "3.csv"])
    # As of release 2, the first file of that name was in it, and not the one that is there now.
    back(appended, 2)
    assert (ids(appended), taken(appended)) == ([1, 2], ["1.csv", "2.csv"])
    outcome = appended.run()
    assert outcome.release is None
    assert "2.csv" in str(outcome.error)


def test_what_replaces_everything_is_made_anew_by_the_next_run(shop):
    shop.add(materialisation="replace", files="orders.csv")
    for number in (1, 2):
        shop.put("orders.csv", f"{HEADER}{number},1.00\n")
        shop.publish()
    back(shop, 1)
    assert ids(shop) == [1]
    shop.publish()
    assert ids(shop) == [2]


def test_the_contract_of_today_holds(appended):
    stricter = Table(
        {**ORDERS.columns, "amount": "decimal(12,2), logicalTypeOptions: {minimum: 2}"}
    )
    appended.add(table=stricter)
    with pytest.raises(ContractBrokenError, match="nothing was rolled back") as caught:
        back(appended, 2)

    assert "definition" in caught.value.hint
    assert ids(appended) == [1, 2, 3]
    assert len(appended.app.releases("sales/orders")) == 3
    assert taken(appended) == ["1.csv", "2.csv", "3.csv"]
    with appended.app._registry.read() as connection:
        run = runs.latest(connection, "prod")[PRODUCT]
        assert claims.oldest_open_us(connection) is None
    assert (run.state, run.release) == (RunState.REFUSED, None)
    assert len(entries(appended, AuditTag.RELEASE_REFUSED)) == 1
    # It says nothing of how the product's own runs end.
    assert run.rolls_back == 2
    appended.put("4.csv", f"{HEADER}4,4.00\n")
    appended.publish()
    with appended.app._registry.read() as connection:
        told = [one.notification.kind for one in outbox.unsettled(connection, 10)]
    assert NotificationKind.PRODUCT_RECOVERED not in told


def test_a_rule_that_quarantines_blocks_a_rollback(appended):
    rule = (
        "decimal(12,2), logicalTypeOptions: {minimum: 2}, "
        "customProperties: [{property: ghala.onFail, value: quarantine}]"
    )
    appended.add(table=Table({**ORDERS.columns, "amount": rule}))
    with pytest.raises(ContractBrokenError):
        back(appended, 1)
    assert ids(appended) == [1, 2, 3]


@pytest.mark.parametrize("more", [{"note": "varchar"}, {"amount": "varchar"}])
def test_columns_that_are_promised_today_must_be_there(appended, more):
    appended.add(table=Table({**ORDERS.columns, **more}))
    with pytest.raises(ContractBrokenError, match="is not there as it is promised today"):
        back(appended, 1)


def test_a_dataset_that_is_promised_today_must_be_there(appended):
    tables_of_today = {"orders": ORDERS, "other": Table({"id": "bigint"})}
    pipeline = (
        "sources:\n  rows: {type: csv, zone: in, files: '*.csv', columns: {id: bigint, amount: 'decimal(12,2)'}}\n"
        "steps:\n"
        "  - {name: land, source: rows, dataset: orders, materialisation: append}\n"
        "  - {name: other, sql: transforms/other.sql, dataset: other}\n"
    )
    transforms = {"other.sql": "SELECT id FROM rows\n"}
    write_product(appended.folder, "sales/orders", tables_of_today, pipeline, transforms=transforms)
    with pytest.raises(ContractBrokenError, match=r"release 1 has no sales\.other"):
        back(appended, 1)


def test_a_renamed_dataset_comes_back_under_its_name_of_today(appended):
    folder = appended.add()
    for file in (folder / "orders.odcs.yaml", folder / "pipeline.yaml"):
        text = file.read_text().replace("dataset: orders", "dataset: bills")
        file.write_text(text.replace("  - name: orders\n", "  - name: bills\n"))
    made = back(appended, 1)
    assert [str(one.name) for one in made.datasets] == ["sales.bills"]
    assert appended.app.sql("SELECT id FROM sales.bills").rows() == [(1,)]
    assert appended.app.profile("sales.bills")["is_recorded"]


def test_what_cannot_be_brought_back_says_why(appended):
    for to, error, text in (
        (9, NotFoundError, "no release 9"),
        (3, UsageError, "has that content already"),
    ):
        with pytest.raises(error, match=text):
            back(appended, to)
    for reason in ("", "  ", "x" * 501, "two\nlines"):
        with pytest.raises(UsageError, match="without saying why"):
            appended.app.roll_back("sales/orders", 1, reason=reason)
    back(appended, 1)
    with pytest.raises(UsageError, match="has that content already"):
        back(appended, 4)
    with pytest.raises(UsageError, match="has that content already"):
        back(appended, 1)


def test_products_of_the_system_are_not_rolled_back(shop):
    shop.add()
    shop.app.run(["system/audit"])
    with pytest.raises(UsageError, match="is not rolled back"):
        shop.app.roll_back("system/audit", 1, reason="no")


def test_a_run_that_goes_on_is_not_overtaken(appended):
    with appended.app._registry.write() as connection:
        held = claims.claim(connection, "prod", PRODUCT, "another", lease_s=60)
    with pytest.raises(BusyError, match="run another is publishing"):
        back(appended, 1, wait_s=0)
    with appended.app._registry.write() as connection:
        claims.release(connection, held)
    assert back(appended, 1).number == 4


def test_environments_are_rolled_back_apart(appended):
    assert appended.publish(environment="dev") == 1
    appended.put("4.csv", f"{HEADER}4,4.00\n")
    assert appended.publish(environment="dev") == 2
    made = back(appended, 1, environment="dev")
    assert (made.number, ids(appended)) == (3, [1, 2, 3])
    assert [row[0] for row in appended.stored(environment="dev")] == [1, 2, 3]


def test_nothing_is_left_of_it_in_the_lake(appended):
    before = sorted((appended.folder / ".ghala" / "lake").rglob("*"))
    back(appended, 1)
    assert sorted((appended.folder / ".ghala" / "lake").rglob("*")) == before
    with appended.app._registry.read() as connection:
        past = connection.execute(select(func.count()).select_from(tables.past_cursors)).scalar()
    assert past == 2
