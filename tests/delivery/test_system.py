"""`system.audit` and `system.usage` over HTTP: governed like any other, and nothing at all for most."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from organisation import environment

from ghala.testing.people import PASSWORD

NOTHING = "SELECT 1 FROM zzzzzz.zzzzz"
USAGE = "SELECT DISTINCT dataset, principal FROM system.usage ORDER BY dataset, principal"


def ghala(organisation, *words):
    command = [str(Path(sys.executable).with_name("ghala")), *words]
    return subprocess.run(
        command,
        cwd=organisation.server.folder,
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture(scope="module")
def auditor(organisation):
    """A client of somebody who has taken the role."""
    role = ("user", "elevate", "zoe", "--role", "administrator")
    ghala(organisation, *role, "--reason", "audit")
    with organisation.server.client() as client:
        who = {"name": "zoe", "password": PASSWORD, "purpose": "administration"}
        client.headers["X-CSRF-Token"] = client.post("/session", json=who).json()["csrf"]
        yield client
    ghala(organisation, *role, "--end")


pytestmark = pytest.mark.usefixtures("used")


@pytest.fixture(scope="module")
def used(organisation):
    """Let three people read what they may."""
    for who, sql in (
        ("ben", "SELECT region FROM sales.customers"),
        ("amina", "SELECT id FROM sales.orders"),
        ("loader", "SELECT id FROM market.rates"),
    ):
        with organisation.asks(who) as client:
            assert client.post("/sql", json={"sql": sql}).status_code == 200


def said(response):
    """Return what an error says, apart from the names that were asked for."""
    problem = response.json()
    text = str([problem["detail"], problem.get("hint")])
    for name in ("system.audit", "system.usage", "zzzzzz.zzzzz"):
        text = text.replace(name, "NAME")
    return response.status_code, problem["code"], text


@pytest.mark.parametrize("who", ["ben", "loader"])
@pytest.mark.parametrize("dataset", ["system.audit", "system.usage"])
def test_for_most_they_are_not_there(organisation, who, dataset):
    with organisation.asks(who) as client:
        nothing = said(client.post("/sql", json={"sql": NOTHING}))
        assert said(client.post("/sql", json={"sql": f"SELECT 1 FROM {dataset}"})) == nothing
        old = f"SELECT 1 FROM {dataset} AT (VERSION => 1)"
        assert client.post("/sql", json={"sql": old}).status_code == 404
        assert client.get(f"/datasets/{dataset}".replace(".", "/")).status_code == 404
        assert "system" not in client.get("/datasets").text
        assert "system" not in client.get("/products").text
        listed = "SELECT table_schema FROM information_schema.tables"
        assert "system" not in client.post("/sql", json={"sql": listed}).text


def test_who_may_not_read_them_has_nothing_published(organisation):
    def releases():
        return json.loads(ghala(organisation, "releases", "--json"))

    ghala(organisation, "user", "assign", "ben", "steward")
    role = ("user", "elevate", "ben", "--role", "steward")
    ghala(organisation, *role, "--reason", "looks after it")
    before = releases()
    with organisation.server.client() as client:
        who = {"name": "ben", "password": PASSWORD, "purpose": "analytics"}
        client.headers["X-CSRF-Token"] = client.post("/session", json=who).json()["csrf"]
        for sql in ("SELECT 1 FROM system.audit", "SELECT 1 FROM system.audit, sales.customers"):
            denied = client.post("/sql", json={"sql": sql})
            assert denied.status_code == 403
            assert "ask its owner" in denied.json()["hint"]
        # What one may not read keeps what one may read from being published as well.
        sql = "SELECT 1 FROM system.audit, hr.salaries"
        assert client.post("/sql", json={"sql": sql}).status_code == 403
        sql = "SELECT 1 FROM system.audit, hr.nothing"
        assert client.post("/sql", json={"sql": sql}).status_code == 404
    assert releases() == before
    ghala(organisation, *role, "--end")
    ghala(organisation, "user", "assign", "ben", "steward", "--withdraw")


def test_auditors_read_both_in_clear(auditor):
    sql = (
        "SELECT principal, endpoint, decision, policy_version IS NOT NULL AS has_version, reasons"
        " FROM system.audit WHERE list_contains(objects, 'sales.customers')"
        " AND tag = 'dataset:read' AND principal = 'user:ben'"
    )
    rows = auditor.post("/sql", json={"sql": sql}).json()["rows"]
    assert rows[0][:4] == ["user:ben", "rest", "allowed", True]
    assert "analysts count customers" in str(rows[0][4])
    answer = auditor.post("/sql", json={"sql": USAGE}).json()
    assert ["sales.customers", "user:ben"] in answer["rows"]
    assert ["market.rates", "service:loader"] in answer["rows"]
    assert {"system.audit", "system.usage"} <= {
        one["name"] for one in auditor.get("/datasets").json()["datasets"]
    }
    listed = "SELECT table_schema, table_name FROM information_schema.tables"
    assert ["system", "usage"] in auditor.post("/sql", json={"sql": listed}).json()["rows"]


def test_owners_see_the_use_of_their_data_without_names(organisation):
    with organisation.asks("amina") as client:
        answer = client.post("/sql", json={"sql": USAGE}).json()
        assert {dataset for dataset, _ in answer["rows"]} == {"sales.customers", "sales.orders"}
        assert not any(str(who).startswith("user:") for _, who in answer["rows"])
        # A keyed hash: how many people there are can be counted.
        assert len({who for _, who in answer["rows"]}) > 1
        sql = "SELECT count(*) AS n FROM system.usage WHERE principal = 'user:ben' OR domain <> 'sales'"
        assert client.post("/sql", json={"sql": sql}).json()["rows"] == [[0]]
        assert client.post("/sql", json={"sql": "SELECT 1 FROM system.audit"}).status_code == 404


def test_an_agreement_lets_others_read_what_it_says(organisation):
    question = {"sql": "SELECT * FROM system.usage WHERE dataset = 'market.rates'"}
    with organisation.asks("ben") as client:
        assert client.post("/sql", json=question).status_code == 404
        asked = json.loads(
            ghala(
                organisation,
                *("access", "request", "system.usage", "--for", "user:ben", "--json"),
                *("--purpose", "analytics", "--why", "report", "--where", "domain=market"),
                *("--column", "dataset", "--column", "questions"),
            )
        )
        ghala(organisation, "access", "approve", asked["id"])
        page = client.post("/sql", json=question).json()
        seen = dict(zip([one["name"] for one in page["columns"]], page["rows"][0], strict=True))
        assert seen["dataset"] == "market.rates"
        assert seen["questions"] >= 1
        # A mask, where the agreement says nothing.
        assert seen["principal"] not in {None, "service:loader"}
        of_others = {"sql": "SELECT count(*) AS n FROM system.usage WHERE domain <> 'market'"}
        assert client.post("/sql", json=of_others).json()["rows"] == [[0]]
        assert client.get("/datasets/system/usage").status_code == 200
    ghala(organisation, "access", "revoke", asked["id"], "--reason", "done")


def test_policies_about_them_are_explained(organisation):
    found = ghala(organisation, "policy", "why", "user:amina", "system.usage", "--json")
    assert "ghala.owners-see-the-use-of-their-data" in found
    found = ghala(organisation, "policy", "who", "system.audit", "--json")
    assert {one["principal"] for one in json.loads(found)} == {"user:zoe"}
