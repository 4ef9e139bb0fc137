"""`ghala incident`: what is not as it was promised, and who takes care of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_outline, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import when
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.group(
    cls=VerbGroup,
    short_help="Show incidents, and take care of them.",
    epilog="\b\nExample:\n  ghala incident list --state open",
)
def incident() -> None:
    """Show incidents, and take care of them: runs that failed, broken contracts, missed service levels, and others."""


@incident.command(
    "list",
    short_help="List incidents.",
    epilog="""\b
Examples:
  ghala incident list
  ghala incident list --state open
  ghala incident list --product sales/orders --json""",
)
@click.option(
    "--state",
    "wanted",
    type=click.Choice(["open", "acknowledged", "resolved"]),
    help="`open` stands for all that are not resolved.",
)
@click.option("--product", metavar="DOMAIN/PRODUCT", help="Only those of one product.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most."
)
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_incidents(
    state: State, wanted: str | None, product: str | None, limit: int, environment: str
) -> None:
    """List incidents, newest first."""
    asked = {"state": wanted, "product": product, "limit": limit, "environment": environment}
    connection = state.connection()
    if connection is not None:
        found = connection.incidents.list(**asked)
    else:
        with state.app() as app:
            app.look_for_incidents()
            found = app.incident_list(**asked)
    if state.as_json:
        print_json(found)
    elif not found:
        say("there is no such incident" if wanted or product else "there are no incidents")
    else:
        print_table(
            ["id", "state", "opened", "what", "by"],
            [
                [
                    one["id"],
                    one["state"],
                    when(one["opened_at"]),
                    one["title"],
                    one["acknowledged_by"],
                ]
                for one in found
            ],
        )


@incident.command(
    short_help="Show an incident with its timeline.",
    epilog="\b\nExample:\n  ghala incident show 9kQm2LxT0b4R",
)
@click.argument("incident_id", metavar="ID")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show(state: State, incident_id: str) -> None:
    """Show an incident with all that happened."""
    connection = state.connection()
    if connection is not None:
        found = connection.incidents.find(incident_id)
    else:
        with state.app() as app:
            found = app.incident(app.incidents.find(incident_id, by=OWNER_LOCAL))
    _print(state, found)


@incident.command(
    "open",
    short_help="Open an incident by hand.",
    epilog="""\b
Example:
  ghala incident open sales/orders --title "amounts of May are in cents" --dataset sales.orders""",
)
@click.argument("product", metavar="DOMAIN/PRODUCT")
@click.option("--title", required=True, metavar="TEXT", help="What is wrong, in a few words.")
@click.option("--text", default="", metavar="TEXT", help="What consumers should know.")
@click.option("--dataset", "datasets", multiple=True, metavar="NAME", help="Only about this one.")
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def open_incident(  # noqa: PLR0917 - one parameter an option
    state: State, product: str, title: str, text: str, datasets: tuple[str, ...], environment: str
) -> None:
    """Open an incident about a product, which everybody sees who may discover its datasets."""
    said = {"text": text, "datasets": list(datasets), "environment": environment}
    connection = state.connection()
    if connection is not None:
        found = connection.incidents.open(product, title, **said)
    else:
        with state.app() as app:
            found = app.incident(
                app.incidents.open(
                    product, title, by=OWNER_LOCAL, text=text, datasets=datasets, environment=environment
                )
            )  # fmt: skip
    _print(state, found)


@incident.command(
    short_help="Say that you take care of an incident.",
    epilog="\b\nExample:\n  ghala incident acknowledge 9kQm2LxT0b4R",
)
@click.argument("incident_id", metavar="ID")
@click.option("--text", default="", metavar="TEXT", help="What consumers should know.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def acknowledge(state: State, incident_id: str, text: str) -> None:
    """Say that you take care of an incident."""
    connection = state.connection()
    if connection is not None:
        found = connection.incidents.acknowledge(incident_id, text)
    else:
        with state.app() as app:
            found = app.incident(app.incidents.acknowledge(incident_id, by=OWNER_LOCAL, text=text))
    _print(state, found)


@incident.command(
    short_help="Add a note to an incident.",
    epilog="""\b
Example:
  ghala incident note 9kQm2LxT0b4R "the supplier sends the file again tonight\"""",
)
@click.argument("incident_id", metavar="ID")
@click.argument("text", metavar="TEXT")
@json_option
@server_option
@workspace_option
@click.pass_obj
def note(state: State, incident_id: str, text: str) -> None:
    """Add a note, which everybody can read who sees the incident."""
    connection = state.connection()
    if connection is not None:
        found = connection.incidents.note(incident_id, text)
    else:
        with state.app() as app:
            found = app.incident(app.incidents.note(incident_id, text, by=OWNER_LOCAL))
    _print(state, found)


@incident.command(
    short_help="Say that an incident is over.",
    epilog='\b\nExample:\n  ghala incident resolve 9kQm2LxT0b4R --reason "corrected in release 12"',
)
@click.argument("incident_id", metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is over.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def resolve(state: State, incident_id: str, reason: str) -> None:
    """Say that an incident is over, and why; if its cause goes on, it is opened anew."""
    connection = state.connection()
    if connection is not None:
        found = connection.incidents.resolve(incident_id, reason)
    else:
        with state.app() as app:
            found = app.incident(app.incidents.resolve(incident_id, reason, by=OWNER_LOCAL))
    _print(state, found)


def _print(state: State, found: Facts) -> None:
    if state.as_json:
        print_json(found)
        return
    words = ("id", "title", "state", "cause", "product", "datasets", "environment", "run")
    print_outline({key: found[key] for key in words if found[key] is not None})
    for event in found["events"]:
        text = f": {escaped(event['text'])}" if event["text"] else ""
        click.echo(f"{when(event['at'])}  {event['kind']} by {event['by']}{text}")
