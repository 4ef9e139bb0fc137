"""`ghala wish`: data that people ask for and that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import count, when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL
from ghala.model.wish import ANSWERS, WishState

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.group(
    cls=VerbGroup,
    short_help="Ask for data that is not there, vote, and answer.",
    epilog='\b\nExample:\n  ghala wish make "Weather by region" --reason "Rain delays deliveries."',
)
def wish() -> None:
    """Ask for data that is not there, vote for what others ask for, and say what becomes of it."""


@wish.command(
    "make",
    short_help="Ask for data that is not there.",
    epilog='\b\nExample:\n  ghala wish make "Weather by region" --reason "Rain delays deliveries."',
)
@click.argument("title")
@click.option("--reason", required=True, metavar="TEXT", help="What it is for.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def make_wish(state: State, title: str, reason: str) -> None:
    """Ask for data. An open wish with the same words is the same one, and gets your vote. Everybody reads it."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.make_wish(title, reason)
    else:
        with state.app() as app:
            found = plain(app.talk.wishes.wish(title, reason, by=OWNER_LOCAL))
    if not state.as_json:
        click.echo(found["id"])
    _said(state, found)


@wish.command(
    "list",
    short_help="List wishes, the most wanted first.",
    epilog="""\b
Examples:
  ghala wish list
  ghala wish list --state open --domain sales --json""",
)
@click.option(
    "--state",
    "wanted",
    type=click.Choice([one.value for one in WishState]),
    help="In this state only.",
)
@click.option("--domain", metavar="NAME", help="That this domain answers only.")
@click.option(
    "--limit", type=click.IntRange(1, 500), default=100, show_default=True, help="At most."
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_wishes(state: State, wanted: str | None, domain: str | None, limit: int) -> None:
    """List wishes, the most wanted first; those that were merged only if they are asked for."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.wishes(state=wanted, domain=domain, limit=limit)
    else:
        with state.app() as app:
            seen = app.talk.wishes.wishes(by=OWNER_LOCAL, state=wanted, domain=domain, limit=limit)
            found = plain(seen)
    if state.as_json:
        print_json(found)
    elif not found:
        say("there is no such wish")
    else:
        print_table(
            ["wish", "state", "votes", "domain", "title"],
            [
                [one["id"], one["state"], one["votes"], one["domain"] or None, one["title"]]
                for one in found
            ],
        )


@wish.command(
    "show",
    short_help="Show a wish with what happened to it.",
    epilog="\b\nExample:\n  ghala wish show 4fT0pXbq81Zc",
)
@click.argument("wish_id", metavar="WISH")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show_wish(state: State, wish_id: str) -> None:
    """Show a wish with what happened to it, oldest first."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.wish(wish_id)
    else:
        with state.app() as app:
            found = plain(app.talk.wishes.find(wish_id, by=OWNER_LOCAL))
    if state.as_json:
        print_json(found)
    else:
        _print(found)


@wish.command(
    "vote", short_help="Vote for a wish.", epilog="\b\nExample:\n  ghala wish vote 4fT0pXbq81Zc"
)
@click.argument("wish_id", metavar="WISH")
@json_option
@server_option
@workspace_option
@click.pass_obj
def vote_wish(state: State, wish_id: str) -> None:
    """Vote for a wish that is open or planned. Each person has one vote for each."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.vote_wish(wish_id)
    else:
        with state.app() as app:
            found = plain(app.talk.wishes.vote(wish_id, by=OWNER_LOCAL))
    _said(state, found)


@wish.command(
    "withdraw",
    short_help="Take a vote back.",
    epilog="\b\nExample:\n  ghala wish withdraw 4fT0pXbq81Zc",
)
@click.argument("wish_id", metavar="WISH")
@json_option
@server_option
@workspace_option
@click.pass_obj
def withdraw_vote(state: State, wish_id: str) -> None:
    """Take one's vote for a wish back."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.withdraw_wish_vote(wish_id)
    else:
        with state.app() as app:
            found = plain(app.talk.wishes.withdraw(wish_id, by=OWNER_LOCAL))
    _said(state, found)


@wish.command(
    "assign",
    short_help="Say which domain shall answer a wish.",
    epilog="\b\nExample:\n  ghala wish assign 4fT0pXbq81Zc logistics",
)
@click.argument("wish_id", metavar="WISH")
@click.argument("domain")
@json_option
@server_option
@workspace_option
@click.pass_obj
def assign_wish(state: State, wish_id: str, domain: str) -> None:
    """Say which domain shall answer a wish; its owner is told."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.assign_wish(wish_id, domain)
    else:
        with state.app() as app:
            found = plain(app.talk.wishes.assign(wish_id, domain, by=OWNER_LOCAL))
    _said(state, found)


@wish.command(
    "answer",
    short_help="Say what becomes of a wish.",
    epilog="""\b
Examples:
  ghala wish answer 4fT0pXbq81Zc planned --item logistics/deliveries#weather
  ghala wish answer 4fT0pXbq81Zc shipped --dataset logistics.weather
  ghala wish answer 4fT0pXbq81Zc declined --text "Nobody sells it for our regions." """,
)
@click.argument("wish_id", metavar="WISH")
@click.argument("to", metavar="STATE", type=click.Choice([one.value for one in ANSWERS]))
@click.option("--text", default="", metavar="TEXT", help="What you have to say.")
@click.option("--item", metavar="PRODUCT#ITEM", help="Where it is planned.")
@click.option("--dataset", metavar="NAME", help="What came of it.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def answer_wish(  # noqa: PLR0917 - one parameter an option
    state: State, wish_id: str, to: str, text: str, item: str | None, dataset: str | None
) -> None:
    """Say what becomes of a wish: STATE is planned as an item of a roadmap, shipped as a dataset, declined, or open."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.answer_wish(wish_id, to, text, item, dataset)
    else:
        with state.app() as app:
            seen = app.talk.wishes.answer(
                wish_id, by=OWNER_LOCAL, state=to, text=text, roadmap_item=item, dataset=dataset
            )
            found = plain(seen)
    _said(state, found)


@wish.command(
    "merge",
    short_help="Let a wish live on in a like one.",
    epilog="\b\nExample:\n  ghala wish merge 4fT0pXbq81Zc 9aRkk2LmQ0Xy",
)
@click.argument("wish_id", metavar="WISH")
@click.argument("into")
@json_option
@server_option
@workspace_option
@click.pass_obj
def merge_wish(state: State, wish_id: str, into: str) -> None:
    """Let a wish live on in the wish INTO, with the votes for both: each person has one."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.merge_wish(wish_id, into)
    else:
        with state.app() as app:
            found = plain(app.talk.wishes.merge(wish_id, into, by=OWNER_LOCAL))
    _said(state, found)


def _said(state: State, found: Facts) -> None:
    if state.as_json:
        print_json(found)
    else:
        votes = count(found["votes"], "vote")
        say(f"the wish {found['id']} is {found['state']}, with {votes}: {escaped(found['title'])}")


def _print(found: Facts) -> None:
    click.echo(f"{found['id']}  {found['state']}  {count(found['votes'], 'vote')}")
    for name, label in (
        ("title", "title"),
        ("reason", "what for"),
        ("domain", "domain"),
        ("roadmap_item", "planned"),
        ("dataset", "dataset"),
        ("answer", "answer"),
        ("merged_into", "see"),
    ):
        if found[name]:
            click.echo(f"{label + ':':10}{escaped(found[name])}")
    for one in found["history"]:
        said = f": {escaped(one['text'])}" if one["text"] else ""
        who = f"  {one['by']}" if one["by"] else ""
        click.echo(f"{when(one['at'])}{who}  {one['event']}{said}")
