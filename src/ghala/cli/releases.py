"""`ghala releases`: what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_outline, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.words import count, when
from ghala.errors import UsageError
from ghala.model.plain import plain

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.command(
    short_help="List releases, newest first.",
    epilog="""\b
Examples:
  ghala releases
  ghala releases sales/orders
  ghala releases sales/orders --number 3      one of them, in full
  ghala sql "SELECT count(*) FROM sales.orders AT (VERSION => 3)\"""",
)
@click.argument("product", required=False, metavar="[DOMAIN/PRODUCT]")
@click.option("--number", type=click.IntRange(min=1), metavar="N", help="That release, in full.")
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def releases(state: State, product: str | None, number: int | None, environment: str) -> None:
    """List releases, newest first: of one product, or of all; or show one of them."""
    if number is not None:
        _print_one(state, product, number, environment)
        return
    connection = state.connection()
    if connection is not None:
        _print_served(state, connection.releases(product, environment))
        return
    with state.app() as app:
        found = app.releases(product, environment)
    if state.as_json:
        print_json(found)
        return
    if not found:
        say("no releases yet: `ghala run` makes them")
        return
    print_table(
        ["product", "release", "current", "created", "rows", "run", "definition"],
        [
            [
                release.product,
                release.number,
                "current" if release.is_current else None,
                when(release.created_at),
                sum(dataset.row_count for dataset in release.datasets),
                release.run_id,
                release.definition_sha256[:12],
            ]
            for release in found
        ],
    )


def _print_one(state: State, product: str | None, number: int, environment: str) -> None:
    if product is None:
        raise UsageError(
            "each product numbers its own releases", hint="name one: ghala releases sales/orders"
        )
    with state.asked() as asked:
        found = asked.release(product, number, environment)
    if state.as_json:
        print_json(found)
        return
    shown = plain(found)
    reports = [one.pop("checks") for one in shown["datasets"]]
    print_outline(shown)
    for report in filter(None, reports):
        findings = report["findings"]
        failed = ", ".join(one["rule"] for one in findings if not one["passed"])
        click.echo(
            escaped(f"{report['dataset']}: {count(len(findings), 'rule')}, failed: {failed or '-'}")
        )


def _print_served(state: State, releases: list[Facts]) -> None:
    if state.as_json:
        print_json(releases)
    elif not releases:
        say("there are no releases that you may discover")
    else:
        print_table(
            ["product", "release", "current", "created", "rows", "datasets"],
            [
                [
                    release["product"],
                    release["number"],
                    "current" if release["is_current"] else None,
                    release["created_at"],
                    sum(dataset["rows"] for dataset in release["datasets"]),
                    ", ".join(dataset["name"] for dataset in release["datasets"]),
                ]
                for release in releases
            ],
        )
