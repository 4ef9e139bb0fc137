"""`ghala sweep`: remove what nothing can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.options import json_option, workspace_option
from ghala.cli.progress import Progress
from ghala.cli.words import count

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Remove files that nothing can reach any more.",
    epilog="""\b
Examples:
  ghala sweep
  ghala sweep --minimum-age-s 3600""",
)
@click.option(
    "--minimum-age-s",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Leave younger files alone.  [default: the workspace's `upkeep.orphan_age_s`]",
)
@json_option
@workspace_option
@click.pass_obj
def sweep(state: State, minimum_age_s: float | None) -> None:
    """Remove files that no kept release and no open run can reach, once they are old enough."""
    with state.app() as app, Progress("sweeping"):
        removed = app.sweep(minimum_age_s)
    if state.as_json:
        print_json({"removed": removed})
    else:
        click.echo(f"removed {count(removed, 'file')}")
