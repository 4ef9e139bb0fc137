"""`ghala query` beside a workspace."""

import json

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.shop import Shop


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a command line in a small workspace with one dataset."""
    folder = tmp_path_factory.mktemp("query") / "acme"
    shop = Shop.open(folder)
    shop.add("sales/orders", files="o.csv")
    shop.put("o.csv", "id,amount\n1,2.50\n2,3.50\n")
    shop.publish("sales/orders")
    shop.app.identity.teams.add("sales-team", by=OWNER_LOCAL)
    shop.app.close()

    def call(*words):
        return CliRunner().invoke(
            cli, ["query", *words, "-w", str(folder)], obj=State(), prog_name="ghala"
        )

    return call


def test_a_query_is_kept_shared_run_and_deleted(run, tmp_path):
    text = tmp_path / "orders.sql"
    text.write_text("SELECT count(*) AS orders FROM sales.orders")
    saved = run("save", "how many", "-f", str(text), "--description", "All of them")
    assert saved.exit_code == 0, saved.stderr
    again = run("save", "how many", "SELECT sum(amount) AS total FROM sales.orders")
    assert again.stdout == saved.stdout
    shown = run("show", "how many").stdout
    assert "sum(amount)" in shown
    assert "run 0 times" in shown
    assert run("run", "how many", "--format", "csv").stdout == "total\n6.00\n"
    shared = run("share", saved.stdout.strip(), "--with", "team:sales-team")
    assert "shared with team:sales-team" in shared.stderr
    assert "shared with nobody" in run("share", "how many", "--with", "nobody").stderr
    (one,) = json.loads(run("list", "--dataset", "sales.orders", "--json").stdout)
    assert (one["name"], one["run_count"], one["shared_with"]) == ("how many", 1, "")
    assert run("delete", "how many").exit_code == 0
    assert "there is no such query" in run("list").stderr


def test_what_is_wrong_says_what_to_do(run):
    for words, said in (
        (("save", "none"), "give SQL"),
        (("save", "bad", "DROP TABLE sales.orders"), "error"),
        (("save", "gone", "FROM sales.order"), "did you mean `sales.orders`?"),
        (("show", "nothing"), "hint: see `ghala query list`"),
        (("share", "nothing", "--with", "everybody"), "there is no query"),
    ):
        result = run(*words)
        assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
