"""`ghala rating`: what those who use a product think of it."""

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

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.group(
    cls=VerbGroup,
    short_help="Show how products are rated, rate them, and reply.",
    epilog="\b\nExample:\n  ghala rating show sales/orders",
)
def rating() -> None:
    """Show how products are rated, rate those that you queried, and reply as the owner."""


@rating.command(
    "show",
    short_help="Show how a product is rated.",
    epilog="\b\nExample:\n  ghala rating show sales/orders",
)
@click.argument("product")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show_ratings(state: State, product: str) -> None:
    """Show how a product is rated, and what was said, newest first; nobody learns by whom."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.ratings(product)
    else:
        with state.app() as app:
            found = plain(app.talk.ratings.of(product, by=OWNER_LOCAL))
    if state.as_json:
        print_json(found)
    elif not found["count"]:
        say("nobody rated it yet")
    else:
        click.echo(f"{found['product']}: {found['stars']} stars, {count(found['count'], 'rating')}")
        print_table(
            ["rating", "stars", "given", "comment", "reply"],
            [
                [
                    one["id"],
                    one["stars"],
                    when(one["rated_at"]),
                    one["comment"] or None,
                    one["reply"] or None,
                ]
                for one in found["ratings"]
            ],
        )


@rating.command(
    "give",
    short_help="Rate a product that you queried.",
    epilog='\b\nExample:\n  ghala rating give sales/orders 4 --comment "Fresh." --server https://data.acme.example',
)
@click.argument("product")
@click.argument("stars", type=click.IntRange(1, 5))
@click.option("--comment", default="", metavar="TEXT", help="What you have to say.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def give_rating(state: State, product: str, stars: int, comment: str) -> None:
    """Give a product 1 to 5 stars, in the place of those that you gave before. Users do, on a server."""
    connection = state.connection()
    if connection is not None:
        connection.rate(product, stars, comment)
    else:
        with state.app() as app:
            app.talk.ratings.rate(product, stars, comment, by=OWNER_LOCAL)
    say(f"rated {escaped(product)}")


@rating.command(
    "withdraw",
    short_help="Take your rating back.",
    epilog="\b\nExample:\n  ghala rating withdraw sales/orders --server https://data.acme.example",
)
@click.argument("product")
@json_option
@server_option
@workspace_option
@click.pass_obj
def withdraw_rating(state: State, product: str) -> None:
    """Take your rating of a product back."""
    connection = state.connection()
    if connection is not None:
        connection.talk.withdraw_rating(product)
    else:
        with state.app() as app:
            app.talk.ratings.withdraw(product, by=OWNER_LOCAL)
    say(f"took the rating of {escaped(product)} back")


@rating.command(
    "reply",
    short_help="Reply to a rating.",
    epilog="""\b
Examples:
  ghala rating reply sales/orders 4fT0pXbq81Zc "We look into it."
  ghala rating reply sales/orders 4fT0pXbq81Zc ''      takes the reply back""",
)
@click.argument("product")
@click.argument("rating_id", metavar="RATING")
@click.argument("text")
@json_option
@server_option
@workspace_option
@click.pass_obj
def reply_rating(state: State, product: str, rating_id: str, text: str) -> None:
    """Reply to a rating, for those who answer for the product. All who may know the product see it."""
    connection = state.connection()
    if connection is not None:
        connection.talk.reply_rating(product, rating_id, text)
    else:
        with state.app() as app:
            app.talk.ratings.reply(product, rating_id, text, by=OWNER_LOCAL)
    say(
        f"replied to {escaped(rating_id)}"
        if text.strip()
        else f"took the reply to {escaped(rating_id)} back"
    )
