"""`ghala status`: whether data is there as it was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.words import span, when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.command(
    short_help="Show whether data is there as promised.",
    epilog="""\b
Examples:
  ghala status                               every dataset, the worst first
  ghala status sales.orders                  its service levels and their error budgets
  ghala status sales.orders --days 90 --json
\b
Exit codes: 0 all is as promised, 1 something is broken, failed or missed.""",
)
@click.argument("dataset", required=False, metavar="[DATASET]")
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=30,
    show_default=True,
    help="Over how many days error budgets are.",
)
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_context
def status(context: click.Context, dataset: str | None, days: int, environment: str) -> None:
    """Show how every dataset stands, or the service levels of one: what is promised, and what became of it.

    An error budget is the time for which a level may be missed. A dataset is `broken` when its last rows broke their
    contract, `failed` when its last run failed, `missed` when a service level is: consumers keep the last release.
    """
    state: State = context.obj
    if not (
        _show_all(state, environment)
        if dataset is None
        else _show_dataset(state, dataset, days, environment)
    ):
        context.exit(1)


def _show_all(state: State, environment: str) -> bool:
    connection = state.connection()
    if connection is not None:
        found = connection.status(environment)
    else:
        with state.app() as app:
            found = plain(app.levels.status(OWNER_LOCAL, environment))
    if state.as_json:
        print_json(found)
    elif not found:
        say("there are no datasets yet")
    else:
        print_table(
            ["dataset", "state", "release", "released", "last run", "missed"],
            [
                [
                    one["dataset"], one["state"].replace("_", " "), one["release"],
                    when(one["released_at"]), one["last_run_state"],
                    ", ".join(level["level"] for level in one["levels"] if level["is_met"] is False)
                    or None,
                ]
                for one in found
            ],
        )  # fmt: skip
    return all(one["state"] in {"fine", "not_released"} for one in found)


def _show_dataset(state: State, dataset: str, days: int, environment: str) -> bool:
    connection = state.connection()
    if connection is not None:
        found: Facts = connection.service_levels(dataset, environment, days)
    else:
        with state.app() as app:
            found = plain(app.levels.of(dataset, OWNER_LOCAL, environment, days))
    if state.as_json:
        print_json(found)
    elif not found["levels"]:
        say(
            f"no service level of {found['dataset']} is measured: its contract has none that can be"
        )
    else:
        print_table(
            ["level", "objective", "met", "due", "allowed", "spent", "remaining", "burn"],
            [_row(level) for level in found["levels"]],
        )
    return all(level["is_met"] is not False for level in found["levels"])


def _row(level: Facts) -> list[object]:
    met = {True: "yes", False: "no", None: None}[level["is_met"]]
    budget = level["budget"]
    spent = (
        [span(budget["allowed_s"]), span(budget["spent_s"]), span(budget["remaining_s"])]
        if budget
        else [None, None, None]
    )
    burn = f"{budget['burn']:.2f}" if budget and budget["burn"] is not None else None
    return [level["level"], level["objective"], met, when(level["due_at"]), *spent, burn]
