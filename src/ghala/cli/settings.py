"""`ghala settings`: what every setting is, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Show every setting, and where it comes from.",
    epilog="""\b
Examples:
  ghala settings                     all of them
  ghala settings --only environment  those that the environment says
  ghala settings --json""",
)
@click.option(
    "--only",
    type=click.Choice(["default", "environment", "file"]),
    help="Those that come from there.",
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def settings(state: State, only: str | None) -> None:
    """Show what every setting is once `ghala.yaml` and the environment had their say; never a secret.

    Those of a server are for administrators, and are those that it began with.
    """
    connection = state.connection()
    if connection is not None:
        found = connection.settings()["settings"]
    else:
        with state.app() as app:
            found = plain(app.server_state.facts(by=OWNER_LOCAL).settings)
    shown = [one for one in found if only is None or one["source"] == only]
    if state.as_json:
        print_json(shown)
    else:
        print_table(
            ["setting", "value", "from", "variable"],
            [
                [one["key"], one["value"], one["source"], one["variable"] or None]
                for one in shown
            ],
        )  # fmt: skip
