"""`ghala diff`: what is different between two releases of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.cli.words import count, when

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ghala.cli.state import State

_KEYS_SHOWN = 5


@click.command(
    short_help="Show what is different between two releases.",
    epilog="""\b
Examples:
  ghala diff sales.orders                     the current release and the one before
  ghala diff sales.orders --from 3 --to 7
  ghala diff sales.orders --no-rows           without comparing rows
  ghala diff sales.orders --server https://data.acme.example""",
)
@click.argument("dataset", metavar="DOMAIN.DATASET")
@click.option(
    "--from", "start", type=click.IntRange(min=1), metavar="N",
    help="From that release.  [default: the one before the other]",
)  # fmt: skip
@click.option(
    "--to", "end", type=click.IntRange(min=1), metavar="N",
    help="To that release.  [default: the current one]",
)  # fmt: skip
@click.option(
    "--rows/--no-rows", default=True, show_default=True,
    help="Compare rows by the primary key, as you see them.",
)  # fmt: skip
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def diff(
    state: State, dataset: str, *, start: int | None, end: int | None, rows: bool, environment: str
) -> None:
    """Show what changed of a dataset from one release to another.

    That is its contract, with a verdict on what breaks consumers; rules that ended differently; columns of which the
    profile moved; and rows that were added, removed or changed, by the primary key. Rows are compared through the read
    door, in your name.
    """
    with state.asked() as asked:
        found = asked.diff(dataset, start=start, end=end, rows=rows, environment=environment)
    if state.as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: Mapping[str, Any]) -> None:
    before, after = found["before"], found["after"]
    print_table(
        ["release", "created", "contract", "rows", "bytes"],
        [
            [
                side["release"],
                when(side["created_at"]),
                side["contract"],
                f"{side['rows']:,}",
                f"{side['bytes']:,}",
            ]
            for side in (before, after)
        ],
    )
    _print_part("contract", ["change", "of", "before", "after", ""], list(_changes(found)))
    _say_verdict(found)
    _print_part("checks that ended differently", ["rule", "before", "after"], list(_checks(found)))
    _print_part(
        "columns that moved",
        ["column", "moved", "", "nulls", "different ~", "least", "greatest", "mean"],
        list(_columns(found)),
    )
    if found["rows"] is not None:
        _print_rows(found["rows"])


def _print_part(title: str, header: list[str], rows: list[list[object]]) -> None:
    if rows:
        click.echo(f"\n{title}:")
        print_table(header, rows)


def _changes(found: Mapping[str, Any]) -> Iterator[list[object]]:
    for change in found["changes"]:
        of = change["rule"] or ", ".join(change["columns"])
        breaks = "breaking" if change["is_breaking"] else None
        yield [change["kind"], of, change["before"], change["after"], breaks]


def _say_verdict(found: Mapping[str, Any]) -> None:
    verdict = found["contract"]
    if not found["changes"]:
        say_note("the contract promises the same")
    elif not verdict["suffices"]:
        say_note(
            f"these changes need a {verdict['needed']} version; "
            f"it went from {verdict['before']} to {verdict['after']}"
        )


def _checks(found: Mapping[str, Any]) -> Iterator[list[object]]:
    for check in found["checks"]:
        yield [check["rule"], _outcome(check["before"]), _outcome(check["after"])]


def _outcome(outcome: Mapping[str, Any] | None) -> str | None:
    if outcome is None:
        return None
    if outcome["passed"]:
        return "passed"
    failed = outcome["failed_rows"]
    return "failed" if not failed else f"failed in {count(failed, 'row')}"


def _columns(found: Mapping[str, Any]) -> Iterator[list[object]]:
    for column in found["columns"]:
        for side in ("before", "after"):
            is_first, facts = side == "before", column[side]
            share, mean = facts["null_share"], facts["mean"]
            yield [
                column["name"] if is_first else "",
                ", ".join(column["shifts"]) if is_first else "",
                side,
                None if share is None else f"{100 * share:.1f} %",
                facts["approximate_distinct"],
                facts["minimum"],
                facts["maximum"],
                None if mean is None else f"{mean:,.4g}",
            ]


def _print_rows(rows: Mapping[str, Any]) -> None:
    if not rows["is_counted"]:
        say_note(f"rows were not compared: {rows['why_not']}")
        return
    kinds = ("added", "removed", "changed")
    if not any(rows[kind] for kind in kinds):
        say("no row is different")
        return
    click.echo(f"\nrows by {', '.join(rows['key'])}:")
    print_table(
        ["", "rows", "keys"],
        [[kind, f"{rows[kind]:,}", _keys(rows["samples"][kind], rows[kind])] for kind in kinds],
    )


def _keys(samples: list[list[str | None]], rows: int) -> str | None:
    shown = [", ".join(part or "NULL" for part in key) for key in samples[:_KEYS_SHOWN]]
    more = " …" if rows > len(shown) else ""
    return " | ".join(shown) + more if shown else None
