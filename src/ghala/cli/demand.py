"""`ghala demand`: what people wish for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.group(
    cls=VerbGroup,
    short_help="Show what people look for, are denied, and think.",
    epilog="\b\nExample:\n  ghala demand list",
)
def demand() -> None:
    """Show what people look for in vain, are denied, and think of products; never who."""


@demand.command(
    "list",
    short_help="List demand.",
    epilog="""\b
Examples:
  ghala demand list
  ghala demand list --json --limit 500""",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 500),
    default=50,
    show_default=True,
    help="How many of each kind at most.",
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_demand(state: State, limit: int) -> None:
    """List searches that found nothing, denied reads of the last 30 days, and ratings, the most urgent first."""
    connection = state.connection()
    if connection is not None:
        wishes: dict[str, Any] = connection.demand(limit)
    else:
        with state.app() as app:
            wishes = plain(app.finders.demand.wishes(by=OWNER_LOCAL, limit=limit))
    if state.as_json:
        print_json(wishes)
    elif not any(wishes.values()):
        say("nobody missed anything, was denied anything, or rated anything yet")
    else:
        _print(wishes)


def _print(wishes: dict[str, Any]) -> None:
    tables = (
        ("looked for in vain:", "misses", ("words", "domain", "count", "last_at")),
        ("denied in the last 30 days:", "denials", ("dataset", "count", "last_at")),
        ("ratings:", "ratings", ("product", "stars", "count")),
    )
    for title, key, columns in tables:
        if wishes[key]:
            click.echo(title)
            print_table(
                [column.replace("_at", "") for column in columns],
                [[_shown(column, one[column]) for column in columns] for one in wishes[key]],
            )


def _shown(column: str, value: Any) -> Any:
    return when(datetime.fromisoformat(value)) if column == "last_at" and value else value or None
