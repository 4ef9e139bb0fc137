"""Runs and reports over HTTP: what somebody may know of them, and no values."""

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
