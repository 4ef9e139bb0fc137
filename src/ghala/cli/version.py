"""`ghala version`: what runs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.options import json_option
from ghala.model.versions import running_versions

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Print the versions of Ghala and of what it runs on.",
    epilog="""\b
Examples:
  ghala version
  ghala version --json""",
)
@json_option
@click.pass_obj
def version(state: State) -> None:
    """Print the versions of Ghala and of what it runs on, for a report of a fault."""
    versions = running_versions()
    if state.as_json:
        print_json(versions)
    else:
        for name, number in versions.items():
            click.echo(f"{name} {number}")
