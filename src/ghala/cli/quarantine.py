"""`ghala quarantine`: the rows that were kept out, by batch and one by one; edited, given up, released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.escape import escaped_bytes
from ghala.cli.options import environment_option, json_option, workspace_option
from ghala.cli.repairs import discard, fix, release, rows
from ghala.cli.say import say, say_note
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import count, when
from ghala.errors import NotFoundError

if TYPE_CHECKING:
    from ghala.app import App
    from ghala.cli.state import State
    from ghala.model.outcome import Quarantined


class _Quarantine(VerbGroup):
    """Without a verb it lists the batches."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words after the command; without a verb they are those of `list`."""
        if not args or args[0] not in {*self.commands, "--help"}:
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_Quarantine,
    short_help="Show the rows that were kept out; edit, discard and release them.",
    epilog="""\b
Examples:
  ghala quarantine                               every batch
  ghala quarantine rows sales.orders             what waits for somebody, row by row
  ghala quarantine fix sales.orders ROW --raw "17;2026-03-01;12.50"
  ghala quarantine release sales.orders""",
)
def quarantine() -> None:
    """Show the rows that were kept out; edit them, give them up, and release those that were edited."""


@quarantine.command(
    "list",
    short_help="List the batches of rows that runs kept out.",
    epilog="""\b
Examples:
  ghala quarantine list                          every batch; `list` may be left out
  ghala quarantine sales/orders
  ghala quarantine sales/orders --run RUN        the rows of one run
  ghala quarantine --run RUN --step orders --json""",
)
@click.argument("product", required=False, metavar="[DOMAIN/PRODUCT]")
@click.option("--run", "run_id", metavar="RUN", help="Show the rows of this run.")
@click.option("--step", metavar="STEP", help="Show the rows of this step.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="At most so many rows a batch.",
)
@environment_option
@json_option
@workspace_option
@click.pass_obj
def list_batches(  # noqa: PLR0917 - one parameter an option
    state: State,
    product: str | None,
    run_id: str | None,
    step: str | None,
    limit: int,
    environment: str,
) -> None:
    """List the batches of rows that runs kept out; with a run or a step, show the rows.

    A record that could not be read has its file, its line, the reason and its raw bytes as text; a row that broke
    rules has its columns and the rules.
    """
    with state.app() as app:
        batches = [
            item
            for item in app.quarantine(product, run_id, environment)
            if step in (None, item.step)
        ]
        if run_id is None and step is None:
            _print_batches(state, batches)
        elif not batches:
            raise NotFoundError("no such batch", hint="`ghala quarantine` lists them")
        else:
            _print_rows(state, app, batches, environment, limit)


def _print_batches(state: State, batches: list[Quarantined]) -> None:
    if state.as_json:
        print_json(batches)
        return
    if not batches:
        say("nothing is in quarantine")
        return
    print_table(
        ["product", "run", "step", "kind", "rows", "created"],
        [
            [item.product, item.run_id, item.step, item.kind, item.rows, when(item.created_at)]
            for item in batches
        ],
    )


def _print_rows(
    state: State, app: App, batches: list[Quarantined], environment: str, limit: int
) -> None:
    shown = []
    for item in batches:
        found = app.quarantined_rows(item, environment, limit)
        rows = [_readable(row) for row in found.to_pylist()]
        shown.append({"batch": item, "rows": rows})
        if state.as_json:
            continue
        click.echo(
            f"{item.product} step {item.step}, run {item.run_id}: {count(item.rows, 'row')} ({item.kind})"
        )
        if rows:
            print_table(list(rows[0]), [list(row.values()) for row in rows])
        if item.rows > len(rows):
            say_note(f"{len(rows):,} of {item.rows:,} rows; `--limit` shows more")
    if state.as_json:
        print_json(shown)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose bytes are text; what cannot be text is written out."""
    return {
        name: escaped_bytes(value) if isinstance(value, bytes) else value
        for name, value in row.items()
    }


for _verb in (rows, fix, discard, release):
    quarantine.add_command(_verb)
