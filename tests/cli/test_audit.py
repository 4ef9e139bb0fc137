"""`ghala audit` over a real workspace."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State


@pytest.fixture
def ghala(tmp_path):
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "ghala.yaml").write_text("name: acme\n")

    def call(*words):
        words = [*words, "-w", str(tmp_path / "acme")]
        return CliRunner().invoke(cli, words, obj=State(), prog_name="ghala")

    assert call("team", "add", "sales").exit_code == 0
    assert call("team", "remove", "sales").exit_code == 0
    return call


def test_entries_are_found_as_a_table_and_as_json(ghala):
    lines = ghala("audit", "search", "--tag", "team:changed").stdout.splitlines()
    assert len(lines) == 4
    assert lines[2].split()[2:4] == ["2.1", "team:changed"]
    found = json.loads(ghala("audit", "search", "--text", "removed", "--json").stdout)
    assert [(one["principal"], one["objects"]) for one in found] == [
        ("owner:local", ["team:sales"])
    ]
    nothing = ghala("audit", "search", "--who", "user:amina", "--outcome", "cut")
    assert (nothing.stdout, nothing.stderr) == ("", "nothing was recorded that fits\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "soon"), "is no time"),
        (("--tag", "dataset:eaten"), "is no tag of the audit"),
        (("--limit", "0"), "not in the range"),
    ],
)
def test_wrong_words_are_told(ghala, words, said):
    done = ghala("audit", "search", *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_an_anchor_shows_that_nothing_was_changed(ghala, tmp_path):
    anchor = tmp_path / "anchor.json"
    done = ghala("audit", "checkpoint", "--out", str(anchor))
    assert done.stdout.startswith("checkpoint 1: ")
    assert json.loads(anchor.read_text()).keys() == {"body", "public_key", "signature"}
    assert ghala("audit", "checkpoint").stderr == "nothing was recorded since the last checkpoint\n"
    assert "is there already" in ghala("audit", "checkpoint", "--out", str(anchor)).stderr
    held = ghala("audit", "verify", "--anchor", str(anchor))
    assert held.exit_code == 0
    assert held.stderr == (
        "2 entries in 2 chains, 1 checkpoint, 2 of them anchored: all as written\n"
    )


def test_a_change_is_named_and_is_an_exit_code(ghala, tmp_path):
    path = tmp_path / "acme" / ".ghala" / "registry.db"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE audit SET principal = 'user:ben' WHERE chain = 2")
    database.close()
    done = ghala("audit", "verify")
    assert (done.exit_code, done.stdout) == (1, "entry 1 of chain 2 was changed\n")
    found = json.loads(ghala("audit", "verify", "--json").stdout)
    assert found["faults"] == [{"chain": 2, "number": 1, "message": "was changed"}]


def test_entries_go_to_other_programs(ghala, tmp_path):
    lines = ghala("audit", "export").stdout.splitlines()
    assert [json.loads(line)["detail"]["change"] for line in lines] == ["added", "removed"]
    out = tmp_path / "events.jsonl"
    words = ("audit", "export", "--format", "ocsf", "--tag", "team:changed", "--out", str(out))
    assert ghala(*words).exit_code == 0
    assert [json.loads(line)["class_uid"] for line in out.read_text().splitlines()] == [3006, 3006]
    assert ghala(*words).exit_code == 2
