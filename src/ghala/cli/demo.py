"""`ghala demo`: the example organisation, end to end."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json
from ghala.cli.options import json_option
from ghala.cli.say import say
from ghala.errors import UsageError
from ghala.model.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.cli.state import State


@click.command(
    short_help="Make the example organisation and run all of it.",
    epilog="""\b
Examples:
  ghala demo
  ghala demo pwani --scale 0.1
  ghala demo big --scale 100      10 million order lines""",
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
@json_option
@click.pass_obj
def demo(state: State, folder: Path, scale: float) -> None:
    """Make the example organisation in DIR (default: demo) and run all of it.

    A trading company whose departments grew apart: their files are read, checked and published as data products; one
    month breaks its contract and is refused, is repaired, and is published. The same scale makes the same files.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            f"`{folder}` is not empty", hint="choose another folder, or remove this one"
        )
    # By name: the example stands above the command line, since it uses the program as its users do.
    summary = plain(import_module("ghala.testing.demo").play(folder, scale=scale, say=say))
    if state.as_json:
        print_json(summary)
        return
    for line in summary_lines(summary, folder):
        click.echo(line)


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
