"""`ghala show`: one product or dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_outline
from ghala.cli.options import environment_option, json_option, workspace_option
from ghala.cli.plain import plain

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Show a product or a dataset.",
    epilog="""\b
Examples:
  ghala show sales/orders      a product
  ghala show sales.orders      a dataset
  ghala show sales.orders --json""",
)
@click.argument("name")
@environment_option
@json_option
@workspace_option
@click.pass_obj
def show(state: State, name: str, environment: str) -> None:
    """Show the product `domain/product` or the dataset `domain.dataset`: what is promised, and what is released."""
    with state.app() as app:
        shown = app.show(name, environment)
    if state.as_json:
        print_json(shown)
    else:
        print_outline(plain(shown))
