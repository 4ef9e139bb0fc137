"""Each command: what it asks of the app, what it prints, how it exits."""

import json

import pytest
from fake_app import BROKEN, FAULT, LINTED, PASSED, outcome

from ghala.errors import BusyError, ContractBrokenError
from ghala.model.outcome import Diagnosis
from ghala.model.run import RunState


def test_run_prints_the_steps_the_checks_and_the_release(ghala, app):
    result = ghala("run", "sales/orders", "--environment", "dev", "--wait-s", "5")
    assert result.exit_code == 0, result.output
    assert app.asked == [("run", ("sales/orders",), "dev", 5.0), "close"]
    assert result.stdout.splitlines() == [
        "sales/orders: published release 3 in 1.23 s (run r1)",
        "  step orders: 100 rows in from 1 file, 98 out, 2 quarantined",
        "  step refused: 0 rows in from 1 file, 0 out",
        "    file refused: bad.csv: is UTF-16",
        "  checks of sales.orders: 1 passed, 0 failed over 98 rows staged",
    ]
    assert result.stderr == ""


def test_a_refused_product_says_which_rule_and_what_consumers_keep(ghala, app):
    error = ContractBrokenError("sales.orders breaks its contract", hint="consumers keep release 2")
    app.outcomes = (
        outcome(RunState.REFUSED, release=None, findings=(PASSED, BROKEN), error=error),
    )
    result = ghala("run")
    assert result.exit_code == 1
    assert "sales/orders: refused in 1.23 s (run r1)" in result.stdout
    assert "error orders.status.enum on status: 4 rows, such as 17, 19" in result.stdout
    assert (
        result.stderr == "error: sales.orders breaks its contract\nhint: consumers keep release 2\n"
    )


def test_a_product_that_is_busy_fails_beside_the_others(ghala, app):
    error = BusyError("run r0 is publishing sales/orders", hint="wait for it", run="r0")
    app.outcomes = (outcome(), outcome(RunState.FAILED, release=None, findings=(), error=error))
    result = ghala("run")
    assert result.exit_code == 1
    assert "sales/orders: published release 3" in result.stdout
    assert "sales/orders: failed in 1.23 s" in result.stdout
    assert result.stderr == "error: run r0 is publishing sales/orders\nhint: wait for it\n"
    told = json.loads(ghala("run", "--json").stdout)
    assert [one["error"] and one["error"]["code"] for one in told] == [None, "busy"]


def test_run_as_json_keeps_every_figure(ghala):
    [told] = json.loads(ghala("run", "--json").stdout)
    assert told["run"]["product"] == "sales/orders"
    assert told["run"]["steps"][0]["files"][0]["quarantined"] == 2
    assert told["release"]["datasets"][0]["row_count"] == 98
    assert told["run"]["started_at"] == "2024-02-29T12:30:00+00:00"


def test_lint_without_findings_is_fine(ghala):
    result = ghala("lint")
    assert (result.exit_code, result.stdout) == (0, "")


def test_lint_prints_place_code_and_hint(ghala, app):
    app.findings = (LINTED,)
    result = ghala("lint")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "ghala.yaml:3:1: error: `zone` is not a key here [key.unknown]",
        "  hint: write `zones`",
    ]


@pytest.mark.parametrize("words", [("lint", "--format", "json"), ("lint", "--json")])
def test_lint_speaks_json(ghala, app, words):
    app.findings = (LINTED,)
    [finding] = json.loads(ghala(*words).stdout)
    assert (finding["code"], finding["line"]) == ("key.unknown", 3)


def test_lint_speaks_sarif(ghala, app):
    app.findings = (LINTED,)
    log = json.loads(ghala("lint", "--format", "sarif").stdout)
    assert log["runs"][0]["results"][0]["level"] == "error"


def test_list_shows_products_before_their_first_release_too(ghala):
    lines = ghala("list").stdout.splitlines()
    assert lines[0].split() == [
        "product",
        "version",
        "release",
        "released",
        "last",
        "run",
        "owner",
        "datasets",
    ]
    assert lines[2].split() == [
        "sales/orders", "1.0.0", "3", "2024-02-29", "12:30:00Z", "published", "sales-team", "sales.orders",
    ]  # fmt: skip
    assert lines[3].split() == ["web/events", "0.1.0", "-", "-", "-", "web"]


def test_an_empty_workspace_says_what_to_do(ghala, app):
    app.statuses = ()
    result = ghala("list")
    assert result.stdout == ""
    assert "product.odps.yaml" in result.stderr


def test_show_prints_an_outline(ghala):
    assert ghala("show", "sales.orders").stdout.splitlines() == [
        "name: sales.orders",
        "columns:",
        "  name  type    tags",
        "  ────  ──────  ────",
        "  id    BIGINT  -",
        "  on    DATE    a",
        "release:",
        "  number: 3",
        "  created_at: 2024-02-29T12:30:00+00:00",
        "description: -",
    ]


