"""What `ghala access` takes and shows: terms as options, and requests, agreements and previews for people."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ghala.cli.answer import print_table
from ghala.cli.words import when
from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ghala.model.access_facts import Facts
    from ghala.model.preview import Preview

Command = TypeVar("Command", bound="Callable[..., Any]")
_WHERE = re.compile(r"\s*(\w+)\s*(!=|>=|<=|=|>|<)(.*)", re.DOTALL)
_MOST_SHOWN = 6
_TIMES = frozenset({"at", "reassess_at", "requested_at", "revoked_at", "since", "until"})


def columns_option(command: Command) -> Command:
    """Add `--column`."""
    return click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="NAME",
        help="A column that shall be clear; may be repeated.",
    )(command)


def rows_options(command: Command) -> Command:
    """Add `--where` and `--rows`."""
    command = click.option(
        "--rows",
        metavar="JSON",
        help='The rows as a tree: {"any": […]}, {"not": …}, {"column": …, "in": […]}.',
    )(command)
    return click.option(
        "--where",
        multiple=True,
        metavar="CONDITION",
        help="Only rows for which `region=KE,TZ` or `amount>=10` holds; all of them if repeated.",
    )(command)


def until_options(command: Command) -> Command:
    """Add `--days` and `--until`."""
    command = click.option(
        "--until", metavar="DATE", help="The last day, in UTC, instead of `--days`."
    )(command)
    return click.option("--days", type=click.IntRange(1), help="How many days from now on.")(
        command
    )


def reason_option(command: Command) -> Command:
    """Add `--reason`."""
    return click.option("--reason", default="", metavar="TEXT", help="Why; it is recorded.")(
        command
    )


def required_reason_option(command: Command) -> Command:
    """Add `--reason` where nobody may leave it out."""
    return click.option("--reason", required=True, metavar="TEXT", help="Why; it is recorded.")(
        command
    )


def read_end(days: int | None, until: str | None, *, otherwise: int | None) -> datetime | None:
    """Return the moment that `--days` or `--until` mean; None if neither is there and nothing stands for them."""
    if days is not None and until is not None:
        raise UsageError("`--days` and `--until` are two ways to say one thing", hint="use one")
    if until is not None:
        try:
            last = date.fromisoformat(until)
        except ValueError:
            raise UsageError(f"`{until[:80]}` is no date", hint="write it as 2027-01-31") from None
        return datetime.combine(last + timedelta(days=1), time(), UTC)
    days = otherwise if days is None else days
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def read_rows(where: Sequence[str], rows: str | None) -> object:
    """Return the row predicate that `--where` and `--rows` describe, as JSON has it; None for all rows.

    >>> read_rows(["region = KE,TZ", "paid!=2024-01-01"], None)
    {'all': [{'column': 'region', 'in': ['KE', 'TZ']}, {'column': 'paid', 'is': '!=', 'value': '2024-01-01'}]}
    """
    parts = [_condition(text) for text in where]
    if rows is not None:
        try:
            parts.append(json.loads(rows))
        except (ValueError, RecursionError):
            raise UsageError("`--rows` is no JSON", hint="or use `--where region=KE`") from None
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"all": parts}


def print_terms(facts: Sequence[Facts]) -> None:
    """Print requests and agreements as a table: what tells them apart comes first, `show` has the rest of it."""
    header = ["id", "state", "for", "dataset", "until", "purpose", "rows", "columns"]
    print_table(
        header,
        [
            [
                one["id"],
                one["state"],
                one["grantee"],
                one["dataset"],
                when(datetime.fromisoformat(one["until"])),
                one["purpose"],
                "all" if one["rows"] is None else "some",
                _columns(one["columns"]),
            ]
            for one in facts
        ],
    )


def for_people(facts: Facts) -> Facts:
    """Return facts with their times as people read them, and a row predicate as the JSON that `--rows` takes.

    >>> for_people({"at": "2027-01-31T12:00:00+00:00", "rows": {"column": "id", "is": "=", "value": "1"}})["at"]
    '2027-01-31 12:00:00Z'
    """
    return {name: _for_people(name, value) for name, value in facts.items()}


def _for_people(name: str, value: object) -> object:
    match value:
        case dict() if name == "rows":
            return json.dumps(value, ensure_ascii=False)
        case dict():
            return for_people(value)
        case list():
            return [_for_people(name, one) for one in value]
        case str() if name in _TIMES:
            return when(datetime.fromisoformat(value))
        case _:
            return value


def print_preview(preview: Preview) -> None:
    """Print what somebody would get, and made-up rows as they would look."""
    click.echo(f"{preview.dataset} for {preview.grantee}, {preview.purpose}:")
    rows = []
    for one in preview.columns:
        mask = one.mask.value if one.mask else None
        some = "clear in some rows" if one.is_clear_in_some_rows else None
        how = ", ".join(part for part in (mask, some) if part)
        rows.append([one.name, one.type, one.now, one.clearance.value, how or None])
    print_table(["column", "type", "now", "then", "how"], rows)
    if preview.sample:
        names = list(preview.sample[0])
        click.echo("made-up rows, as they would be seen:")
        print_table(names, [[_cell(row[name]) for name in names] for row in preview.sample])


def _cell(value: object) -> object:
    if value is None:
        return "NULL"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _columns(names: Sequence[str]) -> str:
    more = len(names) - _MOST_SHOWN
    shown = ", ".join(names[:_MOST_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _condition(text: str) -> dict[str, object]:
    found = _WHERE.fullmatch(text)
    if found is None:
        raise UsageError(
            f"`{text[:80]}` is no condition", hint="write `region=KE`, or use `--rows` for a tree"
        )
    column, sign, value = found.group(1), found.group(2), found.group(3).strip()
    if sign == "=" and "," in value:
        return {"column": column, "in": [part.strip() for part in value.split(",")]}
    return {"column": column, "is": sign, "value": value}
