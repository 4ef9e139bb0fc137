"""`ghala profile`: what the rows of a release look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json, print_outline, print_table
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.cli.state import State
    from ghala.client.faults import Facts

_BAR = 30
_SHOWN_TOP = 3


@click.command(
    short_help="Show what the rows of a release look like.",
    epilog="""\b
Examples:
  ghala profile sales.orders
  ghala profile sales.orders --release 3
  ghala profile sales.orders --column net_amount     its distribution, too
  ghala profile sales.orders --column net_amount --series
  ghala profile sales.orders --server https://data.acme.example""",
)
@click.argument("dataset", metavar="DOMAIN.DATASET")
@click.option(
    "--release", type=click.IntRange(min=1), metavar="N",
    help="In that release, not in the current one.",
)  # fmt: skip
@click.option("--column", metavar="NAME", help="One column, in full.")
@click.option("--series", is_flag=True, help="The column in each of the last 30 releases.")
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def profile(
    state: State,
    dataset: str,
    *,
    release: int | None,
    column: str | None,
    series: bool,
    environment: str,
) -> None:
    """Show the profile of a dataset, made when its release was: rows, NULLs, different values, ranges, distributions.

    The count of different values is an estimate, within some percent. Of many rows, distributions are taken from a
    sample. On a server, values are shown of columns that you see clear in all rows.
    """
    if series and (column is None or release is not None):
        raise UsageError(
            "`--series` is about one column in all releases",
            hint="name it with `--column`, and leave out `--release`",
        )
    found: Facts
    with state.asked() as asked:
        if series and column is not None:
            found = asked.series(dataset, column, environment)
        else:
            found = asked.profile(dataset, release=release, column=column, environment=environment)
    if state.as_json:
        print_json(found)
    elif series:
        _print_series(found)
    elif _is_there(found):
        (_print_column if column is not None else _print_columns)(found)


def _is_there(found: Mapping[str, Any]) -> bool:
    of = f"release {found['release']} of {found['dataset']}"
    if not found["is_recorded"]:
        say(f"{of} has no profile: it was made without one")
        return False
    if found["fault"]:
        say(f"the profile of {of} could not be made: {found['fault']}")
        return False
    rows = "" if found["rows"] is None else f": {found['rows']:,} rows"
    added = (
        " that it added; those before it were not looked at" if found["coverage"] == "added" else ""
    )
    say(f"{of}{rows}{added}")
    if any(one["clearance"] != "clear" for one in found["columns"]):
        say_note("of columns that you do not see clear in all rows there are no values")
    return True


def _print_columns(found: Mapping[str, Any]) -> None:
    print_table(
        ["column", "type", "nulls", "different ~", "least", "greatest", "mean", "most often"],
        [
            [
                one["name"],
                one["type"].lower(),
                _percent(one["null_share"]),
                _counted(one["approximate_distinct"]),
                one["minimum"],
                one["maximum"],
                _middle(one),
                ", ".join(top["value"] for top in one["top"][:_SHOWN_TOP]) or None,
            ]
            for one in found["columns"]
        ],
    )


def _print_column(found: Mapping[str, Any]) -> None:
    for one in found["columns"]:
        facts = {
            "column": one["name"],
            "type": one["type"].lower(),
            "seen": one["clearance"],
            "nulls": _counted(one["nulls"]),
            "null share": _percent(one["null_share"]),
            "different (estimated)": _counted(one["approximate_distinct"]),
            "least": one["minimum"],
            "greatest": one["maximum"],
            "mean": _figure(one["mean"]),
            "standard deviation": _figure(one["standard_deviation"]),
            "true": _percent(one["true_share"]),
            "distributions from": _counted(one["sampled_rows"], " sampled rows") or "all rows",
        }
        print_outline({key: value for key, value in facts.items() if value is not None})
        if one["quantiles"]:
            click.echo("quantiles:")
            print_table(
                ["share", "value"],
                [[_percent(part["share"]), part["value"]] for part in one["quantiles"]],
            )
        if one["histogram"]:
            _print_histogram(one["histogram"])
        if one["top"]:
            click.echo("most often:")
            print_table(
                ["value", "rows", "share"],
                [
                    [top["value"], _counted(top["rows"]), _percent(top["share"])]
                    for top in one["top"]
                ],
            )


def _print_histogram(histogram: Mapping[str, Any]) -> None:
    counts, edges = histogram["counts"], histogram["edges"]
    most = max([*counts, 1])
    click.echo(f"histogram of {histogram['of']}:")
    print_table(
        ["from", "to", "rows", ""],
        [
            [_edge(low), _edge(high), _counted(count), "#" * -(-count * _BAR // most)]
            for low, high, count in zip(edges, edges[1:], counts, strict=False)
        ],
    )


def _print_series(found: Mapping[str, Any]) -> None:
    if not found["points"]:
        say(f"no release of {found['dataset']} has a profile of `{found['column']}`")
        return
    print_table(
        ["release", "rows", "nulls", "different ~"],
        [
            [
                point["release"],
                _counted(point["rows"]),
                _percent(point["null_share"]),
                _counted(point["approximate_distinct"]),
            ]
            for point in found["points"]
        ],
    )


def _middle(column: Mapping[str, Any]) -> str | None:
    if column["true_share"] is not None:
        return f"{_percent(column['true_share'])} true"
    return _figure(column["mean"])


def _edge(edge: float | str) -> str:
    return edge if isinstance(edge, str) else _figure(edge) or ""


def _figure(value: float | None) -> str | None:
    """Return a computed number with the digits that mean something.

    >>> _figure(2.5), _figure(1234567.891), _figure(0.00001234), _figure(None)
    ('2.5', '1,234,568', '1.234e-05', None)
    """
    if value is None:
        return None
    if value and abs(value) < 0.001:  # noqa: PLR2004 - below, zeros would take all the room
        return f"{value:.4g}"
    digits = 0 if abs(value) >= 10_000 else 3  # noqa: PLR2004 - of a large number nobody reads the fraction
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _percent(share: float | None) -> str | None:
    """Return a share as a percentage; what is not nothing does not read as nothing.

    >>> _percent(0.5), _percent(0.00001), _percent(0), _percent(None)
    ('50 %', '<0.1 %', '0 %', None)
    """
    if share is None:
        return None
    if 0 < share < 0.001:  # noqa: PLR2004 - as the text says
        return "<0.1 %"
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def _counted(count: int | None, noun: str = "") -> str | None:
    return None if count is None else f"{count:,}{noun}"
