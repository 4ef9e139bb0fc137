"""`ghala lint` over real folders whose files are wrong, `ghala.yaml` among them."""

import json

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.testing.workspace import Table, write_product, write_workspace

PIPELINE = (
    "sources:\n  files: {type: csv, files: '*.csv'}\n"
    "steps:\n  - {name: land, source: files, dataset: orders}\n"
)


@pytest.fixture
def acme(tmp_path):
    root = write_workspace(tmp_path / "acme")
    write_product(root, "sales/orders", {"orders": Table({"id": "bigint"})}, PIPELINE)
    (root / "ghala.yaml").write_text("name: acme\nnam: x\n")
    contract = root / "domains" / "sales" / "orders" / "orders.odcs.yaml"
    contract.write_text(contract.read_text().replace("bigint", "bigin"))
    return root


def lint(root, *words):
    return CliRunner().invoke(cli, ["lint", "--workspace", str(root), *words])


def test_a_wrong_ghala_yaml_hides_no_other_finding(acme):
    found = json.loads(lint(acme, "--format", "json").stdout)
    files = {finding["file"] for finding in found}
    assert files == {"ghala.yaml", "domains/sales/orders/orders.odcs.yaml"}


def test_a_wrong_ghala_yaml_is_said_in_every_format(acme):
    (acme / "ghala.yaml").write_text("name: acme\nzones: [a\n")
    for form in ("text", "json", "sarif"):
        result = lint(acme, "--format", form)
        assert result.exit_code == 1
        assert "ghala.yaml" in result.stdout


def test_every_wrong_policy_is_found_with_its_line(acme):
    (acme / "ghala.yaml").write_text("name: acme\n")
    (acme / "policies").mkdir()
    (acme / "policies" / "own.cedar").write_text(
        'permit (principal, action, resource);\n\n@id("x") permit (principal, nothing, resource);\n'
    )
    found = json.loads(lint(acme, "--format", "json").stdout)
    places = [(one["file"], one["line"]) for one in found if one["code"] == "policy.invalid"]
    assert places == [("policies/own.cedar", 1), ("policies/own.cedar", 3)]
