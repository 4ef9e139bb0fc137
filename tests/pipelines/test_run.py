"""One run of a product: what it reads, what it pins, what it records and what it leaves behind."""

import pytest
from sqlalchemy import select

from ghala.errors import (
    NotFoundError,
    SourceError,
    StepError,
)
from ghala.model.audit import AuditTag
from ghala.model.names import ProductName
from ghala.model.run import RunState
from ghala.registry import definitions, runs, tables
from ghala.testing.shop import ORDERS
from ghala.testing.workspace import Table, write_product

HEADER = "id,amount\n"


def tags(shop):
    with shop.app._registry.read() as connection:
        return connection.execute(select(tables.audit.c.tag)).scalars().all()


def last_run(shop, product="sales/orders"):
    with shop.app._registry.read() as connection:
        return runs.latest(connection, "prod")[ProductName.parse(product)]


def staging(shop):
    return list((shop.folder / ".ghala" / "staging").iterdir())


def test_new_files_are_appended_and_known_ones_are_not_read_again(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    assert shop.publish() == 1
    shop.put("b.csv", HEADER + "2,2.00\n3,3.00\n")
    outcome = shop.run()

    assert outcome.release.number == 2
    assert [(file.path, file.read) for file in outcome.run.steps[0].files] == [("b.csv", 2)]
    assert [row[0] for row in shop.stored()] == [1, 2, 3]
    assert outcome.release.datasets[0].row_count == 3


def test_a_run_without_anything_new_publishes_nothing(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    outcome = shop.run()

    assert (outcome.run.state, outcome.release, outcome.error) == (RunState.UNCHANGED, None, None)
    assert len(shop.app.releases()) == 1
    assert staging(shop) == []
    assert shop.run().run.state is RunState.UNCHANGED


def test_a_changed_definition_publishes_although_no_file_is_new(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.add(table=Table({**ORDERS.columns, "note": "varchar"}))

    assert shop.publish() == 2
    assert [row[2] for row in shop.stored()] == [None]
    assert shop.run().run.state is RunState.UNCHANGED


def test_a_file_of_nothing_but_rejects_is_not_taken(shop):
    shop.add()
    shop.put("a.csv", HEADER + "x,1.00\n")
    outcome = shop.run()

    assert "none of 1 records could be read" in outcome.error.message
    assert outcome.run.steps[0].quarantined == 1
    shop.put("a.csv", HEADER + "1,1.00\n")
    assert shop.publish() == 1


def test_a_replaced_dataset_is_made_of_all_files_each_time(shop):
    shop.add(materialisation="replace")
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.put("a.csv", HEADER + "1,9.00\n")
    shop.put("b.csv", HEADER + "2,2.00\n")
    shop.publish()

    assert [(row[0], str(row[1])) for row in shop.stored()] == [(1, "9.00"), (2, "2.00")]


def test_a_file_that_changed_after_it_was_appended_is_refused(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.put("a.csv", HEADER + "1,1.50\n")
    shop.put("b.csv", HEADER + "2,2.00\n")
    outcome = shop.run()

    assert isinstance(outcome.error, SourceError)
    assert "`a.csv` was appended before, with other bytes" in str(outcome.error)
    assert "new name" in outcome.error.hint
    assert [row[0] for row in shop.stored()] == [1]
    assert outcome.run.state is RunState.FAILED


def test_a_refused_file_refuses_the_run_and_is_named(shop):
    shop.add()
    shop.put("good.csv", HEADER + "1,1.00\n")
    shop.put("bad.csv", "nothing,of this\n1,1.00\n")
    outcome = shop.run()

    assert isinstance(outcome.error, SourceError)
    assert "`bad.csv`" in str(outcome.error)
    assert "1 of 2 files refused" in str(outcome.error)
    assert outcome.release is None
    # The record tells what became of each file.
    assert [(f.path, bool(f.refused)) for f in outcome.run.steps[0].files] == [
        ("bad.csv", True),
        ("good.csv", False),
    ]
    shop.put("bad.csv", HEADER + "2,2.00\n")
    assert shop.publish() == 1
    assert [row[0] for row in shop.stored()] == [1, 2]


def test_a_failed_run_is_recorded_and_the_next_one_succeeds(shop):
    shop.add()
    outcome = shop.run()

    assert isinstance(outcome.error, SourceError)
    run = last_run(shop)
    assert (run.state, run.release, run.error) == (RunState.FAILED, None, str(outcome.error))
    assert run == outcome.run
    assert run.finished_at >= run.started_at
    assert tags(shop) == [AuditTag.INCIDENT_OPENED, AuditTag.RUN_FAILED]
    assert staging(shop) == []

    shop.put("a.csv", HEADER + "1,1.00\n")
    assert shop.publish() == 1
    assert staging(shop) == []
    assert (last_run(shop).state, last_run(shop).release) == (RunState.PUBLISHED, 1)


def test_an_error_that_nobody_foresaw_is_recorded_and_raised(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")

    def interrupted(line):
        if line.endswith("publishing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shop.run(progress=interrupted)
    assert (last_run(shop).state, last_run(shop).error) == (
        RunState.FAILED,
        "the run was interrupted",
    )
    assert staging(shop) == []
    assert shop.publish() == 1


def test_the_definition_is_recorded_and_its_files_are_kept(shop):
    folder = shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    release = shop.run().release
    shop.put("b.csv", HEADER + "2,1.00\n")
    (folder / "README.md").write_text("Orders.\n")
    changed = shop.run().release

    product = shop.app.workspace().products[0]
    assert release.definition_sha256 != changed.definition_sha256 == product.definition.sha256
    with shop.app._registry.read() as connection:
        before = definitions.files_of(connection, release.definition_sha256)
        after = definitions.files_of(connection, changed.definition_sha256)
    assert set(after) - set(before) == {"README.md"}
    assert before["pipeline.yaml"] == (folder / "pipeline.yaml").read_bytes()


def test_inputs_are_pinned_when_the_run_starts(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    write_product(
        shop.folder,
        "sales/twice",
        {"first": Table({"lines": "bigint"}), "second": Table({"lines": "bigint"})},
        "steps:\n  - {name: one, sql: transforms/count.sql, dataset: first}\n"
        "  - {name: two, sql: transforms/count.sql, dataset: second}\n",
        transforms={"count.sql": "SELECT count(*) AS lines FROM sales.orders"},
        inputs=["sales/orders"],
    )

    def publish_more(line):
        if line == "sales/twice: two":
            shop.put("b.csv", HEADER + "2,2.00\n")
            assert shop.publish() == 2

    outcome = shop.run("sales/twice", progress=publish_more)
    assert outcome.error is None
    assert shop.stored("sales.first") == shop.stored("sales.second") == [(1,)]
    with shop.app._registry.read() as connection:
        used = connection.execute(select(tables.release_inputs)).mappings().all()
    assert [(row["input_dataset"], row["input_number"]) for row in used] == [("orders", 1)]
    shop.publish("sales/twice")
    assert shop.stored("sales.second") == [(2,)]


def test_a_product_reads_its_own_last_release(shop):
    sql = "SELECT CAST(coalesce(max(turn), 0) + 1 AS BIGINT) AS turn FROM sales.turns"
    shop.add_query("sales/turns", Table({"turn": "bigint"}), "SELECT 0::BIGINT AS turn")
    shop.publish("sales/turns")
    shop.add_query("sales/turns", Table({"turn": "bigint"}), sql, materialisation="append")
    shop.publish("sales/turns")
    shop.publish("sales/turns")

    assert shop.stored("sales.turns") == [(0,), (1,), (2,)]


def test_an_input_without_a_release_is_named(shop):
    shop.add()
    shop.add_query(
        "finance/total",
        Table({"lines": "bigint"}),
        "SELECT count(*) AS lines FROM sales.orders",
        inputs=("sales/orders",),
    )
    outcome = shop.run("finance/total")

    assert isinstance(outcome.error, StepError)
    assert "finance/total reads sales.orders, which has no release yet" in str(outcome.error)


def test_one_refused_product_stops_only_those_that_need_it(shop):
    shop.add("sales/orders", files="orders.csv")
    shop.add("sales/goods", files="goods.csv")
    for name, source in (("orders", "orders"), ("goods", "goods")):
        shop.add_query(
            f"finance/{name}_total",
            Table({"lines": "bigint"}),
            f"SELECT count(*) AS lines FROM sales.{source}",
            inputs=(f"sales/{source}",),
        )
    shop.put("goods.csv", HEADER + "1,1.00\n")
    outcomes = {str(outcome.run.product): outcome for outcome in shop.app.run()}

    assert {name: outcome.run.state.value for name, outcome in outcomes.items()} == {
        "sales/orders": "failed",
        "sales/goods": "published",
        "finance/orders_total": "failed",
        "finance/goods_total": "published",
    }


def test_a_run_in_dev_reads_prod_and_publishes_to_dev_only(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.add_query(
        "finance/total",
        Table({"lines": "bigint"}),
        "SELECT count(*) AS lines FROM sales.orders",
        inputs=("sales/orders",),
    )
    shop.publish("finance/total", environment="dev")

    assert shop.stored("finance.total", environment="dev") == [(1,)]
    assert [str(release.product) for release in shop.app.releases()] == ["sales/orders"]
    assert [release.number for release in shop.app.releases(environment="dev")] == [1]
    with pytest.raises(NotFoundError):
        shop.app.sql("FROM finance.total").rows()

    # Its own releases come first from now on; prod stays as it was.
    shop.put("b.csv", HEADER + "2,2.00\n")
    assert shop.publish(environment="dev") == 1
    assert [row[0] for row in shop.stored(environment="dev")] == [1, 2]
    assert [row[0] for row in shop.stored()] == [1]
    shop.publish("finance/total", environment="dev")
    assert shop.stored("finance.total", environment="dev") == [(2,)]
    # What dev took from the source is not taken from prod.
    assert shop.publish() == 2
    assert [row[0] for row in shop.stored()] == [1, 2]
    assert shop.app.verify().faults == ()
