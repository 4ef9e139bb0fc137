"""`ghala quality`: how the rules of a dataset held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.words import when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts

_PASSED, _FAILED = ".", "x"


@click.command(
    short_help="Show how the rules of a dataset held.",
    epilog="""\b
Examples:
  ghala quality sales.orders
  ghala quality sales.orders --json
  ghala quality sales.orders --server https://data.acme.example""",
)
@click.argument("dataset", metavar="DATASET")
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def quality(state: State, dataset: str, environment: str) -> None:
    """Show each rule of a dataset with its last 30 results, oldest first: `.` held, `x` did not."""
    connection = state.connection()
    if connection is not None:
        found: Facts = connection.quality(dataset, environment)
    else:
        with state.app() as app:
            found = plain(app.rule_history.of(dataset, OWNER_LOCAL, environment))
    if state.as_json:
        print_json(found)
    elif not found["rules"]:
        say(f"{found['dataset']} was never checked: `ghala run` does")
    else:
        print_table(
            ["rule", "columns", "last checked", "held", "failed rows", "of", "last results"],
            [_row(rule) for rule in found["rules"]],
        )


def _row(rule: Facts) -> list[object]:
    results = rule["results"]
    last = results[0]
    marks = "".join(_PASSED if one["passed"] else _FAILED for one in reversed(results))
    held = "yes" if last["passed"] else "no"
    columns = ", ".join(rule["columns"]) or None
    return [rule["rule"], columns, when(last["at"]), held, last["failed_rows"], last["rows"], marks]
