"""What `ghala access` tells about agreements: their history, what could be narrowed, and files for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.words import when
from ghala.model.access_facts import history_facts
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.model.access_facts import Facts
    from ghala.model.suggestion import Suggestion


@click.command(
    short_help="Show everything that happened to one.",
    epilog="\b\nExample:\n  ghala access history 4fT0pXbq81Zc",
)
@click.argument("request_id", metavar="ID")
@json_option
@server_option
@workspace_option
@click.pass_obj
def history(state: State, request_id: str) -> None:
    """Show everything that happened to a request and to the agreement that it became, oldest first."""
    connection = state.connection()
    if connection is not None:
        told = connection.access.history(request_id)
    else:
        with state.app() as app:
            app.access.expiries.note()
            entries = app.access.agreements.history(request_id, by=OWNER_LOCAL)
        told = [history_facts(entry) for entry in entries]
    if state.as_json:
        print_json(told)
    else:
        print_table(["at", "what", "by", "about"], [_row(entry) for entry in told])


@click.command(
    short_help="Write requests and agreements as OAAS documents.",
    epilog="""\b
Examples:
  ghala access export > agreements.oaas.yaml
  ghala access export 4fT0pXbq81Zc --format json""",
)
@click.argument("request_id", metavar="ID", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "json"]),
    default="yaml",
    show_default=True,
    help="YAML has a document each, JSON one list.",
)
@json_option
@workspace_option
@click.pass_obj
def export(state: State, request_id: str | None, form: str) -> None:
    """Write all requests and agreements, or one, in the words of Bitol's access agreement standard (OAAS)."""
    with state.app() as app:
        documents = app.access.exports.documents(by=OWNER_LOCAL, only=request_id)
    if form == "json" or state.as_json:
        print_json(documents)
        return
    from ghala.spec.yaml import written  # noqa: PLC0415 - only this format needs it

    click.echo(written(documents), nl=False)


@click.command(
    short_help="Say what use speaks for narrowing or ending.",
    epilog="\b\nExamples:\n  ghala access suggest\n  ghala access suggest --days 30 --json",
)
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=90,
    show_default=True,
    help="How far the record of reads is looked at; younger agreements are left alone.",
)
@json_option
@workspace_option
@click.pass_obj
def suggest(state: State, days: int) -> None:
    """Say which agreements nobody used, and which columns nobody looked at. It changes nothing."""
    with state.app() as app:
        found = app.access.suggestions.suggest(by=OWNER_LOCAL, days=days)
    if state.as_json:
        print_json(found)
    elif not found:
        say(f"every agreement that is older than {days} days is used as it is")
    else:
        header = ["id", "for", "dataset", "change", "reads", "last", "not used"]
        print_table(header, [_suggested(one) for one in found])
        click.echo()
        for one in found:
            click.echo(_command(one))


VERBS = (history, export, suggest)


def _row(entry: Facts) -> list[object]:
    detail = entry["detail"]
    columns = detail.get("columns")
    parts = [
        str(detail.get("reason") or detail.get("justification") or ""),
        f"{len(columns)} columns" if isinstance(columns, list) else "",
        f"until {str(detail['until'])[:10]}" if detail.get("until") else "",
    ]
    return [when(entry["at"]), entry["event"], entry["by"], ", ".join(filter(None, parts)) or None]


def _command(one: Suggestion) -> str:
    """Return what would do what is suggested."""
    if not one.columns:
        return f"ghala access revoke {one.agreement} --reason 'nobody used it'"
    keep = " ".join(f"--column {name}" for name in one.columns)
    return f"ghala access narrow {one.agreement} {keep} --reason 'nobody used the others'"


def _suggested(one: Suggestion) -> list[object]:
    return [
        one.agreement,
        one.grantee,
        str(one.dataset),
        one.change.value,
        one.reads,
        when(one.last_used),
        ", ".join(one.unused_columns) or None,
    ]
