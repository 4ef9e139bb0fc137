"""`ghala init`: a new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.options import json_option

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Make a new workspace with one small product.",
    epilog="""\b
Examples:
  ghala init acme
  ghala init acme --name acme_trading
  cd acme && ghala run""",
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--name", metavar="NAME", help="The workspace's name.  [default: the folder's]")
@json_option
@click.pass_obj
def init(state: State, folder: Path, name: str | None) -> None:
    """Make a new workspace in DIR, with one small product that runs as it is.

    Nothing is overwritten: a folder that is not empty is refused.
    """
    from ghala.spec.scaffold import init_workspace  # noqa: PLC0415 - loads YAML and the standards

    paths = init_workspace(folder, name or folder.resolve().name)
    if state.as_json:
        print_json({"workspace": folder, "files": paths})
        return
    for path in paths:
        click.echo(path)
    click.echo(f"next: cd {folder} && ghala run", err=True)
