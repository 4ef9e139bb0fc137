"""What people see when something goes wrong: one form, one exit code, never a stack trace."""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from fake_app import LINTED

from ghala.cli.main import COMMANDS, cli
from ghala.cli.state import State
from ghala.errors import BusyError, DefinitionError, DeniedError, Place, UsageError


def test_an_error_has_its_message_its_place_and_its_hint(ghala, app):
    app.fails = UsageError(
        "no product `x`", place=Place("domains/a.yaml", 3), hint="see `ghala list`"
    )
    result = ghala("list")
    assert result.exit_code == 2
    assert result.stderr == "error: no product `x`\n  at domains/a.yaml:3\nhint: see `ghala list`\n"
    assert result.stdout == ""


def test_a_denial_gives_its_reasons(ghala, app):
    app.fails = DeniedError("u may not read sales.orders", reasons=["no agreement"])
    assert ghala("list").stderr == "error: u may not read sales.orders\n  because no agreement\n"


def test_wrong_definitions_are_told_all_at_once(ghala, app):
    app.fails = DefinitionError("x (and 1 more)", findings=(LINTED, LINTED))
    result = ghala("run")
    assert result.exit_code == 1
    assert result.stderr.count("ghala.yaml:3:1: error: `zone` is not a key here") == 2


def test_an_error_as_json_stays_on_stderr(ghala, app):
    app.fails = BusyError("another run publishes sales/orders", hint="wait", run_id="r1")
    result = ghala("run", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads(result.stderr)["error"] == {
        "code": "busy",
        "message": "another run publishes sales/orders",
        "hint": "wait",
        "place": None,
        "run_id": "r1",
    }


def test_an_error_cannot_move_the_cursor(ghala, app):
    app.fails = UsageError("no `\x1b[2J`")
    assert ghala("list").stderr == "error: no `\\x1b[2J`\n"


def test_a_fault_in_ghala_shows_neither_trace_nor_value(ghala, app, monkeypatch):
    monkeypatch.delenv("GHALA_TRACE", raising=False)
    app.fails = KeyError("a cell's value")
    result = ghala("list")
    assert result.exit_code == 70
    assert result.stderr.startswith("error: internal error: KeyError\nhint: ")
    assert "Traceback" not in result.stderr
    assert "value" not in result.stderr


def test_a_fault_shows_its_trace_on_request(ghala, app, monkeypatch):
    monkeypatch.setenv("GHALA_TRACE", "1")
    app.fails = KeyError("x")
    assert "Traceback" in ghala("list").stderr


def test_what_the_system_refuses_is_said_in_its_words(ghala, app):
    app.fails = PermissionError(13, "Permission denied", "registry.db")
    result = ghala("list")
    assert (result.exit_code, result.stderr) == (1, "error: Permission denied: registry.db\n")


def test_ctrl_c_ends_cleanly(ghala, app):
    app.fails = KeyboardInterrupt()
    result = ghala("run")
    assert (result.exit_code, result.stderr) == (130, "stopped\n")
    assert app.asked[-1] == "close"


def test_a_reader_that_has_seen_enough_is_no_error(ghala, app):
    app.fails = BrokenPipeError()
    result = ghala("list")
    assert (result.exit_code, result.stderr) == (0, "")


def test_an_unknown_command_is_guessed(ghala):
    result = ghala("relaeses")
    assert result.exit_code == 2
    assert "did you mean `ghala releases`?" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--nope"),
        ("show",),
        ("sql", "--format", "xml", "q"),
        ("sweep", "--minimum-age-s", "x"),
    ],
)
def test_wrong_use_exits_with_2(ghala, words):
    assert ghala(*words).exit_code == 2


def test_wrong_use_is_worded_like_every_error(ghala):
    assert (
        ghala("show").stderr
        == "error: missing argument 'NAME'\nhint: `ghala show --help` shows how\n"
    )
    assert ghala("--nope").stderr.startswith("error: no such option")


def verbs(name):
    command = cli.get_command(None, name)
    return list(command.commands) if isinstance(command, click.Group) else []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_and_the_groups_short_help(name):
    result = CliRunner().invoke(cli, [name, "--help"], obj=State())
    assert result.exit_code == 0
    assert f"  ghala {name}" in result.stdout
    for verb in verbs(name):
        told = CliRunner().invoke(cli, [name, verb, "--help"], obj=State()).stdout
        assert f"  ghala {name} {verb}" in told
        assert "--json" in told
    assert verbs(name) or "--json" in result.stdout
    context = cli.make_context("ghala", [name, "--help"], obj=State(), resilient_parsing=True)
    assert cli.get_command(context, name).get_short_help_str(200) == COMMANDS[name][1]


def test_help_imports_nothing_but_click_and_the_standard_library():
    program = (
        "import sys\n"
        "from ghala.cli.main import cli\n"
        "try:\n    cli(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "names = {name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)\n"
        "print(sorted(name for name in names if not name.startswith('_')), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", _with_paths(program)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.strip() == "['click', 'ghala']"


def _with_paths(program):
    # -S keeps start-up files of other packages out of the count.
    return f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}\n{program}"
