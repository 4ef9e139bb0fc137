"""`ghala settings` beside a workspace."""

import json

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("settings") / "acme"

    def call(*words, **variables):
        return CliRunner(env=variables).invoke(cli, words, obj=State(), prog_name="ghala")

    assert call("init", str(folder)).exit_code == 0
    return lambda *words, **variables: call(*words, "-w", str(folder), **variables)


def test_settings_say_where_they_come_from(run):
    shown = run("settings", GHALA_ENGINE__THREADS="3")
    assert shown.exit_code == 0
    line = next(line for line in shown.stdout.splitlines() if line.startswith("engine.threads"))
    assert line.split() == ["engine.threads", "3", "environment", "GHALA_ENGINE__THREADS"]
    only = json.loads(run("settings", "--only", "file", "--json").stdout)
    assert "name" in [one["key"] for one in only]
    assert {one["source"] for one in only} == {"file"}
