"""`ghala lineage`: where columns come from, and what comes from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say_note
from ghala.errors import UsageError
from ghala.model.lineage_graph import Direction

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.model.lineage_graph import LineageGraph


@click.command(
    short_help="Show where columns come from, and what comes from them.",
    epilog="""\b
Examples:
  ghala lineage sales.orders                        each column, down to the sources
  ghala lineage sales.orders.net_amount --up --depth 1
  ghala lineage sales.customers.email --down        all that is made from it
  ghala lineage sales.orders --format mermaid > orders.mmd
  ghala lineage sales.orders --server https://data.acme.example""",
)
@click.argument("name", metavar="DOMAIN.DATASET[.COLUMN]")
@click.option(
    "--up", "direction", flag_value="up", default="up", help="What it comes from.  [default]"
)
@click.option("--down", "direction", flag_value="down", help="What comes from it.")
@click.option(
    "--depth", type=click.IntRange(1, 1000), default=1000, metavar="N",
    help="How many datasets to go through.  [default: all the way]",
)  # fmt: skip
@click.option(
    "--release", type=click.IntRange(min=1), metavar="N",
    help="Of that release, not the current one.",
)  # fmt: skip
@click.option("--steps", is_flag=True, help="Show the product's own steps, down to what it reads.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "mermaid"]), default="text",
    show_default=True, help="How to print it.",
)  # fmt: skip
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def lineage(
    state: State,
    name: str,
    *,
    direction: str,
    depth: int,
    release: int | None,
    steps: bool,
    form: str,
    environment: str,
) -> None:
    """Show the lineage of a dataset's columns through all products, as the releases recorded it.

    A column comes directly from what it is computed with, and indirectly from what decides its value: conditions,
    filters of aggregates, windows. What decides which rows there are (WHERE, joins, grouping) is said once for the
    dataset. What cannot be traced says so.
    """
    if state.as_json and form == "mermaid":
        raise UsageError(
            "`--json` and `--format mermaid` contradict each other", hint="leave one out"
        )
    connection = state.connection()
    if connection is None:
        with state.app() as app:
            graph = app.lineage(
                name, direction=direction, depth=depth, environment=environment,
                release=release, steps=steps,
            )  # fmt: skip
    elif steps:
        raise UsageError(
            "`--steps` is for a workspace: a server does not tell what products do",
            hint="leave it out",
        )
    else:
        graph = connection.lineage(
            name, direction=direction, depth=depth, environment=environment, release=release
        )
    if state.as_json or form == "json":
        print_json(graph)
    else:
        from ghala.cli import lineage_text  # noqa: PLC0415 - only these two forms need it

        lines = lineage_text.mermaid(graph) if form == "mermaid" else lineage_text.tree(graph)
        for line in lines:
            click.echo(escaped(line))
    _say_notes(graph)


def _say_notes(graph: LineageGraph) -> None:
    if graph.is_recorded and not graph.edges and graph.direction is Direction.DOWN:
        say_note("nothing that was released is made from it")
    if not graph.is_recorded:
        say_note(
            f"this release of {graph.dataset} was made before lineage was recorded; the next run records it"
        )
    if graph.untraced:
        say_note("what is marked with `?` could not be traced: it may come from less than is shown")
