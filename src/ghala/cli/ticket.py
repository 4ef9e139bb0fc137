"""`ghala ticket`: say what is wrong in a dataset, and answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL
from ghala.model.ticket import ANSWERS, TicketState

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.group(
    cls=VerbGroup,
    short_help="Say what is wrong in a dataset, and answer it.",
    epilog='\b\nExample:\n  ghala ticket open sales.orders --found "The amount is in cents."',
)
def ticket() -> None:
    """Say what is wrong in a dataset, see what its owner answers, and answer as its owner."""


@ticket.command(
    "open",
    short_help="Say what is wrong in a dataset.",
    epilog="""\b
Example:
  ghala ticket open sales.orders --column amount --release 4 \\
    --found "A hundred times too large." --place "All orders of 3 March." """,
)
@click.argument("dataset")
@click.option("--found", required=True, metavar="TEXT", help="What is wrong.")
@click.option("--expected", default="", metavar="TEXT", help="What you expected.")
@click.option("--place", default="", metavar="TEXT", help="Which rows: a key, or how to find them.")
@click.option("--column", metavar="NAME", help="In which column, if it is one.")
@click.option("--release", type=click.IntRange(1), help="In which release you saw it.")
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def open_ticket(  # noqa: PLR0917 - one parameter an option
    state: State,
    dataset: str,
    found: str,
    expected: str,
    place: str,
    column: str | None,
    release: int | None,
    environment: str,
) -> None:
    """Say what is wrong in a dataset that you may discover. Its owner is told.

    Write no more about people than is needed: Ghala copies no values, and neither should you.
    """
    connection = state.connection()
    if connection is not None:
        made = connection.talk.open_ticket(
            dataset,
            found=found,
            expected=expected,
            place=place,
            column=column,
            release=release,
            environment=environment,
        )
    else:
        with state.app() as app:
            ticket = app.talk.tickets.open(
                dataset,
                by=OWNER_LOCAL,
                found=found,
                expected=expected,
                place=place,
                column=column,
                release=release,
                environment=environment,
            )
            made = plain(ticket)
    if state.as_json:
        print_json(made)
    else:
        click.echo(made["id"])
        say("opened a ticket; its owner is told")


@ticket.command(
    "list",
    short_help="List tickets.",
    epilog="""\b
Examples:
  ghala ticket list --state open
  ghala ticket list --dataset sales.orders --json""",
)
@click.option(
    "--state",
    "wanted",
    type=click.Choice([one.value for one in TicketState]),
    help="In this state only.",
)
@click.option("--dataset", metavar="NAME", help="About this dataset only.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_tickets(state: State, wanted: str | None, dataset: str | None) -> None:
    """List the tickets that you opened, and those that wait for your answer, newest first."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.tickets(wanted, dataset)
    else:
        with state.app() as app:
            page = app.talk.tickets.page(by=OWNER_LOCAL, state=wanted, dataset=dataset, limit=1000)
            found = plain(page.items)
    if state.as_json:
        print_json(found)
    elif not found:
        say("there is no such ticket")
    else:
        print_table(
            ["ticket", "state", "dataset", "column", "opened by", "opened", "found"],
            [
                [
                    one["id"],
                    one["state"],
                    one["dataset"],
                    one["column"],
                    one["opened_by"],
                    when(one["opened_at"]),
                    escaped(one["found"].split("\n", 1)[0]),
                ]
                for one in found
            ],
        )


@ticket.command(
    "show",
    short_help="Show a ticket with all that was said.",
    epilog="\b\nExample:\n  ghala ticket show 4fT0pXbq81Zc",
)
@click.argument("ticket_id", metavar="TICKET")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show_ticket(state: State, ticket_id: str) -> None:
    """Show a ticket with all that was said about it, oldest first."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.ticket(ticket_id)
    else:
        with state.app() as app:
            found = plain(app.talk.tickets.find(ticket_id, by=OWNER_LOCAL))
    if state.as_json:
        print_json(found)
    else:
        _print(found)


@ticket.command(
    "answer",
    short_help="Answer a ticket.",
    epilog="""\b
Examples:
  ghala ticket answer 4fT0pXbq81Zc accepted --text "We look into it."
  ghala ticket answer 4fT0pXbq81Zc mended --release 5 --text "It was in cents." """,
)
@click.argument("ticket_id", metavar="TICKET")
@click.argument("to", metavar="STATE", type=click.Choice([one.value for one in ANSWERS]))
@click.option("--text", required=True, metavar="TEXT", help="What you answer.")
@click.option("--release", type=click.IntRange(1), help="In which release it is mended.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def answer_ticket(state: State, ticket_id: str, to: str, text: str, release: int | None) -> None:
    """Answer a ticket about data of yours: STATE is accepted, answered, declined, or mended in a release."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.answer_ticket(ticket_id, to, text, release)
    else:
        with state.app() as app:
            found = plain(
                app.talk.tickets.answer(
                    ticket_id, by=OWNER_LOCAL, state=to, text=text, release=release
                )
            )
    _said(state, found, f"the ticket {found['id']} is {found['state']}")


@ticket.command(
    "reply",
    short_help="Say more about a ticket of yours.",
    epilog='\b\nExample:\n  ghala ticket reply 4fT0pXbq81Zc --text "April is still wrong."',
)
@click.argument("ticket_id", metavar="TICKET")
@click.option("--text", required=True, metavar="TEXT", help="What you have to add.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def reply_ticket(state: State, ticket_id: str, text: str) -> None:
    """Say more about a ticket that you opened; one that was answered, declined or mended is open again."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.reply_ticket(ticket_id, text)
    else:
        with state.app() as app:
            found = plain(app.talk.tickets.reply(ticket_id, by=OWNER_LOCAL, text=text))
    _said(state, found, f"the ticket {found['id']} is {found['state']}")


@ticket.command(
    "withdraw",
    short_help="Take a ticket of yours back.",
    epilog="\b\nExample:\n  ghala ticket withdraw 4fT0pXbq81Zc",
)
@click.argument("ticket_id", metavar="TICKET")
@json_option
@server_option
@workspace_option
@click.pass_obj
def withdraw_ticket(state: State, ticket_id: str) -> None:
    """Take a ticket that you opened back; it stays on record."""
    connection = state.connection()
    if connection is not None:
        found = connection.talk.withdraw_ticket(ticket_id)
    else:
        with state.app() as app:
            found = plain(app.talk.tickets.withdraw(ticket_id, by=OWNER_LOCAL))
    _said(state, found, f"the ticket {found['id']} is {found['state']}")


def _said(state: State, found: Facts, text: str) -> None:
    if state.as_json:
        print_json(found)
    else:
        say(text)


def _print(found: Facts) -> None:
    where = f"{found['dataset']}.{found['column']}" if found["column"] else found["dataset"]
    release = f", release {found['release']}" if found["release"] else ""
    mended = f" in release {found['mended_in']}" if found["mended_in"] else ""
    click.echo(f"{found['id']}  {found['state']}{mended}")
    click.echo(f"about:    {escaped(where)}{release}")
    for name in ("place", "found", "expected"):
        if found[name]:
            click.echo(f"{name + ':':9} {escaped(found[name])}")
    for one in found["history"]:
        said = f": {escaped(one['text'])}" if one["text"] else ""
        click.echo(f"{when(one['at'])}  {one['by']}  {one['state']}{said}")
