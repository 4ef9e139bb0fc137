"""`ghala lineage` and `ghala tags`, over a small workspace that ran."""

import json

import pytest
from click.testing import CliRunner

import ghala as program
from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.testing.shop import Shop
from ghala.testing.workspace import Table

PEOPLE = Table(
    {"id": "bigint, primaryKey: true, required: true", "email": "varchar, tags: [pii.email]"}
)
LIST = Table({"id": "bigint", "contact": "varchar"})
SQL = "SELECT id, CASE WHEN id > 1 THEN lower(email) END AS contact FROM sales.people WHERE email <> ''"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    shop = Shop.open(tmp_path_factory.mktemp("lineage") / "shop")
    shop.add("sales/people", PEOPLE, files="p.csv")
    shop.put("p.csv", "id,email\n1,a@x\n")
    shop.publish("sales/people")
    shop.add_query("sales/contacts", LIST, SQL, inputs=("sales/people",))
    shop.publish("sales/contacts")
    shop.app.close()
    return shop.folder


@pytest.fixture
def ghala(folder):
    def call(*words):
        state = State(open=lambda _folder: program.open(folder))
        return CliRunner().invoke(cli, words, obj=state, prog_name="ghala")

    return call


def test_a_tree_shows_where_each_column_comes_from(ghala):
    result = ghala("lineage", "sales.contacts")
    assert result.exit_code == 0
    assert result.stdout == (
        "sales.contacts.id\n"
        "└─ sales.people.id\n"
        "   └─ source rows: id (csv: in/p.csv)\n"
        "sales.contacts.contact\n"
        "├─ sales.people.email\n"
        "│  └─ source rows: email (csv: in/p.csv)\n"
        "└─ sales.people.id (decides the value) …\n"
        "rows of sales.contacts\n"
        "└─ sales.people.email …\n"
    )


def test_a_tree_goes_down(ghala):
    result = ghala("lineage", "sales.people.email", "--down")
    assert result.stdout == (
        "sales.people.email\n├─ rows of sales.contacts\n└─ sales.contacts.contact\n"
    )


def test_json_has_every_edge(ghala):
    for words in (["--json"], ["--format", "json"]):
        found = json.loads(
            ghala("lineage", "sales.contacts.contact", "--depth", "1", *words).stdout
        )
        assert found["columns"] == ["contact"]
        assert {
            "origin": "sales.people.id",
            "target": "sales.contacts.contact",
            "kind": "indirect",
        } in found["edges"]


def test_mermaid_is_a_diagram(ghala):
    lines = ghala("lineage", "sales.contacts.id", "--format", "mermaid").stdout.splitlines()
    assert lines[0] == "flowchart LR"
    assert '  subgraph t1["sales.people"]' in lines
    assert sum("-->" in line for line in lines) == 3


def test_names_that_are_wrong_are_refused_with_the_likely_one(ghala):
    for name, hint in (
        ("sales.contcts", "did you mean `sales.contacts`?"),
        ("sales.contacts.contct", "did you mean `contact`?"),
        ("contacts", "did you mean `sales.contacts`?"),
    ):
        result = ghala("lineage", name)
        assert result.exit_code == 2
        assert hint in result.stderr
        assert result.stdout == ""
    assert ghala("lineage", "sales.contacts", "--release", "9").exit_code == 2
    assert ghala("lineage", "sales.contacts", "--format", "png").exit_code == 2


def test_tags_are_shown_declared_listed_and_withdrawn(ghala):
    shown = ghala("tags", "show", "sales.contacts.contact")
    assert "pii.email of sales.people.email" in shown.stdout
    declared = ghala(
        "tags", "declare", "sales.contacts.contact", "--not", "pii.email", "--reason", "a test"
    )
    assert declared.exit_code == 0
    made = json.loads(ghala("tags", "list", "--json").stdout)[0]
    assert f"declared {made['id']}: not pii.email" in declared.stdout
    assert (
        json.loads(ghala("tags", "show", "sales.contacts.contact", "--json").stdout)[0]["inherited"]
        == {}
    )
    assert ghala("tags", "withdraw", made["id"]).exit_code == 0
    assert ghala("tags", "withdraw", made["id"]).exit_code != 0
    assert "a test" in ghala("tags", "list", "sales.contacts").stdout


def test_a_declaration_needs_a_reason(ghala):
    assert ghala("tags", "declare", "sales.contacts.contact", "--not", "pii.email").exit_code == 2
