"""`/policies` over HTTP: everybody their own decisions, some those of others; changed files without a restart."""

import time

import pytest
from canonical import assert_canonical_error
from organisation import POLICY

from ghala.governance.roles import Roles
from ghala.model.principal import OWNER_LOCAL
from ghala.registry.registry import now_us, open_registry
from ghala.testing.people import PASSWORD

CHANGED = {"days": 1, "files": [{"name": "own.cedar", "text": ""}]}
WHY = "/policies/why?dataset=sales.customers"


@pytest.fixture
def ben(client):
    return signed_in(client, "ben")


@pytest.fixture
def administrator(client, organisation):
    registry = open_registry(None, organisation.server.folder / ".ghala")
    Roles(registry, now_us).take("zoe", "administrator", minutes=5, reason="test", by=OWNER_LOCAL)
    yield signed_in(client, "zoe")
    Roles(registry, now_us).end("zoe", "administrator", by=OWNER_LOCAL)
    registry.close()


def signed_in(client, name):
    me = {"name": name, "password": PASSWORD, "purpose": "analytics"}
    client.headers["X-CSRF-Token"] = client.post("/session", json=me).json()["csrf"]
    return client


def test_everybody_may_know_why(ben):
    found = ben.get(WHY).json()
    assert (found["principal"], found["may_read"]) == ("user:ben", True)
    assert found["read"] == [
        {
            "id": "acme.analysts-read-customers",
            "effect": "permit",
            "reason": "analysts count customers",
            "place": "policies/own.cedar:1:1",
        }
    ]
    assert {one["name"]: one["clearance"] for one in found["columns"]} == {
        "id": "clear", "region": "clear", "email": "masked", "door_code": "masked",
    }  # fmt: skip
    assert not ben.get(f"{WHY}&purpose=operations").json()["may_read"]
    past = ben.get(f"{WHY}&at=2026-01-01T00:00:00Z").json()
    assert past["unknown"]


def test_what_others_see_is_for_some(ben):
    for path in (f"{WHY}&user=amina", "/policies/who?dataset=sales.customers", "/policies"):
        assert_canonical_error(ben.get(path), 403, "denied")
    assert_canonical_error(ben.post("/policies/simulation", json=CHANGED), 403, "denied")


def test_what_is_hidden_is_not_found(ben):
    for path in ("hr.salaries", "hr.nothing", "sales.customers.margin", "x"):
        for verb in ("why", "who"):
            response = ben.get(f"/policies/{verb}?dataset={path}")
            if verb == "why" or not path.startswith("sales"):
                assert_canonical_error(response, 404, "not_found")


@pytest.mark.parametrize(
    "query",
    [
        "at=9999-12-31T23:59:59-14:00",
        "at=0001-01-01T00:00:00%2B14:00",
        "purpose=fun",
        "at=2999-01-01",
    ],
)
def test_what_cannot_be_asked_is_refused(ben, query):
    assert ben.get(f"{WHY}&{query}").status_code == 400


def test_the_owning_team_knows_who_reads(organisation):
    with organisation.asks("amina") as client:
        assert_canonical_error(client.get(WHY), 403, "denied")


def test_an_administrator_sees_what_is_in_force(administrator):
    found = administrator.get("/policies").json()
    assert (found["files"], found["fault"]) == ("applied", None)
    assert "acme.analysts-read-customers" in {one["id"] for one in found["policies"]}
    assert found["applied_by"] == "owner:local"


def test_an_administrator_knows_who_reads(administrator):
    found = administrator.get("/policies/who?dataset=sales.customers.email").json()["readers"]
    seen = {
        (one["principal"], bool(one["clear"])) for one in found if "analytics" in one["purposes"]
    }
    assert {("user:amina", True), ("user:ben", False)} <= seen


def test_a_change_is_simulated(administrator, organisation):
    with organisation.asks("ben") as ben:
        assert ben.post("/sql", json={"sql": "SELECT id FROM sales.customers"}).status_code == 200
    found = administrator.post("/policies/simulation", json=CHANGED).json()
    ben = [one for one in found["changes"] if one["principal"] == "user:ben"]
    assert ben
    assert all((one["before"], one["after"]) == (True, False) for one in ben)
    assert found["has_losers"]
    wrong = {"days": 1, "files": [{"name": "own.cedar", "text": "permit"}]}
    assert_canonical_error(administrator.post("/policies/simulation", json=wrong), 400, "usage")


def test_changed_files_are_taken_over_while_the_server_runs(ben, organisation):
    path = organisation.server.folder / "policies" / "own.cedar"
    try:
        path.write_text("permit (")
        path.with_name("more.cedar").write_text("")
        assert ben.get(WHY).json()["may_read"]
        path.write_text(POLICY.replace("permit", "forbid", 1))
        wait_until(lambda: ben.get(WHY).status_code, 404)
    finally:
        path.write_text(POLICY)
        path.with_name("more.cedar").unlink()
        wait_until(lambda: ben.get(WHY).status_code, 200)


def wait_until(find, wanted):
    deadline = time.monotonic() + 10
    while (found := find()) != wanted:
        assert time.monotonic() < deadline, found
