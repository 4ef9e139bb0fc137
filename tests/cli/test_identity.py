"""`ghala user`, `ghala team` and `ghala token` over a real workspace."""

import json
import os
import pty
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.registry.registry import open_registry
from ghala.testing.people import PASSWORD


@pytest.fixture(scope="module")
def registry_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_registry(None, folder).close()
    return folder / "registry.db"


@pytest.fixture
def workspace(tmp_path, registry_file):
    root = tmp_path / "acme"
    (root / ".ghala").mkdir(parents=True)
    (root / "ghala.yaml").write_text("name: acme\n")
    domain = root / "domains" / "sales" / "domain.yaml"
    domain.parent.mkdir(parents=True)
    domain.write_text("owner: sales-team\n")
    shutil.copy(registry_file, root / ".ghala" / "registry.db")
    return root


@pytest.fixture
def ghala(workspace):
    def call(*words, typed=None):
        words = [*words, "-w", str(workspace)]
        return CliRunner().invoke(cli, words, obj=State(), prog_name="ghala", input=typed)

    return call


@pytest.fixture
def amina(ghala):
    done = ghala("user", "add", "Amina", "--password-stdin", typed=PASSWORD + "\n")
    assert (done.exit_code, done.stdout) == (0, "user:amina: added\n"), done.output
    return ghala


def test_users_are_listed_with_teams_and_roles(amina):
    assert amina("team", "add", "sales-team").exit_code == 0
    assert (
        amina("team", "join", "sales-team", "amina").stdout == "team:sales-team: has user:amina\n"
    )
    assert amina("user", "assign", "amina", "steward").exit_code == 0
    done = amina("user", "elevate", "amina", "--role", "steward", "--reason", "request 17")
    assert done.stdout.startswith("user:amina: has the role steward until ")
    row = amina("user", "list").stdout.splitlines()[2]
    assert row.split()[:4] == ["user:amina", "enabled", "team:sales-team", "steward"]
    (team,) = json.loads(amina("team", "list", "--json").stdout)
    assert (team["members"], team["domains"]) == (["user:amina"], ["sales"])
    shown = json.loads(amina("user", "show", "AMINA", "--json").stdout)
    assert shown["taken"][0]["reason"] == "request 17"
    assert amina("user", "elevate", "amina", "--role", "steward", "--end").exit_code == 0
    assert json.loads(amina("user", "show", "amina", "--json").stdout)["taken"] == []


def test_teams_lose_members_and_go(amina):
    assert "ghala team add NAME" in amina("team", "list").stderr
    assert amina("team", "add", "sales").stdout == "team:sales: added\n"
    amina("team", "join", "sales", "amina")
    assert amina("team", "leave", "sales", "amina").stdout == "team:sales: has no members\n"
    assert amina("team", "list").stdout.splitlines()[2].split() == ["team:sales", "-", "-"]
    assert amina("team", "remove", "sales").stdout == "sales: removed\n"
    assert json.loads(amina("team", "list", "--json").stdout) == []


def test_there_are_no_tokens_at_first(amina):
    assert "ghala token issue" in amina("token", "list").stderr
    assert amina("user", "show", "amina").stdout.startswith("id: user:amina\n")


def test_a_token_is_printed_once_and_alone(amina):
    done = amina("token", "issue", "amina", "--scope", "dataset:read", "--purpose", "analytics")
    assert done.exit_code == 0
    text = done.stdout.strip()
    assert text.startswith("ghala_")
    assert "is not shown again" in done.stderr
    for words in (
        ("token", "list"),
        ("token", "list", "amina", "--json"),
        ("user", "show", "amina", "--json"),
    ):
        listed = amina(*words)
        assert text.split("_")[1] in listed.stdout
        assert text[19:] not in listed.stdout
    revoked = amina("token", "revoke", text.split("_")[1])
    assert revoked.stdout == f"{text.split('_')[1]} of user:amina: revoked\n"
    assert json.loads(amina("token", "list", "--json").stdout)[0]["revoked_at"] is not None


