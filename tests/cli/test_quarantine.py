"""`ghala quarantine`: from the list of batches to edited rows that are released."""

import json

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.testing.shop import Shop
from ghala.testing.workspace import Table

ORDERS = Table({"id": "bigint, primaryKey: true", "amount": "decimal(12,2), required: true"})
DATASET = "sales.orders"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    shop = Shop.open(tmp_path_factory.mktemp("quarantine") / "shop")
    shop.add(table=ORDERS, on_fail="quarantine")
    shop.put("1.csv", "id,amount\n1,1.00\n2,two\n3,\n4,four\x1b[2J\n")
    shop.publish()
    shop.app.close()
    return shop.folder


@pytest.fixture
def ghala(folder):
    def call(*words):
        where = ("--workspace", str(folder))
        return CliRunner().invoke(cli, ["quarantine", *words, *where], obj=State())

    return call


def test_rows_are_edited_given_up_and_released(ghala):
    assert ghala().stdout == ghala("list").stdout
    assert "sales/orders" in ghala("sales/orders").stdout
    listed = ghala("rows", DATASET)
    assert "quarantined: 3" in listed.stdout
    assert "\x1b" not in listed.stdout
    found = json.loads(ghala("rows", DATASET, "--json").stdout)["rows"]
    (broken,) = [row["id"] for row in found if row["kind"] == "check"]
    two, four = [row["id"] for row in found if row["kind"] == "source"]
    assert ghala("release", DATASET).exit_code == 2
    assert ghala("fix", DATASET, two, "--raw", "2,2.00").stderr.endswith("fixed\n")
    set_nothing = ghala("fix", DATASET, broken, "--set", "amount")
    assert (set_nothing.exit_code, "--set COLUMN=VALUE" in set_nothing.stderr) == (2, True)
    assert ghala("fix", DATASET, broken, "--set", "amount=3.50", "--json").exit_code == 0
    gone = ghala("discard", DATASET, four, "--reason", "a test order")
    assert "1 row discarded" in gone.stderr
    page = ghala("rows", DATASET, "--limit", "2")
    assert "2 of 3 rows; `--after 2` shows the next" in page.stderr
    last = json.loads(ghala("rows", DATASET, "--limit", "2", "--after", "2", "--json").stdout)
    assert [one["id"] for one in last["rows"]] == [found[2]["id"]]
    narrowed = json.loads(ghala("rows", DATASET, "--state", "fixed", "--json").stdout)
    assert (narrowed["matching"], len(narrowed["rows"])) == (2, 2)
    released = ghala("release", DATASET)
    assert "published release 2" in released.stdout
    after = ghala("rows", DATASET).stdout
    assert "released: 2" in after
    assert "a test order" in after
    assert ghala("fix", DATASET, "0" * 32, "--as-is").exit_code == 2
