"""`ghala usage`: how a product is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.words import count, when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts

_WEEK = ("start", "people", "teams", "programs", "queries", "rows")
_DATASET = ("dataset", "people", "programs", "queries", "rows")
_CONSUMER = ("principal", "teams", "queries", "rows", "last_on")
_AGREED = ("grantee", "dataset", "purpose", "until")


@click.command(
    "usage",
    short_help="Show who queries a product, and how much.",
    epilog="""\b
Examples:
  ghala usage sales/orders
  ghala usage sales/orders --json --server https://data.acme.example""",
)
@click.argument("product")
@json_option
@server_option
@workspace_option
@click.pass_obj
def usage(state: State, product: str) -> None:
    """Show how a product was used in the last twelve weeks: people, teams, programs, questions, rows of their answers.

    Who asked, and who has an agreement, is for those who answer for the product.
    """
    connection = state.connection()
    if connection is not None:
        found = connection.talk.usage(product)
    else:
        with state.app() as app:
            found = plain(app.talk.usage.of(product, by=OWNER_LOCAL))
    if state.as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: Facts) -> None:
    people, programs = count(found["people"], "user"), count(found["programs"], "program")
    queries = f"{found['queries']:,} {'query' if found['queries'] == 1 else 'queries'}"
    click.echo(f"{found['product']}: {queries} of {people} and {programs} in twelve weeks")
    click.echo(f"agreements with {count(found['agreement_count'], 'grantee')}")
    weeks = [one for one in found["weeks"] if one["queries"]]
    consumers = [
        {**one, "teams": ", ".join(one["teams"]) or None} for one in found["consumers"] or []
    ]
    agreed = [{**one, "until": when(one["until"])} for one in found["agreements"] or []]
    for columns, rows in (
        (_WEEK, weeks),
        (_DATASET, found["datasets"]),
        (_CONSUMER, consumers),
        (_AGREED, agreed),
    ):
        if rows:
            header = [name.replace("_on", "").replace("start", "week of") for name in columns]
            print_table(header, [[one[name] for name in columns] for one in rows])
