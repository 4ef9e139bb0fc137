"""`ghala show`: one product or dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json, print_outline
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.model.plain import plain

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
@server_option
@workspace_option
@click.pass_obj
def show(state: State, name: str, environment: str) -> None:
    """Show the product `domain/product` or the dataset `domain.dataset`: what is promised, and what is released.

    Of a product, also how its last run ended, and which rules its rows broke.
    """
    connection = state.connection()
    if connection is not None:
        find = connection.product if "/" in name else connection.dataset
        shown: dict[str, Any] = find(name, environment)
    else:
        with state.app() as app:
            shown = app.show(name, environment)
    if state.as_json:
        print_json(shown)
    else:
        _print(plain(shown))


def _print(shown: dict[str, Any]) -> None:
    reports = (shown.get("last_run") or {}).pop("reports", [])
    print_outline(shown)
    if reports:
        from ghala.quality.report import from_dict, to_text  # noqa: PLC0415 - only a product that ran has them

        click.echo("checks of the last run:")
        for report in reports:
            for line in to_text(from_dict(report), only_broken=True).splitlines():
                click.echo(f"  {escaped(line)}")
