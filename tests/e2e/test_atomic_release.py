"""A schema change and two datasets in one release, with a crash inside: readers see the old release or the new one.

Three readers that share no code on their way to the rows must agree: the read door, pyiceberg through the catalog, and
a plain DuckDB over the files that a release lists.
"""

from contextlib import contextmanager

import duckdb
import pytest
from sqlalchemy import func, select, update

from ghala.registry import tables
from ghala.testing.shop import ORDERS, Shop
from ghala.testing.workspace import Table, write_product

OLD = {"orders": "id, amount", "daily": "bought_on, lines"}
NEW = {"orders": "id, amount, region", "daily": "lines, largest"}
SOURCE = "{type: csv, zone: in, files: '*.csv', columns: {%s}}"
FIRST = {
    "orders": Table({"id": "integer, primaryKey: true", "amount": "decimal(10,2)"}),
    "daily": Table({"bought_on": "date", "lines": "integer"}),
}
SECOND = {
    # A wider type, a wider decimal and a new column; then a column less, a wider type and a new column.
    "orders": Table(
        {"id": "bigint, primaryKey: true", "amount": "decimal(12,2)", "region": "varchar"}
    ),
    "daily": Table({"lines": "bigint", "largest": "decimal(12,2)"}),
}
FIRST_SQL = {
    "orders.sql": "SELECT id, amount FROM rows",
    "daily.sql": "SELECT bought_on, CAST(count(*) AS INTEGER) AS lines FROM rows GROUP BY ALL",
}
SECOND_SQL = {
    "orders.sql": "SELECT id, amount, region FROM more",
    "daily.sql": "SELECT count(*) AS lines, max(amount) AS largest FROM more GROUP BY bought_on",
}
STEPS = """steps:
  - {name: bought, sql: transforms/orders.sql, dataset: orders, materialisation: append}
  - {name: day, sql: transforms/daily.sql, dataset: daily, materialisation: append}
"""
COLUMNS = "id: integer, amount: 'decimal(10,2)', bought_on: date"


class Crash(BaseException):
    """The process ends here: nothing after it happens."""


class CrashingRegistry:
    """Ends the process around the commit of a release, and never answers again."""

    def __init__(self, registry, *, after):
        self.registry = registry
        self.after = after
        self.crashed = False

    def read(self):
        return self.registry.read()

    def close(self):
        self.registry.close()

    @contextmanager
    def write(self):
        if self.crashed:
            raise Crash
        with self.registry.write() as connection:
            before = count(connection)
            yield connection
            self.crashed = count(connection) > before
            if self.crashed and not self.after:
                raise Crash
        if self.crashed:
            raise Crash


def count(connection):
    return connection.execute(select(func.count()).select_from(tables.releases)).scalar_one()


def through_the_door(shop, dataset, columns):
    return shop.app.sql(f"SELECT {columns} FROM sales.{dataset}").rows()


def through_pyiceberg(shop, dataset, columns):
    table = shop.app.catalog().load_table(f"sales.{dataset}").scan().to_arrow()
    assert table.schema.names == columns.split(", ")
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def through_duckdb(shop, dataset, columns):
    """Read the listed files as they are, by their columns' names."""
    release = shop.app.releases("sales/orders")[0]
    pinned = next(one for one in release.datasets if one.name.dataset == dataset)
    scan = shop.app._scans.of(pinned.metadata_location, pinned.snapshot_id)
    assert [name for name, _ in scan.columns] == columns.split(", ")
    files = [str(path) for group in scan.groups for path in group.files]
    with duckdb.connect() as plain:
        return plain.execute(
            f"SELECT {columns} FROM read_parquet($files, union_by_name = true)", {"files": files}
        ).fetchall()


READERS = (through_the_door, through_pyiceberg, through_duckdb)


def read(shop, columns):
    """Return the rows of both datasets, after all readers gave the same ones."""
    found = {}
    for dataset, wanted in columns.items():
        answers = [sorted(reader(shop, dataset, wanted), key=repr) for reader in READERS]
        assert answers[0] == answers[1] == answers[2]
        found[dataset] = answers[0]
    return found


