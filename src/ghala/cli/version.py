"""`ghala version`: what runs here."""

from __future__ import annotations

import platform
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.options import json_option

if TYPE_CHECKING:
    from ghala.cli.state import State

COMPANIONS = ("duckdb", "pyarrow", "pyiceberg", "sqlalchemy", "sqlglot")
"""The packages whose versions matter in a report of a fault."""


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
    versions = {name: version_of(name) for name in ("ghala", *COMPANIONS)}
    versions |= {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    if state.as_json:
        print_json(versions)
    else:
        for name, number in versions.items():
            click.echo(f"{name} {number}")
