"""`ghala access` over a real workspace."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.registry.registry import open_registry
from ghala.testing.workspace import Table, write_product, write_workspace

ORDERS = Table(
    {
        "id": "bigint, primaryKey: true, required: true",
        "region": "varchar",
        "email": "varchar, tags: [pii.email]",
    }
)
ASKED = ("sales.orders", "--for", "user:amina", "--purpose", "analytics", "--why", "churn model")


@pytest.fixture(scope="module")
def registry_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_registry(None, folder).close()
    return folder / "registry.db"


@pytest.fixture
def ghala(tmp_path, registry_file):
    root = write_workspace(tmp_path / "acme")
    write_product(root, "sales/orders", {"orders": ORDERS}, "steps: []\nsources: {}\n")
    (root / "domains" / "sales" / "orders" / "pipeline.yaml").unlink()
    (root / ".ghala").mkdir()
    shutil.copy(registry_file, root / ".ghala" / "registry.db")

    def call(verb, *words):
        words = ["access", verb, *words, "-w", str(root)]
        return CliRunner().invoke(cli, words, obj=State(), prog_name="ghala")

    added = CliRunner().invoke(
        cli, ["user", "add", "amina", "--no-password", "-w", str(root)], obj=State()
    )
    assert added.exit_code == 0, added.output
    return call


@pytest.fixture
def asked(ghala):
    """The id of a request."""
    done = ghala("request", *ASKED, "--column", "id", "--where", "region=KE,TZ", "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["id"]


def test_from_asking_to_revoking(ghala):
    done = ghala("request", *ASKED, "--column", "id", "--column", "EMAIL", "--days", "30")
    asked = done.stdout.split(":")[0]
    assert done.stdout == f"{asked}: requested\n"
    assert f"ghala access approve {asked}" in done.stderr
    row = ghala("list").stdout.splitlines()[2].split()
    assert row[:3] == [asked, "requested", "user:amina"]
    approved = ghala("approve", asked, "--reason", "fine")
    assert (approved.stdout, approved.exit_code) == (f"{asked}: approved\n", 0)
    assert ghala("list", "--state", "in_force").stdout.splitlines()[2].startswith(asked)
    shown = json.loads(ghala("show", asked, "--json").stdout)
    assert (shown["request"]["state"], shown["agreement"]["state"]) == ("approved", "in_force")
    outline = ghala("show", asked).stdout
    assert outline.startswith("request:\n  id: ")
    assert all(
        "T" not in line.partition(": ")[2] for line in outline.splitlines() if "until" in line
    )
    assert ghala("narrow", asked, "--column", "id").stdout.startswith(f"{asked}: 1 columns until ")
    assert ghala("renew", asked, "--days", "300").stdout.startswith(f"{asked}: in force until ")
    assert ghala("reassess", asked).stdout.startswith(f"{asked}: to be looked at again ")
    assert ghala("revoke", asked, "--reason", "over").stdout == f"{asked}: revoked\n"
    told = json.loads(ghala("history", asked, "--json").stdout)
    assert [one["event"] for one in told] == [
        "requested", "approved", "narrowed", "renewed", "reassessed", "revoked",
    ]  # fmt: skip
    assert {one["by"] for one in told} == {"owner:local"}
    assert "owner:local" in ghala("history", asked).stdout


def test_a_denial_and_a_withdrawal(ghala, asked):
    assert ghala("deny", asked).exit_code == 2
    denied = ghala("deny", asked, "--reason", "too much")
    assert denied.stdout == f"{asked}: denied\n"
    again = ghala("approve", asked)
    assert (again.exit_code, "is denied already" in again.stderr) == (1, True)
    other = json.loads(ghala("request", *ASKED, "--all-columns", "--json").stdout)
    assert other["columns"] == ["email", "id", "region"]
    assert ghala("withdraw", other["id"]).stdout == f"{other['id']}: withdrawn\n"
    listed = json.loads(ghala("list", "--json").stdout)
    assert [one["state"] for one in listed["requests"]] == ["withdrawn", "denied"]
    assert "nobody asked" not in ghala("list", "--dataset", "sales.orders").stdout
    assert "nothing of that kind" in ghala("list", "--state", "revoked").stderr


def test_a_preview_of_a_dataset_and_of_a_request(ghala, asked):
    words = ("--for", "user:amina", "--purpose", "analytics", "--column", "email")
    preview = ghala("preview", "sales.orders", *words)
    assert preview.exit_code == 0, preview.output
    assert "sales.orders for user:amina, analytics:" in preview.stdout
    assert "person1@example.org" in preview.stdout
    found = json.loads(ghala("preview", asked, "--json").stdout)
    assert {one["name"]: one["clearance"] for one in found["columns"]} == {
        "id": "clear", "region": "masked", "email": "masked",
    }  # fmt: skip
    assert found["grantee"] == "user:amina"


def test_documents_are_yaml_or_json(ghala, asked):
    text = ghala("export").stdout
    assert text.startswith("apiVersion: v0.9.0\nkind: AccessAgreement\n")
    (document,) = json.loads(ghala("export", asked, "--format", "json").stdout)
    assert (document["id"], document["consumer"]) == (asked, {"userId": "amina"})
    assert ghala("export", "000000000000").exit_code == 2


def test_nothing_to_suggest_yet(ghala):
    assert "is used as it is" in ghala("suggest").stderr
    assert json.loads(ghala("suggest", "--days", "1", "--json").stdout) == []


def test_the_last_day_is_in_it(ghala):
    day = (datetime.now(UTC) + timedelta(days=10)).date()
    made = json.loads(
        ghala("request", *ASKED, "--all-columns", "--until", str(day), "--json").stdout
    )
    assert datetime.fromisoformat(made["until"]) == datetime(
        day.year, day.month, day.day, tzinfo=UTC
    ) + timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("request", *ASKED), "no column is asked for"),
        (("request", *ASKED, "--column", "emial"), "did you mean `email`?"),
        (("request", *ASKED, "--column", "id", "--all-columns"), "exclude each other"),
        (("request", *ASKED, "--column", "id", "--where", "region"), "is no condition"),
        (("request", *ASKED, "--column", "id", "--where", "id>x"), "not a number"),
        (("request", *ASKED, "--column", "id", "--rows", "{"), "is no JSON"),
        (("request", *ASKED, "--column", "id", "--until", "soon"), "is no date"),
        (("request", *ASKED, "--column", "id", "--until", "2027-01-31", "--days", "3"), "two ways"),
        (("request", "sales.order", *ASKED[1:], "--column", "id"), "did you mean `sales.orders`?"),
        (("request", "sales.orders", "--for", "user:bob", *ASKED[3:], "--column", "id"), "there is no account"),
        (("preview", "sales.orders"), "a preview is for a purpose"),
        (("renew", "000000000000"), "until when"),
        (("show", "000000000000"), "there is no such request"),
        (("revoke", "000000000000", "--reason", "x"), "there is no such agreement"),
        (("list", "--state", "lost"), "requested, denied, withdrawn, in_force, expired, revoked"),
        (("list", "--state", "approved"), "in_force"),
        (("deny", "000000000000"), "--reason"),
        (("deny", "000000000000", "--reason", " "), "`reason`"),
        (("revoke", "000000000000"), "--reason"),
        (("request", *ASKED[:3], "--purpose", "analytics", "--why", " ", "--column", "id"), "`justification`"),
        (
            ("request", "sales.orders", "--for", "product:sales/orders", *ASKED[3:], "--column", "id"),
            "ask for the purpose `production`",
        ),
        (("frobnicate",), "no such command"),
    ],
)  # fmt: skip
def test_wrong_use_exits_with_2_and_a_hint(ghala, words, said):
    done = ghala(*words)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert said in done.stderr
    assert "hint: " in done.stderr
