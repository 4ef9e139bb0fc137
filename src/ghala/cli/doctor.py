"""`ghala doctor`: can this machine keep what Ghala promises?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.escape import escaped
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.progress import Progress
from ghala.model.plain import plain

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Check that this machine can keep what Ghala promises.",
    epilog="""\b
Examples:
  ghala doctor
  ghala doctor --json
  ghala doctor --server https://data.acme.example
\b
Exit codes: 0 all is fine, 1 something is not.""",
)
@json_option
@server_option
@workspace_option
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check that this machine can keep what Ghala promises: its disk, its registry, its versions.

    With `--server` the server examines itself, for administrators.
    """
    state: State = context.obj
    connection = state.connection()
    if connection is not None:
        found = connection.findings()
    else:
        with state.app() as app, Progress("examining"):
            found = plain(app.doctor())
    if state.as_json:
        print_json(found)
    else:
        for one in found:
            click.echo(
                f"{'fine ' if one['is_fine'] else 'FAULT'}  {one['name']}: {escaped(one['message'])}"
            )
            if one["hint"]:
                click.echo(f"       hint: {escaped(one['hint'])}")
    if not all(one["is_fine"] for one in found):
        context.exit(1)
