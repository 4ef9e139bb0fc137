"""`ghala list`: the products of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.words import when

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.command(
    "list",
    short_help="List the products of the workspace.",
    epilog="""\b
Examples:
  ghala list
  ghala list --json
  ghala list --server https://data.acme.example""",
)
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_products(state: State, environment: str) -> None:
    """List the products of the workspace, each with its datasets, its current release and its last run."""
    connection = state.connection()
    if connection is not None:
        _print_served(state, connection.products(environment))
        return
    with state.app() as app:
        products = app.products(environment)
    if state.as_json:
        print_json(products)
        return
    if not products:
        say(
            "no products yet: a product is a folder `domains/<domain>/<product>/` with a `product.odps.yaml`"
        )
        return
    print_table(
        ["product", "version", "release", "released", "last run", "owner", "datasets"],
        [
            [
                product.name,
                product.version,
                product.release,
                when(product.released_at),
                product.last_run,
                product.owner,
                ", ".join(str(name) for name in product.datasets),
            ]
            for product in products
        ],
    )


def _print_served(state: State, products: list[Facts]) -> None:
    if state.as_json:
        print_json(products)
    elif not products:
        say("there are no products that you may discover")
    else:
        print_table(
            ["product", "version", "release", "owner", "datasets"],
            [
                [
                    product["name"],
                    product["version"],
                    max((one["release"] or 0 for one in product["datasets"]), default=0) or None,
                    product["owner"],
                    ", ".join(one["name"] for one in product["datasets"]),
                ]
                for product in products
            ],
        )
