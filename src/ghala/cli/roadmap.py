"""`ghala roadmap`: what is to come of a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import count
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.group(
    cls=VerbGroup,
    short_help="Show what is to come of a product, and vote for it.",
    epilog="\b\nExample:\n  ghala roadmap show sales/orders",
)
def roadmap() -> None:
    """Show what the owner of a product means to do, what will change for its users, and vote for what is to come."""


@roadmap.command(
    "show",
    short_help="Show the roadmap of a product.",
    epilog="""\b
Examples:
  ghala roadmap show sales/orders
  ghala roadmap show sales/orders --json""",
)
@click.argument("product")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show_roadmap(state: State, product: str) -> None:
    """Show what is planned, being built, shipped and declined, with its votes, and which changes are ahead."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.roadmap(product)
    else:
        with state.app() as app:
            found = plain(app.talk.roadmaps.roadmap(product, by=OWNER_LOCAL))
    _print(state, found)


@roadmap.command(
    "vote",
    short_help="Vote for an item.",
    epilog="\b\nExample:\n  ghala roadmap vote sales/orders refunds",
)
@click.argument("product")
@click.argument("item")
@json_option
@server_option
@workspace_option
@click.pass_obj
def vote(state: State, product: str, item: str) -> None:
    """Vote for what is planned or being built. Each person has one vote for each item."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.vote(product, item)
    else:
        with state.app() as app:
            found = plain(app.talk.roadmaps.vote(product, item, by=OWNER_LOCAL))
    _say(state, found, item)


@roadmap.command(
    "withdraw",
    short_help="Take a vote back.",
    epilog="\b\nExample:\n  ghala roadmap withdraw sales/orders refunds",
)
@click.argument("product")
@click.argument("item")
@json_option
@server_option
@workspace_option
@click.pass_obj
def withdraw(state: State, product: str, item: str) -> None:
    """Take one's vote for an item back."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.withdraw_vote(product, item)
    else:
        with state.app() as app:
            found = plain(app.talk.roadmaps.withdraw(product, item, by=OWNER_LOCAL))
    _say(state, found, item)


def _say(state: State, found: Facts, item: str) -> None:
    if state.as_json:
        print_json(found)
        return
    votes = next(one["votes"] for one in found["items"] if one["id"] == item.lower())
    say(f"{found['product']}: {count(votes, 'vote')} for `{escaped(item.lower())}`")


def _print(state: State, found: Facts) -> None:
    if state.as_json:
        print_json(found)
        return
    if not found["items"] and not found["changes"]:
        say(f"{found['product']} has no `roadmap.yaml`")
        return
    if found["items"]:
        print_table(
            ["item", "state", "by", "votes", "title"],
            [
                [one["id"], one["state"], one["by"] or None, one["votes"], one["title"]]
                for one in found["items"]
            ],
        )
    for one in found["changes"]:
        about = f"{one['dataset']}: " if one["dataset"] else ""
        click.echo(f"{one['on']}  {one['kind']}: {about}{escaped(one['title'])}")
        if one["description"]:
            click.echo(f"            {escaped(one['description'])}")
        click.echo(f"            what to do: {escaped(one['action'])}")
