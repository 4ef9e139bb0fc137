"""`ghala doctor`: can this machine keep what Ghala promises?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.escape import escaped
from ghala.cli.options import json_option, workspace_option
from ghala.cli.progress import Progress

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Check that this machine can keep what Ghala promises.",
    epilog="""\b
Examples:
  ghala doctor
  ghala doctor --json
\b
Exit codes: 0 all is fine, 1 something is not.""",
)
@json_option
@workspace_option
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check that this machine can keep what Ghala promises: its disk, its registry, its versions."""
    state: State = context.obj
    with state.app() as app, Progress("examining"):
        diagnoses = app.doctor()
    if state.as_json:
        print_json(diagnoses)
    else:
        for diagnosis in diagnoses:
            click.echo(
                f"{'fine ' if diagnosis.is_fine else 'FAULT'}  {diagnosis.name}: {escaped(diagnosis.message)}"
            )
            if diagnosis.hint:
                click.echo(f"       hint: {escaped(diagnosis.hint)}")
    if not all(diagnosis.is_fine for diagnosis in diagnoses):
        context.exit(1)
