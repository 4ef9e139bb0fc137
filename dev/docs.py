"""Write the pages that are made from the program; with `--check`, say which are not current."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ghala.cli.main import COMMANDS, cli
from ghala.cli.state import State
from ghala.delivery.http.make import routed_app
from ghala.errors import GhalaError
from ghala.settings import SETTINGS
from ghala.spec.finding import MEANINGS, FindingCode

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Made by `make docs`; do not edit. -->"


def cli_page() -> str:
    """Return the reference of the command line: each command's own help."""
    parts = [
        "# Command line",
        MADE,
        "Every command has `--help`, and `--json` for programs. Data goes to stdout, talk to stderr.",
        _help("ghala", []),
    ]
    for name in COMMANDS:
        parts += [f"## ghala {name}", _help(f"ghala {name}", [name])]
        for verb in _verbs(name):
            parts += [f"### ghala {name} {verb}", _help(f"ghala {name} {verb}", [name, verb])]
    return "\n\n".join(parts) + "\n"


def _verbs(name: str) -> list[str]:
    """Return the commands below a command; none if it is one itself."""
    context = click.Context(cli)
    command = cli.get_command(context, name)
    return command.list_commands(context) if isinstance(command, click.Group) else []


def _help(title: str, words: list[str]) -> str:
    # A fixed width: the page must not depend on the terminal that made it.
    width: dict[str, Any] = {"terminal_width": 88, "max_content_width": 88}
    names = cli.context_settings["help_option_names"]
    context = click.Context(cli, info_name="ghala", obj=State(), help_option_names=names, **width)
    command: click.Command | None = cli
    for word in words:
        command = command.get_command(context, word) if isinstance(command, click.Group) else None
        context = click.Context(command or cli, info_name=word, parent=context, **width)
    if command is None:
        raise SystemExit(f"error: no command `{title}`")
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"```text\n{text}\n```"


def findings_page() -> str:
    """Return the reference of what `ghala lint` can find."""
    rows = [f"| `{code}` | {MEANINGS[code]} |" for code in FindingCode]
    return "\n".join(
        [
            "# What `ghala lint` finds",
            "",
            MADE,
            "",
            "Each finding has a code that stays, a severity, a place (file, line, column) and mostly a",
            "hint. An `error` keeps the product from running; a `warning` is for its author.",
            "",
            "| code | meaning |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def settings_page() -> str:
    """Return the reference of `ghala.yaml` and of the environment."""
    rows = []
    for setting in SETTINGS:
        key = ".".join(part for part in (setting.section, setting.key) if part)
        rows.append(f"| `{key}` | `{setting.variable}` | {setting.meaning} |")
    return "\n".join(
        [
            "# Settings",
            "",
            MADE,
            "",
            "Settings stand in `ghala.yaml`; a variable of the environment wins over the file, an",
            "empty one says nothing.",
            "",
            "| key in `ghala.yaml` | variable | meaning |",
            "|---|---|---|",
            *rows,
            "| `zones.<name>` | `GHALA_ZONES__<NAME>` | A landing zone: a folder from which sources may read. |",
            "| `notifications.channels.<name>` | | A [channel](../guides/notifications.md): `url`, `kinds`, … |",
            "| `notifications.allowed_hosts` | | Hosts that channels reach although not public: `10.1.0.0/16`. |",
            "| | `GHALA_REGISTRY_PASSWORD` | The password of the account that `registry` names. |",
            "| | `GHALA_OIDC_CLIENT_SECRET` | The secret of `identity.oidc`, by which the provider knows Ghala. |",
            "| | `GHALA_TRACE` | `1` shows the stack trace of a fault in Ghala itself. |",
            "| | `NO_COLOR` | Anything but nothing: no colours. |",
            "",
        ]
    )


def errors_page() -> str:
    """Return the reference of the errors that programs can tell apart."""
    rows = []
    for kind in (GhalaError, *_below(GhalaError)):
        meaning = (kind.__doc__ or "").split("\n", 1)[0]
        rows.append(f"| `{kind.code}` | `{kind.__name__}` | {kind.exit_code} | {meaning} |")
    return "\n".join(
        [
            "# Errors",
            "",
            MADE,
            "",
            'With `--json` an error is one line on stderr: `{"error": {"code": …, "message": …, "hint": …}}`.',
            "",
            "| code | class in `ghala.errors` | exit code | meaning |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _below(kind: type[GhalaError]) -> Iterator[type[GhalaError]]:
    for child in kind.__subclasses__():
        if child.__module__ == "ghala.errors":
            yield child
            yield from _below(child)


def codemap() -> str:
    """Return one entry a package: the first sentence of its docstring, and its files."""
    source = ROOT / "src" / "ghala"
    alone = sorted(path.name for path in source.glob("*.py") if path.name != "__init__.py")
    entries = [f"* `{'`, `'.join(alone)}`: beside the packages."]
    for package in sorted(path.parent for path in source.glob("*/__init__.py")):
        text = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or ""
        first = text.split("\n", 1)[0]
        inside = [_entry(path) for path in sorted(package.iterdir())]
        entries.append(
            f"* **`{package.name}/`** {first}\n  `{' '.join(name for name in inside if name)}`"
        )
    return "\n".join(entries)


def _entry(path: Path) -> str | None:
    if path.is_dir() and (path / "__init__.py").exists():
        return f"{path.name}/"
    return path.stem if path.suffix == ".py" and path.stem != "__init__" else None


def architecture_page() -> str:
    """Return the page of the architecture with its map of the code as it is now."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    head, begin, rest = text.partition("<!-- codemap: made by `make docs` -->\n")
    _, end, tail = rest.partition("<!-- /codemap -->")
    return f"{head}{begin}{codemap()}\n{end}{tail}"


def openapi_page() -> str:
    """Return the description of the HTTP API."""
    return json.dumps(routed_app().openapi(), indent=2, ensure_ascii=False) + "\n"


PAGES = {
    "ARCHITECTURE.md": architecture_page,
    "docs/reference/cli.md": cli_page,
    "docs/reference/errors.md": errors_page,
    "docs/reference/findings.md": findings_page,
    "docs/reference/openapi.json": openapi_page,
    "docs/reference/settings.md": settings_page,
}


def main(arguments: list[str]) -> int:
    stale = 0
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        if "--check" in arguments:
            sys.stderr.write(f"error: {name} is not current\nhint: run `make docs`\n")
            stale = 1
        else:
            path.write_text(text, "utf-8")
    if "--check" not in arguments:
        write_types()
    return stale


def write_types() -> None:
    """Write what the portal knows of the API too; `make lint` looks whether it is current."""
    # A process of its own: it loads what builds the package.
    words = [sys.executable, str(ROOT / "dev" / "portal.py"), "types"]
    if subprocess.run(words, check=False).returncode:
        raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
