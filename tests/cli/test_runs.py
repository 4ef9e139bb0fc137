"""`ghala runs` beside a workspace."""

import json

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State


def call(*words):
    return CliRunner().invoke(cli, words, obj=State(), prog_name="ghala")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a command line in a small workspace that ran once."""
    folder = tmp_path_factory.mktemp("runs") / "acme"
    assert call("init", str(folder)).exit_code == 0

    def here(*words):
        return call(*words, "--workspace", str(folder))

    assert here("runs", "list").stderr == "nothing ran yet: `ghala run` runs all products\n"
    assert here("run").exit_code == 0
    return here


def test_runs_are_listed_and_shown_with_their_steps_and_lines(run):
    (listed,) = json.loads(run("runs", "list", "sales/orders", "--json").stdout)
    assert (listed["product"], listed["state"], listed["release"]) == (
        "sales/orders",
        "published",
        1,
    )
    assert listed["id"] in run("runs", "list").stdout
    shown = run("runs", "show", listed["id"], "--log").stdout
    assert "state: published" in shown
    assert "publish" in shown
    assert "checks of sales.orders: every rule holds" in shown
    assert shown.endswith("published\n")
    facts = json.loads(run("runs", "show", listed["id"], "--log", "--json").stdout)
    assert facts["graph"][-1]["state"] == "done"
    assert facts["log"][-1]["text"] == "published"


def test_a_run_that_is_not_there_is_told(run):
    told = run("runs", "show", "gone")
    assert (told.exit_code, told.stderr) == (2, "error: there is no run `gone`\n")
    assert run("runs", "list", "sales/gone").exit_code == 2
