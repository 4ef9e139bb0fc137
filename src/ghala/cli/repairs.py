"""The verbs of `ghala quarantine` about single rows of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json, print_outline, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.run import outcome_lines
from ghala.cli.say import say, say_error, say_note
from ghala.cli.words import count
from ghala.errors import UsageError

if TYPE_CHECKING:
    from ghala.cli.state import State

_STATES = ["open", "fixed", "released", "discarded"]
_LONGEST = 60


@click.command(
    short_help="Show the rows of a dataset that are kept out, one by one.",
    epilog="""\b
Examples:
  ghala quarantine rows sales.orders
  ghala quarantine rows sales.orders --state open --reason type
  ghala quarantine rows sales.orders --file orders-2026-03.csv --json""",
)
@click.argument("dataset", metavar="DOMAIN.DATASET")
@click.option("--state", "wanted", type=click.Choice(_STATES), help="Only those of this state.")
@click.option("--reason", metavar="REASON", help="Only for this reason, or by this rule.")
@click.option("--file", metavar="FILE", help="Only records of this file.")
@click.option(
    "--run", metavar="RUN", help="What this run kept out, also where it no longer counts."
)
@click.option(
    "--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="How many at most."
)
@click.option(
    "--after", type=click.IntRange(0), default=0, help="Leave out so many, which were shown before."
)
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def rows(  # noqa: PLR0913, PLR0917 - one parameter an option
    state: State,
    dataset: str,
    wanted: str | None,
    reason: str | None,
    file: str | None,
    run: str | None,
    limit: int,
    after: int,
    environment: str,
) -> None:
    """Show how many rows of a dataset are kept out, why, and each with its id.

    What each run reads anew counts as the last run found it; what is read once counts until it is released or given up.
    """
    asked = {
        "state": wanted,
        "reason": reason,
        "file": file,
        "run": run,
        "limit": limit,
        "after": after,
    }
    connection = state.connection()
    if connection is not None:
        found = connection.quarantine.rows(dataset, environment=environment, **asked)
    else:
        with state.app() as app:
            found = app.kept_out(dataset, environment, **asked)
    if state.as_json:
        print_json(found)
        return
    print_outline(
        {name: found[name] for name in ("dataset", "quarantined", *_STATES)}
        | {"reasons": {one["reason"]: one["rows"] for one in _facts(found["reasons"])}}
    )
    shown = _facts(found["rows"] or [])
    if shown:
        print_table(
            ["row", "state", "where", "why", "content"],
            [[one["id"], one["state"], _where(one), _why(one), _content(one)] for one in shown],
        )
    if lost := found.get("lost"):
        say_note(f"{lost:,} rows more are on record, and no longer kept")
    if found["rows"] is None:
        say_note("the rows are for those who are responsible for them and read all in clear")
    elif found["next"] is not None:
        more = f"`--after {found['next']}` shows the next"
        say_note(f"{len(shown):,} of {found['matching']:,} rows; {more}")


@click.command(
    short_help="Edit a row that was kept out.",
    epilog="""\b
Examples:
  ghala quarantine fix sales.orders 7f0c2e9b… --raw "17;2026-03-01;12.50"
  ghala quarantine fix sales.orders 91aa03c4… --set amount=12.50 --null note
  ghala quarantine fix sales.orders 91aa03c4… --as-is""",
)
@click.argument("dataset", metavar="DOMAIN.DATASET")
@click.argument("row", metavar="ROW")
@click.option("--raw", metavar="TEXT", help="The whole record, as it should stand in its file.")
@click.option("--set", "sets", multiple=True, metavar="COLUMN=VALUE", help="A value that changes.")
@click.option("--null", "nulls", multiple=True, metavar="COLUMN", help="A value that is left out.")
@click.option("--as-is", is_flag=True, help="Take the row as it stands, once others are given up.")
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def fix(  # noqa: PLR0917 - one parameter an option
    state: State,
    dataset: str,
    row: str,
    raw: str | None,
    sets: tuple[str, ...],
    nulls: tuple[str, ...],
    as_is: bool,  # noqa: FBT001 - a flag
    environment: str,
) -> None:
    """Edit a row: a record that could not be read by its text, a row that broke rules by its values.

    It waits until `ghala quarantine release`. The audit has who edited it, and no value.
    """
    values = _values(sets, nulls) if sets or nulls or as_is else None
    connection = state.connection()
    if connection is not None:
        made = connection.quarantine.fix(
            dataset, row, raw=raw, values=values, environment=environment
        )
    else:
        with state.app() as app:
            made = app.fix_row(dataset, row, raw=raw, values=values, environment=environment)
    if state.as_json:
        print_json(made)
    else:
        say(f"{made['id']}: {made['state']}")


@click.command(
    short_help="Give rows up that were kept out.",
    epilog="""\b
