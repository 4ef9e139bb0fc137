"""The audit over HTTP: for auditors and administrators, and for nobody else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from canonical import assert_hardened
from organisation import environment

from ghala.testing.people import PASSWORD

WHO = {"name": "zoe", "password": PASSWORD, "purpose": "administration"}


@pytest.fixture(scope="module")
def auditor(organisation):
    """A client of somebody who has taken the role."""

    def elevate(*words):
        command = [str(Path(sys.executable).with_name("ghala")), "user", "elevate", "zoe", *words]
        folder = organisation.server.folder
        subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)

    elevate("--role", "administrator", "--reason", "audit")
    with organisation.server.client() as client:
        assert client.post("/session", json=WHO).status_code == 201
        yield client
    elevate("--role", "administrator", "--end")


PATHS = ("/audit", "/audit/verification", "/audit/anchor", "/audit/export")


@pytest.mark.parametrize("path", PATHS)
def test_others_are_denied(organisation, path):
    with organisation.asks("ben") as client:
        denied = client.get(path)
    assert denied.status_code == 403
    assert_hardened(denied)
    with organisation.server.client() as nobody:
        assert nobody.get(path).status_code == 401


def test_a_read_is_found_with_what_it_read(organisation, auditor):
    sql = "SELECT count(*) AS n FROM sales.customers WHERE region = 'EU'"
    with organisation.asks("ben") as client:
        assert client.post("/sql", json={"sql": sql}).status_code == 200
    found = auditor.get("/audit", params={"who": "user:ben", "tag": "dataset:read", "limit": 1})
    assert_hardened(found)
    page = found.json()
    (entry,) = page["entries"]
    assert (entry["principal"], entry["purpose"]) == ("user:ben", "analytics")
    assert (entry["outcome"], entry["rows"]) == ("finished", 1)
    detail = entry["detail"]
    assert detail["endpoint"] == "rest"
    assert len(detail["policy_version"]) >= 12
    dataset = detail["datasets"]["sales.customers"]
    assert (dataset["release"], dataset["columns"]) == (1, ["region"])
    assert any("analysts" in reason for reason in dataset["reasons"])
    assert "EU" not in json.dumps(detail)
    assert page["next"] is not None
    after = auditor.get("/audit", params={"after": page["next"], "limit": 1}).json()
    assert after["entries"][0]["at"] <= entry["at"]
    assert auditor.get("/audit", params={"after": "x"}).status_code == 422
    assert auditor.get("/audit", params={"eaten": "x"}).status_code == 422


def test_a_masked_column_is_recorded_as_masked(organisation, auditor):
    with organisation.asks("ben") as client:
        client.post("/sql", json={"sql": "SELECT * FROM sales.customers"})
    found = auditor.get("/audit", params={"who": "user:ben", "tag": "dataset:read", "limit": 1})
    dataset = found.json()["entries"][0]["detail"]["datasets"]["sales.customers"]
    assert "email" in dataset["masked"]
    assert "region" in dataset["columns"]
    assert "margin" not in json.dumps(dataset)


def test_nothing_was_changed_and_an_anchor_says_so(auditor):
    found = auditor.get("/audit/verification").json()
    assert found["faults"] == []
    assert found["entries"] > 0
    anchor = auditor.get("/audit/anchor").json()
    assert json.loads(anchor["body"])["entries"] >= found["entries"]


def test_an_export_is_json_lines(auditor):
    done = auditor.get("/audit/export", params={"tag": "user:created"})
    assert_hardened(done)
    assert done.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in done.text.splitlines()]
    assert {line["tag"] for line in lines} == {"user:created"}
    events = auditor.get("/audit/export", params={"tag": "user:created", "format": "ocsf"})
    assert {json.loads(line)["class_uid"] for line in events.text.splitlines()} == {3001}
    assert auditor.get("/audit/export", params={"format": "xml"}).status_code == 422
