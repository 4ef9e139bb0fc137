"""The demo from beginning to end: every record is somewhere, the broken month changes nothing, and it is served."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

import ghala
from ghala.cli.demo import sign_in_lines
from ghala.model.principal import OWNER_LOCAL
from ghala.settings import PREFIX
from ghala.testing.demo import break_month, make_workspace, repair_month
from ghala.testing.demo.accounts import PEOPLE
from ghala.testing.demo.defects import AT_CHECK, AT_SOURCE, Defect
from ghala.testing.demo.story import COUNT_QUERY, QUESTIONS

SCALE = 0.01


@dataclass
class Played:
    """What `ghala demo` made and printed, while it serves."""

    folder: Path
    summary: dict
    said: Path
    taken: int

    @contextmanager
    def client(self, name):
        """Yield a client that has signed in as somebody of the demo."""
        with httpx.Client(base_url=self.summary["url"], timeout=60, trust_env=False) as client:
            asked = {"name": name, "password": self.summary["password"], "purpose": "analytics"}
            begun = client.post("/session", json=asked)
            assert begun.status_code == 201, name
            client.headers["X-CSRF-Token"] = begun.json()["csrf"]
            yield client


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    target, said = folder / "pwani", folder / "said.txt"
    program = Path(sys.executable).with_name("ghala")
    with socket.create_server(("127.0.0.1", 0)) as taken, said.open("w") as talk:
        port = taken.getsockname()[1]
        command = [program, "demo", target, "--scale", str(SCALE), "--json", "--port", str(port)]
        with subprocess.Popen(
            command, env=without_settings(), stdout=subprocess.PIPE, stderr=talk, text=True
        ) as process:
            printed = "".join(iter_until(process.stdout, "}\n"))
            assert printed, said.read_text()
            yield Played(target, json.loads(printed), said, port)
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 130
    assert said.read_text().splitlines()[-1] == "stopped"


def iter_until(lines, last):
    for line in lines:
        yield line
        if line == last:
            return


def without_settings():
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


@pytest.fixture(scope="module")
def tallies(tmp_path_factory):
    """Return what each file of the repaired example holds."""
    target = tmp_path_factory.mktemp("files") / "pwani"
    made = (*make_workspace(target, scale=SCALE), *repair_month(target))
    return {tally.path: tally for tally in made}


def test_all_products_are_released(played):
    assert (played.summary["products"], played.summary["datasets"]) == (12, 13)
    assert played.summary["releases"] > played.summary["products"]
    assert played.summary["checks"] > 200
    assert "refused" in played.said.read_text()


def test_consumers_keep_the_last_good_release_while_the_month_is_refused(played):
    refused = played.summary["refused"]
    assert refused["month"] == "2025-12"
    before, after = refused["rows_before"], refused["rows_after_repair"]
    assert before == refused["rows_while_refused"] < after
    assert "quantity" in refused["reason"]
    with ghala.open(played.folder) as app:
        assert app.sql(COUNT_QUERY).rows() == [(after,)]
        assert app.sql("SELECT count(*) FROM sales.order_lines AT (VERSION => 1)").rows() == [
            (before,)
        ]


def test_all_that_was_read_has_landed_or_is_in_quarantine(played):
    summary = played.summary
    assert summary["rows_read"] > summary["rows_landed"] > 0
    assert summary["rows_unreadable"] == summary["rows_read"] - summary["rows_landed"]


def test_means_over_groups_are_no_longer_personal(played):
    with ghala.open(played.folder) as app:
        for dataset in (
            "finance.revenue_monthly",
            "logistics.deliveries_monthly",
            "people.headcount",
        ):
            found = app.declarations.tags(dataset, by=OWNER_LOCAL)
            assert not [one for one in found if one.inherited or one.classification == "restricted"]


def test_the_queries_to_try_have_answers(played):
    asked = [question["sql"] for question in played.summary["queries"]]
    assert asked == [question.sql for question in QUESTIONS]
    with ghala.open(played.folder) as app:
        for sql in asked:
            assert app.sql(sql).rows(), sql


def test_the_definitions_have_no_finding(played):
    with ghala.open(played.folder) as app:
        assert app.lint() == ()
        assert [one.name for one in app.policies.test() if not one.passed] == []


def test_a_port_that_is_taken_is_said_and_another_one_serves(played):
    found = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/api/v1", played.summary["url"])[1])
    assert found != played.taken
    assert f"port {played.taken} is taken; this is port {found}" in played.said.read_text()


def test_everybody_of_the_demo_signs_in_and_takes_the_role_that_is_theirs(played):
    for person in PEOPLE:
        with played.client(person.name) as client:
            assert client.get("/me").json()["teams"] == sorted(f"team:{t}" for t in person.teams)
            eligible = [person.role.value] if person.role else []
            assert client.get("/roles").json()["eligible"] == eligible
    with ghala.open(played.folder) as app:
        owned = {
            domain for team in app.identity.teams.teams(by=OWNER_LOCAL) for domain in team.domains
        }
        assert owned == {domain.name for domain in app.workspace().domains}


def test_the_password_is_of_this_demo_alone_and_kept_nowhere(played):
    password = played.summary["password"].encode()
    assert re.fullmatch(rb"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    for path in played.folder.rglob("*"):
        if path.is_file() and "landing" not in path.parts:
            assert password not in path.read_bytes(), path
    assert password.decode() not in played.said.read_text()


def test_what_was_agreed_is_in_force_and_one_request_waits_for_its_owner(played):
    asked = {"sql": "SELECT count(*) AS orders FROM sales.orders"}
    with played.client("amina.otieno") as client:
        assert client.post("/sql", json=asked).status_code == 200
    with played.client("baraka.mwangi") as client:
        assert client.post("/sql", json=asked).status_code == 403
        revenue = {"sql": "SELECT sum(revenue_eur) FROM finance.revenue_monthly"}
        assert client.post("/sql", json=revenue).status_code == 200
        staff = {"sql": "SELECT * FROM people.staff"}
        assert client.post("/sql", json=staff).status_code == 404
    with played.client("grace.nakato") as client:
        (waiting,) = client.get("/requests", params={"state": "requested"}).json()["requests"]
        assert (waiting["dataset"], waiting["requested_by"]) == (
            "sales.order_lines",
            "user:baraka.mwangi",
        )


def test_it_says_as_whom_to_sign_in(played):
    lines = list(sign_in_lines(played.summary))
    assert lines[-2:] == [
        f"with the password {played.summary['password']}",
        f"at {played.summary['portal']}",
    ]
    assert [line.split()[0] for line in lines[1:-2]] == [person.name for person in PEOPLE]


def test_every_defect_is_found_and_nothing_else(tmp_path, tallies):
    target = tmp_path / "pwani"
    make_workspace(target, scale=SCALE)
    repair_month(target)
    with ghala.open(target) as app:
        outcomes = app.run()
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    read = {}
    for outcome in outcomes:
        files = {
            f"{outcome.run.product.domain}/{file.path.split('/')[-1]}": file
            for step in outcome.run.steps
            for file in step.files
        }
        kept_out = sum(report.rows_quarantined for report in outcome.reports)
        assert kept_out == sum(tallies[name].unacceptable for name in files), outcome.run.product
        read |= files
    assert set(read) == set(tallies)
    for name, file in read.items():
        tally = tallies[name]
        assert (file.read, file.quarantined) == (tally.records, tally.unreadable), name
        assert file.landed == file.read - file.quarantined, name
        assert file.refused is None, name


def test_the_broken_month_names_its_rule_and_its_rows(tmp_path):
    target = tmp_path / "pwani"
    make_workspace(target, scale=SCALE)
    broken = {tally.path: tally for tally in break_month(target)}
    with ghala.open(target) as app:
        outcomes = app.run(["sales/catalogue", "sales/customers", "sales/order_lines"])
    refused = outcomes[-1]
    assert refused.release is None
    (report,) = refused.reports
    blocking = [finding for finding in report.findings if finding.blocks]
    assert [finding.columns for finding in blocking] == [("quantity",)]
    assert blocking[0].failed_rows == broken["sales/lines_2025-12.csv"].defects[Defect.NEGATIVE]


def test_no_defect_is_both_unreadable_and_unacceptable():
    assert not AT_SOURCE & AT_CHECK
    assert set(Defect) - AT_SOURCE - AT_CHECK == {Defect.NEGATIVE, Defect.RESENT}
