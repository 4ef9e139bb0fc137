"""The example's definitions: without a finding, valid by the standard, and complete enough to learn from."""

import json
from importlib import resources
from pathlib import Path

import jsonschema
import open_data_contract_standard
import pytest
from ruamel.yaml import YAML

from ghala.ingest.find import check_source
from ghala.model.product import StepKind
from ghala.spec.lint import lint_workspace
from ghala.spec.load import load_workspace
from ghala.spec.settings_file import load_settings
from ghala.testing.demo.workspace import make_workspace

SHIPPED = Path(str(resources.files("ghala.testing.demo") / "workspace"))
CONTRACTS = sorted(SHIPPED.glob("domains/*/*/*.odcs.yaml"))
PERSONAL = {
    "born_on",
    "email",
    "family_name",
    "given_name",
    "national_id",
    "phone",
    "private_email",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    target = tmp_path_factory.mktemp("demo") / "pwani"
    make_workspace(target, scale=0.001)
    return load_workspace(target, load_settings(target), check_source)


def read(path):
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(path), default=str))


def test_no_finding(workspace):
    assert lint_workspace(workspace.root, check_source) == ()


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.name)
def test_contracts_are_valid_by_the_standard(path):
    schema = Path(open_data_contract_standard.__file__).parent / "schema.json"
    validator = jsonschema.Draft201909Validator(json.loads(schema.read_text("utf-8")))
    assert [error.message for error in validator.iter_errors(read(path))] == []


def test_the_size_of_the_example(workspace):
    datasets = {str(d.name) for product in workspace.products for d in product.datasets}
    assert {domain.name for domain in workspace.domains} == {
        "finance",
        "logistics",
        "people",
        "sales",
        "web",
    }
    assert len(workspace.products) == 12
    assert datasets == {
        "finance.exchange_rates",
        "finance.ledger",
        "finance.revenue_monthly",
        "logistics.deliveries_monthly",
        "logistics.shipments",
        "people.headcount",
        "people.staff",
        "sales.customers",
        "sales.goods",
        "sales.order_lines",
        "sales.orders",
        "web.events",
        "web.sessions",
    }


def test_three_products_read_other_domains(workspace):
    owners = {c.id: p.name.domain for p in workspace.products for c in p.contracts}
    across = {
        str(product.name)
        for product in workspace.products
        if any(owners[contract] != product.name.domain for contract in product.inputs)
    }
    assert across == {"finance/revenue", "logistics/deliveries", "people/headcount"}


def test_every_way_to_make_a_dataset_is_shown(workspace):
    steps = [step for product in workspace.products for step in product.pipeline.steps]
    assert {(step.kind, str(step.materialisation)) for step in steps if step.dataset} == {
        (StepKind.INGEST, "append"),
        (StepKind.INGEST, "replace"),
        (StepKind.SQL, "replace"),
    }
    assert any(step.dataset is None for step in steps)
    assert {s.type for p in workspace.products for s in p.pipeline.sources} == {"csv", "ndjson"}


def test_everything_is_described_and_has_its_owner(workspace):
    for product in workspace.products:
        assert product.owner, product.name
        assert product.purpose, product.name
        assert {"README.md", "roadmap.yaml"} <= {path.name for path in product.folder.iterdir()}
        for dataset in product.datasets:
            assert dataset.description, dataset.name
            assert dataset.primary_key, dataset.name
            for column in dataset.columns:
                assert column.description, (dataset.name, column.name)
                assert column.classification, (dataset.name, column.name)
    assert all(domain.owner for domain in workspace.domains)


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.name)
def test_contracts_say_their_terms(path):
    contract = read(path)
    assert all(contract["description"].get(key) for key in ("purpose", "limitations", "usage"))
    assert {sla["property"] for sla in contract["slaProperties"]} >= {"frequency", "retention"}
    assert contract["support"]
    assert contract["roles"]
    assert contract["team"]["members"][0]["role"] == "owner"


def test_personal_data_is_marked(workspace):
    columns = [c for p in workspace.products for d in p.datasets for c in d.columns]
    named = [column for column in columns if column.name in PERSONAL]
    assert {column.name for column in named} == PERSONAL
    for column in named:
        assert any(tag.startswith("pii.") for tag in column.tags), column.name
        assert column.classification in {"confidential", "restricted"}, column.name
    # The aggregate that others may read has none of it.
    headcount = next(p for p in workspace.products if str(p.name) == "people/headcount")
    assert not [c.name for c in headcount.datasets[0].columns if c.tags]
