"""`ghala runs`: what ran, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_outline, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts

_LINES_AT_ONCE = 500


@click.group(
    cls=VerbGroup,
    short_help="List runs, and show how one went.",
    epilog="\b\nExample:\n  ghala runs list sales/orders",
)
def runs() -> None:
    """List runs, and show how one went: its steps with their times and rows, and what it said."""


@runs.command(
    "list",
    short_help="List the last runs.",
    epilog="""\b
Examples:
  ghala runs list
  ghala runs list sales/orders --limit 5
  ghala runs list --environment dev --json""",
)
@click.argument("product", required=False, metavar="[DOMAIN/PRODUCT]")
@click.option(
    "--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="How many at most."
)
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_runs(state: State, product: str | None, limit: int, environment: str) -> None:
    """List the last runs, newest first: of all products, or of one."""
    connection = state.connection()
    if connection is not None:
        found = connection.runs(product, environment, limit)
    else:
        with state.app() as app:
            app.settle_lost_runs()
            found = plain(app.history.runs(OWNER_LOCAL, product, environment, limit))
    if state.as_json:
        print_json(found)
    elif not found:
        say("nothing ran yet: `ghala run` runs all products")
    else:
        print_table(
            ["product", "run", "state", "began", "ended", "release", "by"],
            [
                [
                    one["product"], one["id"], one["state"], when(one["started_at"]),
                    when(one["finished_at"]), one["release"], one["started_by"],
                ]
                for one in found
            ],
        )  # fmt: skip


@runs.command(
    short_help="Show how a run went.",
    epilog="""\b
Examples:
  ghala runs show 20260301T101500-5f2c9a01
  ghala runs show 20260301T101500-5f2c9a01 --log""",
)
@click.argument("run_id", metavar="RUN")
@click.option("--log", "with_log", is_flag=True, help="Also show what it said, line by line.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show(state: State, run_id: str, with_log: bool) -> None:  # noqa: FBT001 - click
    """Show a run: its steps with their times and rows, what it kept out, and what its checks found."""
    connection = state.connection()
    if connection is not None:
        found = connection.run_of(run_id)
        log = connection.run_log(run_id)["lines"] if with_log else []
    else:
        with state.app() as app:
            app.settle_lost_runs()
            found = plain(app.history.run(run_id, OWNER_LOCAL))
            log = app.history.log(run_id, OWNER_LOCAL)["lines"] if with_log else []
    if state.as_json:
        print_json(found | ({"log": log} if with_log else {}))
        return
    _print(found)
    for line in log:
        click.echo(f"{when(line['at'])}  {escaped(line['text'])}")


def _print(run: Facts) -> None:
    words = ("id", "product", "environment", "state", "release", "started_by", "error", "hint")
    print_outline({key: run[key] for key in words if run[key] is not None})
    if run["graph"]:
        print_table(
            ["step", "kind", "state", "began", "ended", "rows in", "rows out", "quarantined"],
            [
                [
                    one["name"], one["kind"], one["state"], when(one["began_at"]),
                    when(one["ended_at"]), one["rows_in"], one["rows_out"], one["quarantined"],
                ]
                for one in run["graph"]
            ],
        )  # fmt: skip
    for report in run["reports"]:
        failed = [one["rule"] for one in report["findings"] if not one["passed"]]
        said = f"failed: {', '.join(map(escaped, failed))}" if failed else "every rule holds"
        click.echo(f"checks of {report['dataset']}: {said}")