def test_show_prints_which_rules_the_last_run_broke(ghala):
    lines = ghala("show", "sales/orders").stdout.splitlines()
    assert lines[:5] == [
        "name: sales/orders",
        "last_run:",
        "  id: r1",
        "  state: refused",
        "checks of the last run:",
    ]
    assert lines[5] == (
        "  sales.orders: 98 rows staged, 98 kept, 0 quarantined; 1 of 2 rules block"
    )
    assert lines[6] == "    BLOCKS  orders.status.enum  enum(status)  4 rows; keys: 17 | 19"
    assert len(lines) == 7


def test_show_as_json_has_every_finding_of_the_last_run(ghala):
    shown = json.loads(ghala("show", "sales/orders", "--json").stdout)
    (report,) = shown["last_run"]["reports"]
    assert [one["passed"] for one in report["findings"]] == [True, False]


def test_show_of_nothing_says_where_to_look(ghala):
    result = ghala("show", "nowhere")
    assert result.exit_code == 2
    assert (
        result.stderr == "error: no product or dataset `nowhere`\nhint: `ghala list` names them\n"
    )


def test_releases_are_asked_for_by_product_and_environment(ghala, app):
    result = ghala("releases", "sales/orders", "-e", "dev")
    assert app.asked[0] == ("releases", "sales/orders", "dev")
    assert result.stdout.splitlines()[2].split() == [
        "sales/orders", "3", "current", "2024-02-29", "12:30:00Z", "98", "r1", "cd" * 6,
    ]  # fmt: skip


def test_verify_is_quiet_about_what_is_whole(ghala):
    result = ghala("verify")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "12 files (4,096 bytes) of 3 releases: all as released\n"


def test_verify_names_file_dataset_and_release(ghala, app):
    app.faults = (FAULT,)
    result = ghala("verify", "sales/orders")
    assert result.exit_code == 1
    assert (
        "lake/sales/orders/a.parquet  sales.orders  sales/orders        3  one byte differs"
        in result.stdout
    )


def test_quarantine_lists_batches(ghala):
    assert ghala("quarantine").stdout.splitlines()[2].split()[:5] == [
        "sales/orders",
        "r1",
        "orders",
        "source",
        "2",
    ]


def test_quarantined_rows_show_their_bytes_as_text_that_cannot_move_the_cursor(ghala):
    result = ghala("quarantine", "--run", "r1")
    assert "\x1b" not in result.stdout
    assert "1,\\x1b[31m,\\xff" in result.stdout
    assert "bad_number" in result.stdout


def test_quarantine_says_when_it_shows_only_some_rows(ghala):
    assert (
        "note: 1 of 2 rows; `--limit` shows more"
        in ghala("quarantine", "--run", "r1", "--limit", "1").stderr
    )


def test_quarantine_of_an_unknown_step_is_wrong_use(ghala):
    assert ghala("quarantine", "--step", "nothing").exit_code == 2


def test_doctor_exits_with_1_when_something_is_not_fine(ghala, app):
    assert ghala("doctor").exit_code == 0
    app.diagnoses += (
        Diagnosis("registry", is_fine=False, message="is on NFS", hint="use a local disk"),
    )
    result = ghala("doctor")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "FAULT  registry: is on NFS",
        "       hint: use a local disk",
    ]


def test_sweep_says_how_much_it_removed(ghala, app):
    assert ghala("sweep", "--minimum-age-s", "3600").stdout == "removed 2 files\n"
    assert app.asked[0] == ("sweep", 3600.0)


def test_version_names_what_it_runs_on(ghala):
    versions = json.loads(ghala("version", "--json").stdout)
    assert {"ghala", "duckdb", "pyiceberg", "python"} <= set(versions)


def test_init_makes_a_workspace_and_says_what_is_next(ghala, tmp_path):
    result = ghala("init", str(tmp_path / "acme"))
    assert result.exit_code == 0
    assert str(tmp_path / "acme" / "ghala.yaml") in result.stdout.splitlines()
    assert result.stderr == f"next: cd {tmp_path / 'acme'} && ghala run\n"


def test_init_overwrites_nothing(ghala, tmp_path):
    (tmp_path / "ghala.yaml").write_text("name: mine\n")
    assert ghala("init", str(tmp_path), "--name", "acme").exit_code == 2
    assert (tmp_path / "ghala.yaml").read_text() == "name: mine\n"


def test_demo_refuses_a_folder_that_is_not_empty(ghala, tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    result = ghala("demo", str(tmp_path))
    assert result.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


@pytest.mark.parametrize(
    "words",
    [("list",), ("releases",), ("verify",), ("quarantine",), ("quarantine", "--run", "r1"), ("doctor",), ("sweep",),
     ("show", "sales.orders"), ("run",), ("lint",), ("sql", "SELECT 1"), ("version",)],
)  # fmt: skip
def test_every_command_speaks_json(ghala, words):
    result = ghala(*words, "--json")
    assert result.exit_code == 0, result.output
    json.loads(result.stdout)
