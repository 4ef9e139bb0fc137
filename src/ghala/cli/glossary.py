"""`ghala glossary`: what the organisation's words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.group(
    cls=VerbGroup,
    short_help="Show what the organisation's words mean.",
    epilog="\b\nExample:\n  ghala glossary show churn",
)
def glossary() -> None:
    """Show what the organisation's words mean, and which data they speak of."""


@glossary.command(
    "list",
    short_help="List all terms.",
    epilog="""\b
Examples:
  ghala glossary list
  ghala glossary list --json --server https://data.acme.example""",
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_terms(state: State) -> None:
    """List all terms, by their names."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.terms()
    else:
        with state.app() as app:
            found = plain(app.finders.glossary.all(by=OWNER_LOCAL))
    if state.as_json:
        print_json(found)
    elif not found:
        say("there is no `glossary.yaml`, or no term in it")
    else:
        print_table(
            ["term", "owner", "data", "meaning"],
            [
                [
                    one["name"],
                    one["owner"] or None,
                    len(one["links"]),
                    one["meaning"].split("\n", 1)[0],
                ]
                for one in found
            ],
        )


@glossary.command(
    "show",
    short_help="Show a term, with an example from the data.",
    epilog="\b\nExample:\n  ghala glossary show churn",
)
@click.argument("term")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show_term(state: State, term: str) -> None:
    """Show a term by its name or a synonym: its meaning, the columns that it speaks of, and a few values of one."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.term(term)
    else:
        with state.app() as app:
            show = app.finders.glossary.term
            found = plain(show(term, by=OWNER_LOCAL, ask=lambda sql: app.sql(sql).arrow()))
    if state.as_json:
        print_json(found)
        return
    owner = f"  ({found['owner']})" if found["owner"] else ""
    click.echo(f"{escaped(found['name'])}{owner}")
    click.echo(escaped(found["meaning"]))
    if found["synonyms"]:
        click.echo(f"also: {escaped(', '.join(found['synonyms']))}")
    if found["related"]:
        click.echo(f"related: {escaped(', '.join(found['related']))}")
    for one in found["links"]:
        said = f": {escaped(one['description'])}" if one["description"] else ""
        click.echo(f"see {one['name']}{said}")
    if found["example"]:
        values = escaped(", ".join(found["example"]["values"]))
        column = f"{found['example']['dataset']}.{found['example']['column']}"
        masked = "" if found["example"]["clearance"] == "clear" else ", masked"
        click.echo(f"like {values}  ({column}{masked})")