def test_the_first_administrator_is_invited_and_made(ghala):
    assert "ghala user first" in ghala("user", "list").stderr
    invited = ghala("user", "first")
    text = invited.stdout.strip()
    assert text.startswith("ghala_first_")
    made = ghala(
        "user", "first", "--accept", "amina", "--password-stdin", typed=f"{text}\n{PASSWORD}\n"
    )
    assert (made.exit_code, made.stdout) == (0, "user:amina: may take the role administrator\n")
    again = ghala(
        "user", "first", "--accept", "ben", "--password-stdin", typed=f"{text}\n{PASSWORD}\n"
    )
    assert again.exit_code == 1
    assert "does not hold" in again.stderr
    assert ghala("user", "first").exit_code == 2


def test_disabled_and_enabled(amina):
    assert amina("user", "disable", "amina").stdout == "user:amina: disabled\n"
    assert amina("user", "list").stdout.splitlines()[2].split()[:2] == ["user:amina", "disabled"]
    assert amina("user", "enable", "amina").stdout == "user:amina: enabled\n"
    done = amina("user", "password", "amina", "--password-stdin", typed="nine brown bears\n")
    assert done.stdout == "user:amina: has a new password\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("user", "show", "amna"), "did you mean `user:amina`?"),
        (("user", "add", "amina", "--no-password"), "there is an account `user:amina` already"),
        (("user", "add", "a b", "--no-password"), "cannot be the name of a user"),
        (("user", "add", "service:loader"), "--owner NAME"),
        (("user", "add", "ben"), "--password-stdin"),
        (("user", "elevate", "amina"), "saying why"),
        (("user", "assign", "amina", "king"), "ghala user assign --help"),
        (("user", "frobnicate"), "no such command 'frobnicate'"),
        (("token", "issue", "amina", "--scope", "x", "--purpose", "analytics"), "not a scope of tokens"),
        (("token", "issue", "amina", "--scope", "dataset:read", "--purpose", "x"), "use `administration`"),
        (("token", "revoke", "000000000000"), "there is no such token"),
        (("team", "join", "sales", "amina"), "there is no team `team:sales`"),
    ],
)  # fmt: skip
def test_wrong_use_exits_with_2_and_a_hint(amina, words, said):
    done = amina(*words)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert said in done.stderr
    assert "hint: " in done.stderr


def test_a_command_without_its_verb_names_the_verbs():
    done = CliRunner().invoke(cli, ["user"], obj=State(), prog_name="ghala")
    assert done.exit_code == 2
    assert "needs a verb: add, list" in done.stderr


def test_what_is_denied_exits_with_1(amina):
    done = amina("user", "elevate", "amina", "--reason", "x", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stderr)["error"]["code"] == "denied"


def test_a_password_has_no_way_in_but_stdin_and_the_terminal(amina):
    for verb in ("add", "password", "first"):
        text = amina("user", verb, "--help").stdout
        assert "--password-stdin" in text
        assert "--password " not in text
    done = amina("user", "password", "amina", "--password-stdin", typed="\n")
    assert done.exit_code == 2


@pytest.mark.parametrize(
    "words",
    [("user", "list"), ("user", "show", "amina"), ("user", "assign", "amina", "auditor"), ("user", "disable", "amina"),
     ("team", "add", "sales"), ("team", "list"), ("token", "list"), ("user", "first"),
     ("token", "issue", "amina", "--scope", "dataset:read", "--purpose", "analytics")],
)  # fmt: skip
def test_every_verb_speaks_json(amina, words):
    done = amina(*words, "--json")
    assert done.exit_code == 0, done.output
    json.loads(done.stdout)


def test_the_terminal_asks_twice_and_shows_nothing(workspace):
    program = "from ghala.cli.main import main; main()"
    words = ["user", "add", "amina", "-w", str(workspace)]
    parent, child = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", program, *words], stdin=child, stdout=child, stderr=child,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(child)
        seen = ""
        for asked in ("Password: ", "Repeat for confirmation: "):
            while asked not in seen:
                seen += os.read(parent, 1000).decode()
            os.write(parent, PASSWORD.encode() + b"\n")
        while "added" not in seen:
            seen += os.read(parent, 1000).decode()
        assert process.wait(20) == 0
    os.close(parent)
    assert PASSWORD not in seen


@pytest.mark.parametrize(("name", "words"), [("AMINA", "already"), ("no name", "name of a user")])
def test_a_name_that_cannot_be_added_is_refused_before_a_password_is_asked_for(amina, name, words):
    done = amina("user", "add", name)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "password" not in done.stderr
