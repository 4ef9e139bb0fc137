"""Runs and reports over HTTP: who starts them, what somebody may know of them, and no values."""

import threading

from canonical import assert_canonical_error
from organisation import SECRETS


def test_the_owning_team_sees_how_its_rows_were_counted(organisation):
    with organisation.asks("amina") as amina:
        (run,) = amina.get("/runs", params={"product": "sales/customers"}).json()["runs"]
        full = amina.get(f"/runs/{run['id']}").json()
        (report,) = full["reports"]
        assert (full["state"], full["release"], full["quarantined"]) == ("published", 1, [])
        assert [step["rows_out"] for step in full["steps"]] == [2]
        assert report["rows_released"] == 2
        assert {"id"} in [set(one["columns"]) for one in report["findings"]]


def test_others_see_that_it_ran_and_not_from_what(organisation):
    with organisation.asks("ben") as ben:
        (run,) = ben.get("/runs", params={"product": "sales/orders"}).json()["runs"]
        full = ben.get(f"/runs/{run['id']}").json()
        assert (full["steps"], full["quarantined"], full["error"]) == (None, None, None)
        (report,) = full["reports"]
        # Found, and not read: whether rules hold, and no counts.
        assert (report["is_broken"], report["rows_released"]) == (False, None)
        assert all(one["failed_rows"] is None for one in report["findings"])


def test_a_run_of_what_does_not_exist_for_somebody_does_not_exist(organisation):
    with organisation.asks("ben") as ben, organisation.asks("narrow") as narrow:
        told = assert_canonical_error(ben.get("/runs/gone"), 404, "not_found")
        assert told["detail"] == "there is no run `gone`"
        listed = {one["product"] for one in ben.get("/runs").json()["runs"]}
        assert "hr/salaries" not in listed
        assert {"sales/customers", "market/rates"} <= listed
        assert narrow.get("/runs").json() == {"runs": []}
        foreign = ben.get("/quality/hr/salaries")
        gone = ben.get("/quality/hr/gone")
        assert_canonical_error(foreign, 404, "not_found")
        assert foreign.json()["detail"].replace("salaries", "gone") == gone.json()["detail"]


def test_the_last_report_is_about_what_the_asker_sees(organisation):
    with organisation.asks("ben") as ben:
        reports = ben.get("/quality").json()["reports"]
        by_name = {one["dataset"]: one for one in reports}
        assert "hr.salaries" not in by_name
        assert by_name["market.rates"]["rows_released"] == 3
        named = {name for one in reports for found in one["findings"] for name in found["columns"]}
        assert "margin" not in named
        assert "door_code" not in named
        text = ben.get("/quality").text + ben.get("/runs").text
        assert not [value for value in SECRETS.values() if value in text]
        one = ben.get("/quality/market/rates").json()
        assert (one["dataset"], one["release"]) == ("market.rates", 1)


def ended(client, run):
    """Wait until a run has ended, and return it."""
    for _ in range(600):
        if (found := client.get(f"/runs/{run}").json())["state"] != "running":
            return found
        threading.Event().wait(0.05)
    raise AssertionError(found)


def test_a_token_starts_a_run_and_follows_it(organisation):
    with organisation.asks("runner") as runner:
        begun = runner.post("/runs", json={"product": "sales/orders", "environment": "dev"})
        assert (begun.status_code, begun.json()["state"]) == (202, "running")
        run = begun.json()["id"]
        assert begun.headers["Location"] == f"/api/v1/runs/{run}"
        full = ended(runner, run)
        assert (full["state"], full["release"], full["started_by"]) == (
            "published",
            1,
            "user:amina",
        )
        assert [(one["name"], one["state"]) for one in full["graph"]] == [
            ("land", "done"),
            ("publish", "done"),
        ]
        assert full["graph"][0]["rows_out"] == 2
        log = runner.get(f"/runs/{run}/log").json()
        assert [line["text"] for line in log["lines"]][-1] == "published"
        rest = runner.get(f"/runs/{run}/log", params={"after": log["next"]}).json()
        assert (rest["lines"], rest["next"]) == ([], log["next"])
        assert not [value for value in SECRETS.values() if value in str(log)]


def test_who_is_not_responsible_starts_nothing_and_reads_no_log(organisation):
    with organisation.asks("ben") as ben, organisation.asks("amina") as amina:
        refused = ben.post("/runs", json={"product": "sales/orders"})
        assert_canonical_error(refused, 403, "denied")
        assert_canonical_error(amina.post("/runs", json={"product": "sales/orders"}), 403, "denied")
        gone = ben.post("/runs", json={"product": "hr/salaries"})
        assert assert_canonical_error(gone, 404, "not_found")["detail"] == (
            "there is no product `hr/salaries`"
        )
        (run, *_) = ben.get("/runs", params={"product": "sales/orders"}).json()["runs"]
        assert_canonical_error(ben.get(f"/runs/{run['id']}/log"), 403, "denied")
        assert_canonical_error(ben.get("/runs/gone/log"), 404, "not_found")
