"""`ghala policy` over a real workspace."""

import json
import shutil

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.model.audit import AuditEntry, AuditTag
from ghala.registry import audit
from ghala.registry.registry import open_registry
from ghala.testing.people import PASSWORD
from ghala.testing.workspace import Table, write_product

ORDERS = Table({"id": "bigint, primaryKey: true", "email": "varchar, tags: [pii.email]"})
POLICY = """// Analysts count.
@id("acme.read") @reason("analysts count")
permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.orders");
"""
TESTS = """tests:
  - name: users read without e-mail
    principal: bob
    dataset: sales.orders
    purpose: analytics
    expect: {read: true, clear: [id], masked: [email]}
"""


@pytest.fixture(scope="module")
def registry_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_registry(None, folder).close()
    return folder / "registry.db"


@pytest.fixture
def workspace(tmp_path, registry_file):
    root = tmp_path / "acme"
    (root / ".ghala").mkdir(parents=True)
    (root / "policies").mkdir()
    (root / "ghala.yaml").write_text("name: acme\n")
    write_product(root, "sales/orders", {"orders": ORDERS}, "")
    (root / "domains" / "sales" / "orders" / "pipeline.yaml").unlink(missing_ok=True)
    (root / "policies" / "own.cedar").write_text(POLICY)
    (root / "policies" / "tests.yaml").write_text(TESTS)
    shutil.copy(registry_file, root / ".ghala" / "registry.db")
    return root


@pytest.fixture
def ghala(workspace):
    def call(*words, typed=None):
        words = [*words, "-w", str(workspace)]
        return CliRunner().invoke(cli, words, obj=State(), prog_name="ghala", input=typed)

    added = call("user", "add", "bob", "--password-stdin", typed=PASSWORD + "\n")
    assert added.exit_code == 0, added.output
    return call


def done(result, code=0):
    assert result.exit_code == code, result.output
    return result.stdout


def test_policies_are_listed_with_their_places(ghala):
    result = ghala("policy", "check")
    assert "acme.read" in done(result)
    assert "policies/own.cedar:2:1" in result.stdout
    assert "not what is in force" in result.stderr
    answer = json.loads(done(ghala("policy", "check", "--json")))
    assert (answer["is_applied"], answer["in_force"]) == (False, None)
    assert answer["policies"][-1] == {
        "id": "acme.read", "effect": "permit", "reason": "analysts count",
        "place": "policies/own.cedar:2:1",
    }  # fmt: skip


def test_a_policy_that_is_wrong_is_found(ghala, workspace):
    (workspace / "policies" / "own.cedar").write_text("permit;")
    result = ghala("policy", "check")
    assert (result.exit_code, "policies/own.cedar:1:1" in result.stderr) == (1, True)


def test_tests_that_pass(ghala):
    assert done(ghala("policy", "test")) == "passed  users read without e-mail\n"
    (outcome,) = json.loads(done(ghala("policy", "test", "--json")))
    assert (outcome["passed"], outcome["differences"]) == (True, [])


def test_a_test_that_fails_shows_both_sides(ghala, workspace):
    path = workspace / "policies" / "tests.yaml"
    path.write_text(TESTS.replace("[email]", "[]"))
    printed = done(ghala("policy", "test"), 1)
    assert "FAILED  users read without e-mail\n  at policies/tests.yaml:2:5\n" in printed
    assert "  - masked: none\n  + masked: email\n" in printed
    refused = ghala("policy", "apply")
    assert (refused.exit_code, "tests of the policies fail" in refused.stderr) == (2, True)
    assert "in force since" in done(ghala("policy", "apply", "--untested"))


def test_tests_are_linted(ghala, workspace):
    path = workspace / "policies" / "tests.yaml"
    path.write_text(TESTS.replace("purpose: analytics", "purpose: fun"))
    assert "policies/tests.yaml:5:14" in ghala("lint").stdout


def test_no_tests_are_no_failure(ghala, workspace):
    (workspace / "policies" / "tests.yaml").unlink()
    result = ghala("policy", "test")
    assert (result.exit_code, "there are no tests" in result.stderr) == (0, True)


def test_what_is_in_force_is_remembered(ghala):
    assert "no policies were put in force" in ghala("policy", "history").stderr
    applied = json.loads(done(ghala("policy", "apply", "--json")))
    assert (applied["number"], applied["applied_by"]) == (1, "owner:local")
    assert applied["version"][:12] in done(ghala("policy", "history"))
    assert "all of them are in force" in ghala("policy", "check").stderr


def test_a_decision_is_explained(ghala):
    printed = done(ghala("policy", "why", "bob", "sales.orders"))
    assert printed.startswith("user:bob may read sales.orders for analytics, through rest\n")
    assert "permit acme.read (policies/own.cedar:2:1): analysts count" in printed
    assert "its tag pii.email" in printed
    denied = done(ghala("policy", "why", "service:x", "sales.orders"), 2)
    assert denied == ""


def test_a_denied_decision_is_explained(ghala, workspace):
    (workspace / "policies" / "own.cedar").write_text("")
    printed = done(ghala("policy", "why", "bob", "sales.orders.email", "--purpose", "operations"))
    assert "may not read" in printed
    assert "because no policy and no agreement admits user:bob" in printed


def test_a_past_decision_says_what_is_not_known(ghala):
    result = ghala("policy", "why", "bob", "sales.orders", "--at", "2020-01-01T00:00:00Z", "--json")
    explained = json.loads(done(result))
    assert explained["at"] == "2020-01-01T00:00:00+00:00"
    assert len(explained["unknown"]) == 3
    assert ghala("policy", "why", "bob", "sales.orders", "--at", "soon").exit_code == 2


def test_readers_are_listed(ghala):
    printed = done(ghala("policy", "who", "sales.orders.email", "--purpose", "analytics"))
    assert "user:bob" in printed
    assert "policy acme.read" in printed
    (reader,) = json.loads(
        done(ghala("policy", "who", "sales.orders", "--purpose", "analytics", "--json"))
    )
    assert (reader["clear"], reader["masked"]) == (["id"], ["email"])


def test_a_change_is_simulated_over_what_was_asked(ghala, workspace, tmp_path):
    done(ghala("policy", "apply"))
    registry = open_registry(None, workspace / ".ghala")
    asked = AuditEntry(AuditTag.DATASET_READ, "user:bob", "analytics", ("sales.orders",))
    with registry.write() as connection:
        audit.append(connection, asked)
    registry.close()
    assert "nobody gains or loses" in ghala("policy", "simulate").stderr
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / "own.cedar").write_text("")
    printed = done(ghala("policy", "simulate", "--days", "1", "--policies", str(draft)), 1)
    assert printed.startswith("- user:bob, sales.orders, for analytics, through rest: 1 question\n")
    assert "answered, then denied" in printed
    answer = json.loads(done(ghala("policy", "simulate", "--json")))
    assert (answer["has_losers"], answer["queries"]) == (False, 1)
    (draft / "own.cedar").unlink()
    assert ghala("policy", "simulate", "--policies", str(draft)).exit_code == 2
