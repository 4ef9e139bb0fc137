"""`ghala rollback`: a new release with the content of an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say, say_note

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Bring the content of an earlier release back.",
    epilog="""\b
Examples:
  ghala releases sales/orders
  ghala rollback sales/orders --to 3 --reason "the export of March was wrong"
  ghala diff sales.orders                       what is different now""",
)
@click.argument("product", metavar="DOMAIN/PRODUCT")
@click.option(
    "--to",
    required=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="The release to bring back.",
)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is on record.")
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def rollback(state: State, product: str, *, to: int, reason: str, environment: str) -> None:
    """Publish a new release with the content of an earlier one, checked against the contract of today.

    The earlier release, and those after it, stay as they are. The next run builds upon the new one: an append takes
    the files again that later releases took, so mend or remove a wrong file first; `replace` makes its dataset anew
    from its sources.
    """
    connection = state.connection()
    if connection is not None:
        facts = connection.roll_back(product, to, reason=reason, environment=environment)
        found: object = facts
        number = facts["number"]
    else:
        with state.app() as app:
            made = app.roll_back(product, to, reason=reason, environment=environment, progress=say)
        found, number = made, made.number
    if state.as_json:
        print_json(found)
        return
    click.echo(f"{product}: release {number} has the content of release {to}")
    say_note("the next run builds upon it: mend or remove what was wrong before it comes")
