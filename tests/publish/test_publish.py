"""The write door: rows that keep their contract become a release whole, rows that break it become a report."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from ghala.errors import ContractBrokenError
from ghala.model.audit import AuditTag
from ghala.model.contract import RuleKind
from ghala.model.names import ProductName
from ghala.model.run import RunState
from ghala.registry import audit, runs, tables
from ghala.testing.shop import ORDERS
from ghala.testing.workspace import Table, write_product

HEADER = "id,amount\n"
PRODUCT = ProductName("sales", "orders")


def entries(shop, tag):
    with shop.app._registry.read() as connection:
        assert audit.first_break(connection) is None
        return (
            connection.execute(select(tables.audit).where(tables.audit.c.tag == tag))
            .mappings()
            .all()
        )


def ids(shop, **options):
    return [row[0] for row in shop.stored(**options)]


@pytest.fixture
def released(shop):
    """One good release, then a file that breaks the contract."""
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n2,2.00\n")
    shop.publish()
    shop.put("b.csv", HEADER + "3,3.00\n3,4.00\n,5.00\n")
    return shop


def test_rows_that_break_their_contract_are_not_published(released):
    outcome = released.run()

    assert isinstance(outcome.error, ContractBrokenError)
    assert outcome.release is None
    assert outcome.run.state is RunState.REFUSED
    assert "sales.orders" in str(outcome.error)
    assert "nothing was published" in str(outcome.error)
    assert outcome.error.evidence["reports"] == outcome.reports


def test_consumers_keep_the_last_good_release(released):
    released.run()

    assert released.app.sql("SELECT id FROM sales.orders ORDER BY id").rows() == [(1,), (2,)]
    assert [release.number for release in released.app.releases()] == [1]
    with released.app._registry.read() as connection:
        assert set(runs.cursor(connection, "prod", PRODUCT, "rows")) == {"a.csv"}


def test_the_report_of_a_refusal_is_kept_with_counts_and_keys_only(released):
    outcome = released.run()

    (report,) = outcome.reports
    findings = {finding.kind: finding for finding in report.findings}
    assert findings[RuleKind.REQUIRED].failed_rows == 1
    assert findings[RuleKind.PRIMARY_KEY].failed_rows >= 2
    with released.app._registry.read() as connection:
        (kept,) = runs.reports_of(connection, outcome.run.id)
    assert kept["dataset"] == "sales.orders"
    assert "4.00" not in json.dumps(kept)


def test_a_refusal_is_in_the_audit_chain(released):
    outcome = released.run()

    (entry,) = entries(released, AuditTag.RELEASE_REFUSED)
    assert entry["principal"] == "product:sales/orders"
    assert entry["objects"] == ["sales/orders", "sales.orders"]
    assert entry["detail"]["run"] == outcome.run.id
    assert "release" not in entry["detail"]


def test_the_mended_file_is_published_next(released):
    released.run()
    released.put("b.csv", HEADER + "3,3.00\n4,5.00\n")

    assert released.publish() == 2
    assert ids(released) == [1, 2, 3, 4]
    (first, second) = entries(released, AuditTag.RELEASE_PUBLISHED)
    assert (first["detail"]["release"], second["detail"]["release"]) == (1, 2)
    assert second["detail"]["rows"] == {"sales.orders": 4}


def test_a_key_that_is_released_already_may_not_come_again(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.put("b.csv", HEADER + "1,9.00\n2,2.00\n")
    outcome = shop.run()

    assert isinstance(outcome.error, ContractBrokenError)
    assert [f.samples for f in outcome.reports[0].findings if not f.passed] == [(("1",),)]


def test_broken_rows_go_to_quarantine_where_the_step_says_so(shop):
    shop.add(on_fail="quarantine")
    shop.put("a.csv", HEADER + "1,1.00\nx,0.00\n2,2.00\n2,3.00\n,4.00\n5,5.00\n")
    outcome = shop.run()

    (report,) = outcome.reports
    assert outcome.release.datasets[0].row_count == 2
    # Records: read = landed + quarantined; rows: staged = released + quarantined.
    (step,) = outcome.run.steps
    assert (step.rows_in, step.rows_out, step.quarantined) == (6, 5, 1)
    assert (report.rows_staged, report.rows_quarantined, report.rows_released) == (5, 3, 2)
    assert ids(shop) == [1, 5]
    batches = {batch.kind: batch for batch in shop.app.quarantine("sales/orders")}
    assert {kind: batch.rows for kind, batch in batches.items()} == {"source": 1, "check": 3}
    rows = shop.app.quarantined_rows(batches["check"])
    assert rows.num_rows == 3
    assert all(rows["ghala_rules"].to_pylist())
    assert shop.app.quarantined_rows(batches["source"])["raw"].to_pylist() == [b"x,0.00"]
    assert [batch.run_id for batch in batches.values()] == [outcome.run.id] * 2


def test_a_batch_without_a_good_row_publishes_nothing(shop):
    shop.add(on_fail="quarantine")
    shop.put("a.csv", HEADER + "1,1.00\n1,2.00\n")
    outcome = shop.run()

    assert isinstance(outcome.error, ContractBrokenError)
    assert "every row broke a rule" in outcome.error.message
    assert outcome.reports[0].rows_released == 0
    shop.put("a.csv", HEADER + "1,1.00\n")
    assert shop.publish() == 1
    assert ids(shop) == [1]


def test_a_refusal_keeps_what_was_quarantined_on_record(shop):
    table = Table(ORDERS.columns, quality=["type: library, metric: rowCount, mustBeGreaterThan: 9"])
    shop.add(table=table, on_fail="quarantine")
    shop.put("a.csv", HEADER + "x,1.00\n1,1.00\n2,2.00\n2,3.00\n")
    outcome = shop.run()

    assert isinstance(outcome.error, ContractBrokenError)
    batches = shop.app.quarantine("sales/orders", outcome.run.id)
    assert sorted((batch.kind, batch.rows) for batch in batches) == [("check", 2), ("source", 1)]
    for batch in batches:
        assert shop.app.quarantined_rows(batch).num_rows == batch.rows
    assert shop.app.releases() == ()
    # The sweep takes the refused rows' files, and leaves what is quarantined.
    assert shop.app.sweep(0) > 0
    assert [shop.app.quarantined_rows(batch).num_rows for batch in batches] == [
        batch.rows for batch in batches
    ]


def test_a_warning_is_recorded_and_publishes(shop):
    rule = "type: library, metric: rowCount, mustBeGreaterThan: 9, severity: warning"
    shop.add(table=Table(ORDERS.columns, quality=[rule]))
    shop.put("a.csv", HEADER + "1,1.00\n")
    outcome = shop.run()

    assert outcome.release.number == 1
    assert [finding.kind for finding in outcome.reports[0].findings if not finding.passed] == [
        RuleKind.ROW_COUNT
    ]


def test_a_sql_rule_sees_the_state_that_would_be_released(shop):
    rule = "type: sql, query: 'SELECT sum(amount) FROM ${object}', mustBeLessThan: 10"
    shop.add(table=Table(ORDERS.columns, quality=[rule]))
    shop.put("a.csv", HEADER + "1,6.00\n")
    shop.publish()
    shop.put("b.csv", HEADER + "2,5.00\n")
    outcome = shop.run()

    assert isinstance(outcome.error, ContractBrokenError)
    assert [f.measured for f in outcome.reports[0].findings if f.kind is RuleKind.SQL] == [11.0]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM ${object}",
        "SELECT count(*) FROM people.staff",
        "SELECT ''many'' FROM ${object}",
        "SELECT nothing FROM ${object}",
        "SELECT count(*), 1 FROM ${object}",
        "SELECT NULL",
    ],
)
def test_a_sql_rule_that_cannot_be_evaluated_blocks_and_says_why(shop, query):
    shop.add(table=Table(ORDERS.columns, quality=[f"type: sql, query: '{query}', mustBe: 0"]))
    shop.put("a.csv", HEADER + "1,6.00\n2,7.00\n")
    outcome = shop.run()

    assert isinstance(outcome.error, ContractBrokenError)
    assert [bool(f.error) for f in outcome.reports[0].findings if f.kind is RuleKind.SQL] == [True]


def two(shop, limit=100):
    """Write a product of two datasets; `limit` is the greatest amount that `large` may have."""
    write_product(
        shop.folder,
        "sales/orders",
        {
            "orders": ORDERS,
            "large": Table({"amount": f"bigint, logicalTypeOptions: {{maximum: {limit}}}"}),
        },
        "sources:\n  rows: {type: csv, zone: in, files: '*.csv'}\nsteps:\n"
        "  - {name: land, source: rows, dataset: orders, materialisation: append}\n"
        "  - {name: large, sql: transforms/large.sql, dataset: large, materialisation: append}\n",
        transforms={"large.sql": "SELECT CAST(trunc(amount) AS BIGINT) AS amount FROM land"},
    )


def test_two_datasets_are_released_together(shop):
    two(shop)
    shop.put("a.csv", HEADER + "1,1.00\n2,2.00\n")
    outcome = shop.run()

    assert [str(d.name) for d in outcome.release.datasets] == ["sales.orders", "sales.large"]
    assert len(outcome.reports) == 2
    with shop.app._registry.read() as connection:
        pointers = connection.execute(select(tables.pointers)).mappings().all()
    assert {row["dataset"]: row["release"] for row in pointers} == {"orders": 1, "large": 1}


def test_one_broken_dataset_keeps_back_both(shop):
    two(shop)
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.put("b.csv", HEADER + "2,101.00\n")
    outcome = shop.run()

    assert isinstance(outcome.error, ContractBrokenError)
    assert str(outcome.error).startswith("sales.large:")
    assert [report.is_broken for report in outcome.reports] == [False, True]
    assert ids(shop) == [1]
    assert ids(shop, dataset="sales.large") == [1]
    two(shop, limit=1000)
    assert shop.publish() == 2
    assert ids(shop, dataset="sales.large") == [1, 101]


def test_a_dataset_that_was_removed_from_its_contract_stays_readable_as_it_was(shop):
    two(shop)
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.add()
    shop.put("b.csv", HEADER + "2,2.00\n")
    assert shop.publish() == 2

    assert ids(shop, dataset="sales.large") == [1]
    assert [len(release.datasets) for release in shop.app.releases()] == [1, 2]
    assert shop.app.verify().faults == ()


def test_a_dataset_can_move_to_another_product_of_its_domain(shop):
    two(shop)
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    # More releases than its new product will have for a while.
    shop.put("b.csv", HEADER + "2,1.00\n")
    shop.publish()
    shop.add()
    shop.add_query(
        "sales/large",
        Table({"amount": "bigint"}),
        "SELECT CAST(trunc(amount) AS BIGINT) + 1 AS amount FROM sales.orders",
        inputs=("sales/orders",),
    )
    assert shop.publish("sales/large") == 1

    assert ids(shop, dataset="sales.large") == [2, 2]
    before, after = (
        next(r.created_at for r in shop.app.releases(product) if r.number == 1)
        for product in ("sales/orders", "sales/large")
    )

    def at(moment):
        text = f"SELECT amount FROM sales.large AT (TIMESTAMP => TIMESTAMP '{moment:%F %T.%f}')"
        return shop.app.sql(text).rows()

    assert (at(before), at(after)) == ([(1,)], [(2,), (2,)])
    assert shop.app.verify().faults == ()


def test_releases_stay_in_the_order_of_time_when_the_clock_is_set_back(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    with shop.app._registry.write() as connection:
        connection.execute(
            update(tables.releases).values(created_at=round(ahead.timestamp() * 1_000_000))
        )
    shop.put("b.csv", HEADER + "2,2.00\n")
    shop.publish()

    (second, first) = shop.app.releases()
    assert (second.number, first.number, second.is_current) == (2, 1, True)
    assert second.created_at > first.created_at == ahead
