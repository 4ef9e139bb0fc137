"""`ghala watch`: what happens, as it does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ghala.cli.escape import escaped
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say_note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.cli.state import State

BEHIND = "stream:behind"


@click.command(
    short_help="Show what happens, as it does.",
    epilog="""\b
Examples:
  ghala watch
  ghala watch --json --server https://data.acme.example""",
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def watch(state: State) -> None:
    """Show runs, releases, requests and agreements as they happen, a line each, until Ctrl-C.

    With `--server`, what the token's owner may know of.
    """
    connection = state.connection()
    if connection is not None:
        for event in connection.events():
            _show(event.kind, event.facts, as_json=state.as_json)
        return
    with state.app() as app:
        for seen in app.events():
            from ghala.model.plain import plain  # noqa: PLC0415 - only local events need it

            _show(seen.kind.value, plain(seen), as_json=state.as_json)


def _show(kind: str, facts: Mapping[str, Any], *, as_json: bool) -> None:
    if kind == BEHIND:
        say_note("events in between are no longer kept")
    elif as_json:
        click.echo(json.dumps({key: value for key, value in facts.items() if key != "number"}))
    else:
        click.echo(_line(kind, facts))


def _line(kind: str, facts: Mapping[str, Any]) -> str:
    """Return an event for people.

    >>> _line("release:published", {"at": "2026-03-01T10:15:04+00:00", "product": "sales/orders", "release": 3})
    '2026-03-01T10:15:04+00:00  release:published     sales/orders release 3'
    """
    release = facts.get("release")
    words = [
        facts.get("product"),
        None if release is None else f"release {release}",
        facts.get("dataset"),
        facts.get("agreement"),
        facts.get("told"),
        facts.get("by") and f"by {facts['by']}",
        facts.get("run"),
    ]
    about = " ".join(escaped(str(word)) for word in words if word)
    return f"{facts['at']}  {kind:<20}  {about}"