def die(shop):
    """Forget the app as a killed process would, and find the workspace as the next one does."""
    registry = shop.app._registry.registry
    shop.app._registry = registry
    with registry.write() as connection:
        connection.execute(update(tables.claims).values(lease_until=0))
    shop.reopen()


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "shop")
    write_product(
        shop.folder,
        "sales/orders",
        FIRST,
        f"sources:\n  rows: {SOURCE % COLUMNS}\n{STEPS}",
        transforms=FIRST_SQL,
    )
    shop.put(
        "a.csv", "id,amount,bought_on\n1,1.50,2026-01-01\n2,2.50,2026-01-01\n3,3.50,2026-01-02\n"
    )
    shop.publish()
    yield shop
    shop.app.close()


def change(shop):
    """Change both contracts, and bring a file for them."""
    more = SOURCE.replace("*.csv", "*.txt") % (
        "id: bigint, amount: 'decimal(12,2)', bought_on: date, region: varchar"
    )
    write_product(
        shop.folder,
        "sales/orders",
        SECOND,
        f"sources:\n  more: {more}\n{STEPS}",
        transforms=SECOND_SQL,
    )
    shop.put("b.txt", "id,amount,bought_on,region\n5000000000,9999999999.99,2026-01-03,EU\n")


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
def test_a_crash_inside_a_release_leaves_the_old_state_or_the_new_one_for_every_reader(shop, after):
    old = read(shop, OLD)
    change(shop)
    app = shop.reopen()
    app._registry = CrashingRegistry(app._registry, after=after)
    with pytest.raises(Crash):
        shop.run()
    assert app._registry.crashed
    die(shop)

    numbers = [release.number for release in shop.app.releases("sales/orders")]
    if not after:
        assert numbers == [1]
        assert read(shop, OLD) == old
        # The next run publishes what the crashed one could not, under the number that was never given.
        assert shop.publish() == 2
    assert [release.number for release in shop.app.releases("sales/orders")] == [2, 1]
    new = read(shop, NEW)
    assert [row[0] for row in new["orders"]] == [1, 2, 3, 5_000_000_000]
    assert [row[2] for row in new["orders"]] == [None, None, None, "EU"]
    assert sorted(row[0] for row in new["daily"]) == [1, 1, 2]
    assert shop.app.verify().faults == ()
    shop.app.sweep(0)
    assert shop.app.verify().faults == ()
    assert read(shop, NEW) == new


def test_the_old_release_keeps_its_own_schema_after_the_change(shop):
    before = shop.app.sql("SELECT * FROM sales.daily ORDER BY ALL").arrow()
    change(shop)
    shop.publish()
    after = shop.app.sql("SELECT * FROM sales.daily AT (VERSION => 1) ORDER BY ALL").arrow()

    assert after == before
    assert after.schema.names == ["bought_on", "lines"]
    assert shop.app.sql("SELECT * FROM sales.daily").arrow().schema.names == ["lines", "largest"]


def test_a_reader_that_began_before_a_release_reads_the_old_one_to_its_end(shop):
    shop.add(table=ORDERS, materialisation="replace", files="c.csv")
    shop.put("c.csv", "id,amount\n" + "".join(f"{n},1.00\n" for n in range(200_000)))
    shop.publish()
    with shop.app.sql("SELECT id FROM sales.orders") as result:
        batches = result.batches()
        rows = next(batches).num_rows
        shop.put("c.csv", "id,amount\n1,1.00\n")
        shop.publish()
        shop.app.sweep(0)
        rows += sum(batch.num_rows for batch in batches)
    assert rows == 200_000
    assert shop.app.sql("SELECT count(*) FROM sales.orders").rows() == [(1,)]


def test_a_pipeline_step_sees_both_datasets_of_one_release(shop):
    shop.add_query(
        "finance/balance",
        Table({"orders": "bigint", "lines": "bigint"}),
        "SELECT (SELECT count(*) FROM sales.orders) AS orders, "
        "(SELECT CAST(sum(lines) AS BIGINT) FROM sales.daily) AS lines",
        inputs=("sales/orders",),
    )
    shop.publish("finance/balance")
    change(shop)
    shop.publish()
    assert shop.stored("finance.balance") == [(3, 3)]
    shop.publish("finance/balance")
    assert shop.stored("finance.balance") == [(4, 4)]