Example:
  ghala quarantine discard sales.orders 7f0c2e9b… 91aa03c4… --reason "test orders of the shop\'s developers\"""",
)
@click.argument("dataset", metavar="DOMAIN.DATASET")
@click.argument("row_ids", metavar="ROW...", nargs=-1, required=True)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stays on record.")
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def discard(
    state: State, dataset: str, row_ids: tuple[str, ...], reason: str, environment: str
) -> None:
    """Give rows up: they stay on record with the reason, and will not be in the data."""
    connection = state.connection()
    if connection is not None:
        made = connection.quarantine.discard(
            dataset, row_ids, reason=reason, environment=environment
        )
    else:
        with state.app() as app:
            made = app.discard_rows(dataset, row_ids, reason=reason, environment=environment)
    if state.as_json:
        print_json(made)
    else:
        say(f"{count(len(made), 'row')} discarded")


@click.command(
    short_help="Release rows that were edited.",
    epilog="""\b
Examples:
  ghala quarantine release sales.orders
  ghala quarantine release sales.orders 7f0c2e9b…
  ghala quarantine release sales.orders --server https://data.example --json""",
)
@click.argument("dataset", metavar="DOMAIN.DATASET")
@click.argument("row_ids", metavar="[ROW...]", nargs=-1)
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_context
def release(
    context: click.Context, dataset: str, row_ids: tuple[str, ...], environment: str
) -> None:
    """Run the product of a dataset and take rows along that were edited: those that are named, or all.

    They are cast and checked like any others. Those that still cannot be taken stay, with the new reason. A server
    starts the run, and `ghala runs show` says how it went.
    """
    state: State = context.obj
    named = list(row_ids) or None
    connection = state.connection()
    if connection is not None:
        begun = connection.quarantine.release(dataset, named, environment=environment)
        if state.as_json:
            print_json(begun)
        else:
            say(f"run {begun['id']} has begun")
        return
    with state.app() as app:
        outcome = app.release_rows(dataset, named, environment=environment, progress=say_note)
    if state.as_json:
        print_json(outcome)
    else:
        for line in outcome_lines(outcome):
            click.echo(line)
    if outcome.error:
        if not state.as_json:
            say_error(outcome.error)
        context.exit(1)


def _values(sets: tuple[str, ...], nulls: tuple[str, ...]) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for one in sets:
        name, separator, value = one.partition("=")
        if not separator or not name:
            raise UsageError(f"`{one[:100]}` sets nothing", hint="--set COLUMN=VALUE")
        values[name] = value
    return values | dict.fromkeys(nulls)


def _facts(found: Any) -> list[dict[str, Any]]:
    return list(found)


def _where(one: dict[str, Any]) -> str:
    if one["file"] is None:
        return str(one["run"])
    return f"{escaped(one['file'])}:{one['line']}"


def _why(one: dict[str, Any]) -> str:
    told = one["refused"] or one
    return escaped(str(one["note"] or told["message"]))


def _content(one: dict[str, Any]) -> str:
    shown = one["fixed_raw"] or one["raw"]
    if shown is None:
        edits = one["fixed_values"] or {}
        pairs = {value["column"]: value["value"] for value in one["values"]} | edits
        shown = ", ".join(f"{name}={value}" for name, value in pairs.items())
    return escaped(shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…")
