"""`ghala demo`: the example organisation, end to end."""

from __future__ import annotations

import sys
import webbrowser
from importlib import import_module
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json
from ghala.cli.options import json_option
from ghala.cli.say import say, say_note
from ghala.cli.serving import serve_app
from ghala.errors import UsageError
from ghala.model.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.cli.state import State


@click.command(
    short_help="Make the example organisation, run all of it, and serve it.",
    epilog="""\b
Examples:
  ghala demo
  ghala demo pwani --scale 0.1
  ghala demo big --scale 100 --no-serve      10 million order lines""",
)
@click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path), metavar="[DIR]", default="demo"
)
@click.option(
    "--scale",
    type=click.FloatRange(0.001, 1000),
    default=1.0,
    show_default=True,
    help="1 is about 100,000 order lines; grows linearly.",
)
@click.option("--serve/--no-serve", default=True, help="Serve it afterwards.  [default: serve]")
@click.option(
    "--port",
    type=int,
    metavar="PORT",
    help="Where; the next free one if it is taken.  [default: 8321]",
)
@json_option
@click.pass_obj
def demo(state: State, folder: Path, scale: float, serve: bool, port: int | None) -> None:  # noqa: FBT001 - click
    """Make the example organisation in DIR (default: demo), run all of it, and serve it until Ctrl-C.

    A trading company whose departments grew apart: their files are read, checked and published as data products; one
    month breaks its contract and is refused, is repaired, and is published. The same scale makes the same files.

    People of each kind have accounts, with a password that is made for this demo; it is printed at the end, and kept
    nowhere. At a terminal, the browser opens too.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            f"`{folder}` is not empty", hint="choose another folder, or remove this one"
        )
    # By name: the example stands above the command line, since it uses the program as its users do.
    summary = plain(import_module("ghala.testing.demo").play(folder, scale=scale, say=say))
    if serve:
        _serve(state, folder, port, summary)
    else:
        _show(state, folder, summary)


def _serve(state: State, folder: Path, port: int | None, summary: dict[str, Any]) -> None:
    """Serve the example until Ctrl-C; what it did is printed once requests are answered."""
    from ghala.delivery.http.serve import listen_near  # noqa: PLC0415 - see `serve_app`

    with state.open(folder) as app:
        host = app.settings.server_host
        wanted = app.settings.server_port if port is None else port
        with listen_near(host, wanted) as listening:

            def announce(server: str, api: str) -> None:
                found = listening.getsockname()[1]
                if wanted not in {0, found}:
                    say_note(f"port {wanted} is taken; this is port {found}")
                say_note("Ctrl-C stops the server")
                _show(state, folder, summary | {"portal": f"{server}/", "url": api})
                if sys.stdout.isatty():
                    _open_browser(server)

            serve_app(app, host, listening, announce)


def _show(state: State, folder: Path, summary: dict[str, Any]) -> None:
    if state.as_json:
        print_json(summary)
    else:
        for line in (*summary_lines(summary, folder), "", *sign_in_lines(summary)):
            click.echo(line)
    sys.stdout.flush()


def _open_browser(url: str) -> None:
    """Open a browser that has a window; one that would take the terminal is none."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is not webbrowser.GenericBrowser:
        browser.open(url)


def summary_lines(summary: dict[str, Any], folder: Path) -> Iterator[str]:
    """Return what the demo did, in figures, and what to try now."""
    figures = {key: value for key, value in summary.items() if isinstance(value, (int, float))}
    width = max(len(key) for key in figures)
    for key, value in figures.items():
        yield f"{key.replace('_', ' '):{width}}  {value:>12,}"
    for question in summary.get("queries", ()):
        yield ""
        yield question["asks"]
        yield f"  ghala sql -w {quote(str(folder))} {quote(question['sql'])}"


def sign_in_lines(summary: dict[str, Any]) -> Iterator[str]:
    """Return as whom one can sign in, and where."""
    people = summary["people"]
    width, does = (max(len(person[key]) for person in people) for key in ("name", "does"))
    yield "Sign in as"
    for person in people:
        teams = ", ".join(person["teams"]) or "-"
        takes = f", takes the role `{person['role']}` when it is needed" if person["role"] else ""
        yield f"  {person['name']:{width}}  {person['does']:{does}}  {teams}{takes}"
    yield f"with the password {summary['password']}"
    if "portal" in summary:
        yield f"at {summary['portal']}"
