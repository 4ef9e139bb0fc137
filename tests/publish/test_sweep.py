"""Sweeping removes what nothing needs, once it is old, and never what a release, a record or an open run reaches."""

import os
import time

import pytest
from sqlalchemy import select, update

from ghala.errors import ContractBrokenError
from ghala.model.audit import AuditTag
from ghala.registry import releases, tables
from ghala.testing.shop import ORDERS
from ghala.testing.workspace import Table, write_product

HEADER = "id,amount\n"


def files(shop, folder="lake"):
    return {path for path in (shop.folder / ".ghala" / folder).rglob("*") if path.is_file()}


def known(shop):
    with shop.app._registry.read() as connection:
        found = releases.known_files(connection)
    return {shop.folder / ".ghala" / "lake" / path for path in found}


def age(shop, seconds):
    """Make everything in storage look as if it was written so long ago."""
    before = time.time() - seconds
    for path in (shop.folder / ".ghala").rglob("*"):
        os.utime(path, (before, before))


@pytest.fixture
def refused(shop):
    """A workspace with a release, and the files of a refused run."""
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n2,2.00\n")
    shop.publish()
    shop.put("b.csv", HEADER + "3,3.00\n3,4.00\n")
    assert isinstance(shop.run().error, ContractBrokenError)
    assert files(shop) > known(shop)
    return shop


def test_orphans_go_once_they_are_old_enough(refused):
    orphans = files(refused) - known(refused)

    assert refused.app.sweep(3600) == 0
    assert orphans < files(refused)
    age(refused, 7200)
    assert refused.app.sweep(3600) == len(orphans)
    assert files(refused) == known(refused)
    assert refused.app.sweep(3600) == 0


def test_the_age_comes_from_the_settings_by_default(refused):
    age(refused, refused.app.settings.orphan_age_s - 600)
    assert refused.app.sweep() == 0
    age(refused, refused.app.settings.orphan_age_s + 600)
    assert refused.app.sweep() > 0


def test_every_release_is_readable_after_a_sweep(refused):
    refused.put("b.csv", HEADER + "3,3.00\n")
    refused.publish()
    refused.add(materialisation="replace")
    refused.publish()
    refused.app.sweep(0)

    assert refused.app.verify().faults == ()
    assert [
        refused.app.sql(f"SELECT count(*) FROM sales.orders AT (VERSION => {n})").rows()[0][0]
        for n in (1, 2, 3)
    ] == [2, 3, 3]
    refused.put("c.csv", HEADER + "4,4.00\n")
    assert refused.publish() == 4


def test_releases_of_every_environment_are_kept(shop):
    shop.add()
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish(environment="dev")
    shop.publish()
    shop.app.sweep(0)

    assert shop.app.verify().faults == ()
    assert shop.stored(environment="dev") == shop.stored()


def test_raw_copies_of_what_was_read_are_kept(refused):
    before = files(refused, "raw")
    refused.app.sweep(0)

    assert before
    assert files(refused, "raw") == before


def test_a_half_written_raw_copy_goes(refused):
    half = refused.folder / ".ghala" / "raw" / "half.part"
    half.write_bytes(b"1,2")
    refused.app.sweep(0)

    assert not half.exists()


def test_staging_of_a_run_that_died_goes_with_its_folder(refused):
    left = refused.folder / ".ghala" / "staging" / "20260101T000000-dead"
    left.mkdir(parents=True)
    (left / "rows.parquet").write_bytes(b"x")
    refused.app.sweep(0)

    assert not left.exists()


def test_a_sweep_is_recorded_when_it_removed_something(refused):
    def swept():
        with refused.app._registry.read() as connection:
            query = select(tables.audit.c.detail).where(
                tables.audit.c.tag == AuditTag.ORPHANS_SWEPT
            )
            return connection.execute(query).scalars().all()

    count = refused.app.sweep(0)
    refused.app.sweep(0)

    assert swept() == [{"files": count}]


def test_a_sweep_at_every_point_of_a_run_takes_nothing_of_it(refused):
    refused.put("b.csv", HEADER + "3,3.00\n")
    refused.app.sweep(0)
    lines = []

    def sweep(line):
        lines.append(line)
        refused.app.sweep(0)

    outcome = refused.run(progress=sweep)
    assert outcome.error is None
    assert len(lines) >= 3
    assert refused.app.verify().faults == ()
    assert [row[0] for row in refused.stored()] == [1, 2, 3]


def test_a_sweep_at_every_point_of_a_first_run_takes_nothing_of_it(shop):
    """Nor the folders that it has made and not filled yet."""
    write_product(
        shop.folder,
        "sales/orders",
        {"orders": ORDERS, "counted": Table({"lines": "bigint"})},
        "sources:\n  rows: {type: csv, zone: in, files: a.csv}\n"
        "  more: {type: csv, zone: in, files: a.csv, columns: {id: bigint}}\nsteps:\n"
        "  - {name: land, source: rows, dataset: orders}\n"
        "  - {name: middle, sql: transforms/middle.sql}\n"
        "  - {name: count, sql: transforms/count.sql, dataset: counted}\n",
        transforms={
            "middle.sql": "SELECT id FROM more",
            "count.sql": "SELECT count(*) AS lines FROM middle",
        },
    )
    shop.put("a.csv", HEADER + "1,1.00\n")
    lines = []

    def sweep(line):
        lines.append(line)
        shop.app.sweep(0)

    outcome = shop.run(progress=sweep)
    assert outcome.error is None
    assert len(lines) == 6
    assert shop.app.verify().faults == ()
    assert shop.stored("sales.counted") == [(1,)]


def test_an_open_run_keeps_what_was_written_since_it_began(refused):
    orphans = files(refused) - known(refused)

    def sweep(line):
        if line.endswith("publishing"):
            # Hours pass: the files of the open run are old, and so are those of runs that ended after it began.
            with refused.app._registry.write() as connection:
                long_ago = round((time.time() - 9000) * 1_000_000)
                connection.execute(update(tables.claims).values(claimed_at=long_ago))
            age(refused, 7200)
            assert refused.app.sweep(3600) == 0

    refused.put("b.csv", HEADER + "3,3.00\n")
    outcome = refused.run(progress=sweep)
    assert outcome.error is None
    assert orphans < files(refused)
    assert refused.app.verify().faults == ()
    age(refused, 7200)
    assert refused.app.sweep(3600) >= len(orphans)
    assert refused.app.verify().faults == ()


def test_a_sweep_of_a_workspace_that_never_ran_finds_nothing(shop):
    assert shop.app.sweep(0) == 0
