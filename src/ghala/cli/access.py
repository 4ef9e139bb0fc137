"""`ghala access`: who asks for which data, and what is agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ghala.cli import access_changes, access_reports
from ghala.cli.access_words import (
    columns_option,
    for_people,
    print_preview,
    print_terms,
    read_end,
    read_rows,
    reason_option,
    required_reason_option,
    rows_options,
    until_options,
)
from ghala.cli.answer import print_json, print_outline
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.cli.verbs import VerbGroup
from ghala.errors import UsageError
from ghala.model.access_facts import agreement_facts, request_facts
from ghala.model.agreement import AgreementState
from ghala.model.principal import OWNER_LOCAL
from ghala.model.request import RequestState

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.access import Access as ServedAccess
    from ghala.governance.access import Access
    from ghala.model.access_facts import Facts

DEFAULT_DAYS = 90
STATES = ("requested", "denied", "withdrawn", "in_force", "expired", "revoked")
"""Of requests that are not agreements, then of agreements."""


@click.group(
    cls=VerbGroup,
    short_help="Ask for access to data, and decide about it.",
    epilog="""\b
Examples:
  ghala access preview sales.orders --for user:amina --purpose analytics
  ghala access request sales.orders --for user:amina --purpose analytics
        --column order_id --column amount --why "churn model"
  ghala access approve 4fT0pXbq81Zc
  ghala access revoke 4fT0pXbq81Zc --reason "project is over\"""",
)
def access() -> None:
    """Ask for access to data, decide about it, and look after what is agreed.

    What is done here, on the machine that has the workspace's files, is recorded as done by owner:local. Others ask and
    decide through the server, each under their own name.
    """


@access.command(
    short_help="Ask for access, for somebody.",
    epilog="""\b
Examples:
  ghala access request sales.orders --for user:amina --purpose analytics
        --column order_id --column amount --why "churn model"
  ghala access request sales.orders --for team:marketing --purpose analytics
        --all-columns --where region=KE,TZ --days 180 --why "east africa report"
  ghala access request sales.orders --purpose analytics --column order_id
        --why "churn model" --server https://data.acme.example""",
)
@click.argument("dataset")
@click.option(
    "--for",
    "grantee",
    metavar="WHOM",
    help="user:, team:, service:, agent: or product:NAME; oneself at a server.",
)
@click.option("--purpose", required=True, metavar="NAME", help="What it is for.")
@click.option("--why", required=True, metavar="TEXT", help="The justification.")
@columns_option
@click.option("--all-columns", is_flag=True, help="All columns instead of some.")
@rows_options
@until_options
@json_option
@server_option
@workspace_option
@click.pass_obj
def request(  # noqa: PLR0913, PLR0917 - one parameter an option
    state: State,
    dataset: str,
    grantee: str | None,
    purpose: str,
    why: str,
    columns: tuple[str, ...],
    all_columns: bool,  # noqa: FBT001 - click
    where: tuple[str, ...],
    rows: str | None,
    days: int | None,
    until: str | None,
) -> None:
    """Ask for access to columns and rows of DATASET for somebody, for one purpose and a limited time.

    Nothing is agreed until it is approved, unless a policy approves such requests automatically.
    """
    if all_columns and columns:
        raise UsageError("`--all-columns` and `--column` exclude each other", hint="use one")
    end = read_end(days, until, otherwise=DEFAULT_DAYS) or datetime.now(UTC)
    wanted, only = ["*"] if all_columns else columns, read_rows(where, rows)
    connection = state.connection()
    if connection is not None:
        made = connection.access.request(
            dataset, purpose=purpose, until=end, justification=why, grantee=grantee,
            columns=wanted, rows=only,
        )  # fmt: skip
    elif grantee is None:
        raise UsageError("nobody is named who shall get access", hint="--for user:NAME")
    else:
        with state.app() as app:
            asked = app.access.requests.request(
                dataset, by=OWNER_LOCAL, purpose=purpose, until=end, justification=why,
                grantee=grantee, columns=wanted, rows=only,
            )  # fmt: skip
        made = request_facts(asked)
    _print_request(state, made)


@access.command(
    "list",
    short_help="List requests and agreements.",
    epilog="""\b
Examples:
  ghala access list
  ghala access list --state requested
  ghala access list --dataset sales.orders --state in_force""",
)
@click.option(
    "--state",
    "wanted",
    metavar="STATE",
    help=f"One of {', '.join(STATES)}.",
)
@click.option("--dataset", metavar="NAME", help="Only those about one dataset.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_access(state: State, wanted: str | None, dataset: str | None) -> None:
    """List the requests that are not agreements (yet), and the agreements, newest first."""
    connection = state.connection()
    if connection is not None:
        requests, agreements = _listed(connection.access, wanted, dataset)
    else:
        with state.app() as app:
            app.access.expiries.note()
            requests, agreements = _listed(_Here(app.access), wanted, dataset)
    if state.as_json:
        print_json({"requests": requests, "agreements": agreements})
    elif requests or agreements:
        print_terms([*requests, *agreements])
    else:
        say("there is nothing of that kind" if wanted or dataset else "nobody asked for anything")
        say("hint: ghala access request DATASET --for user:NAME")


@access.command(
    short_help="Show one of them.", epilog="\b\nExample:\n  ghala access show 4fT0pXbq81Zc"
)
@click.argument("request_id", metavar="ID")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show(state: State, request_id: str) -> None:
    """Show a request with its decisions, and the agreement that it became."""
    connection = state.connection()
    if connection is not None:
        facts = connection.access.find(request_id)
    else:
        with state.app() as app:
            asked = app.access.requests.find(request_id, by=OWNER_LOCAL)
            facts = {"request": request_facts(asked), "agreement": None}
            if asked.state is RequestState.APPROVED:
                made = app.access.agreements.find(request_id, by=OWNER_LOCAL)
                facts["agreement"] = agreement_facts(made, datetime.now(UTC))
    if state.as_json:
        print_json(facts)
    else:
        print_outline(for_people(facts))


@access.command(
    short_help="Show what a request would give.",
    epilog="""\b
Examples:
  ghala access preview 4fT0pXbq81Zc
  ghala access preview sales.orders --for user:amina --purpose analytics
        --column order_id --column email""",
)
@click.argument("name", metavar="DATASET|ID")
@click.option(
    "--for", "grantee", metavar="WHOM", help="user:, team:, service:, agent: or product:NAME."
)
@click.option("--purpose", metavar="NAME", help="What it would be for.")
@columns_option
@rows_options
@json_option
@workspace_option
@click.pass_obj
def preview(  # noqa: PLR0917 - one parameter an option
    state: State,
    name: str,
    grantee: str | None,
    purpose: str | None,
    columns: tuple[str, ...],
    where: tuple[str, ...],
    rows: str | None,
) -> None:
    """Show which columns would be clear, masked or hidden, of an open request or of a dataset, with made-up rows.

    No value of them was ever stored: who may not read yet sees nothing of the data here either.
    """
    with state.app() as app:
        if "." not in name:
            found = app.access.previews.of_request(name, by=OWNER_LOCAL)
        else:
            if purpose is None:
                raise UsageError("a preview is for a purpose", hint="--purpose analytics")
            found = app.access.previews.preview(
                name,
                by=OWNER_LOCAL,
                purpose=purpose,
                grantee=grantee,
                columns=columns or ["*"],
                rows=read_rows(where, rows),
            )
    if state.as_json:
        print_json(found)
    else:
        print_preview(found)


@access.command(
    short_help="Approve a request, or a part of it.",
    epilog="""\b
Examples:
  ghala access approve 4fT0pXbq81Zc
  ghala access approve 4fT0pXbq81Zc --column order_id --where region=KE --days 30""",
)
@click.argument("request_id", metavar="ID")
@columns_option
@rows_options
@until_options
@reason_option
@json_option
@workspace_option
@click.pass_obj
def approve(  # noqa: PLR0917 - one parameter an option
    state: State,
    request_id: str,
    columns: tuple[str, ...],
    where: tuple[str, ...],
    rows: str | None,
    days: int | None,
    until: str | None,
    reason: str,
) -> None:
    """Approve a request at its next level; at the last one the agreement is in force at once, everywhere.

    With columns, rows or an end less is approved than was asked for: those columns alone, rows for which that holds
    too, an earlier end.
    """
    with state.app() as app:
        decided = app.access.requests.decide(
            request_id,
            by=OWNER_LOCAL,
            is_approved=True,
            reason=reason,
            columns=columns,
            rows=read_rows(where, rows),
            until=read_end(days, until, otherwise=None),
        )
    _print_request(state, request_facts(decided))


@access.command(
    short_help="Deny a request.",
    epilog='\b\nExample:\n  ghala access deny 4fT0pXbq81Zc --reason "ask for fewer columns"',
)
@click.argument("request_id", metavar="ID")
@required_reason_option
@json_option
@workspace_option
@click.pass_obj
def deny(state: State, request_id: str, reason: str) -> None:
    """Deny a request, and say why."""
    with state.app() as app:
        decided = app.access.requests.decide(
            request_id, by=OWNER_LOCAL, is_approved=False, reason=reason
        )
    _print_request(state, request_facts(decided))


@access.command(
    short_help="Withdraw a request.", epilog="\b\nExample:\n  ghala access withdraw 4fT0pXbq81Zc"
)
@click.argument("request_id", metavar="ID")
@json_option
@server_option
@workspace_option
@click.pass_obj
def withdraw(state: State, request_id: str) -> None:
    """Withdraw a request that nobody has decided yet."""
    connection = state.connection()
    if connection is not None:
        withdrawn = connection.access.withdraw(request_id)
    else:
        with state.app() as app:
            withdrawn = request_facts(app.access.requests.withdraw(request_id, by=OWNER_LOCAL))
    _print_request(state, withdrawn)


for verb in (*access_changes.VERBS, *access_reports.VERBS):
    access.add_command(verb)


@dataclass(frozen=True, slots=True)
class _Here:
    """What a workspace answers its owner, in the words of a server."""

    access: Access

    def requests(self, state: str | None, dataset: str | None) -> list[Facts]:
        found = self.access.requests.requests(by=OWNER_LOCAL, state=state, dataset=dataset)
        return list(map(request_facts, found))

    def agreements(self, state: str | None, dataset: str | None) -> list[Facts]:
        found = self.access.agreements.agreements(by=OWNER_LOCAL, state=state, dataset=dataset)
        now = datetime.now(UTC)
        return [agreement_facts(one, now) for one in found]


def _listed(
    found: _Here | ServedAccess, wanted: str | None, dataset: str | None
) -> tuple[list[Facts], list[Facts]]:
    """Return what is listed of requests and of agreements; what was approved is an agreement, and stands there."""
    of_requests, of_agreements = set(RequestState) - {RequestState.APPROVED}, set(AgreementState)
    if wanted is not None and wanted not in of_requests | of_agreements:
        raise UsageError(f"`{wanted[:80]}` is no state", hint=f"use {', '.join(STATES)}")
    asked, agreed = [], []
    if wanted is None or wanted in of_requests:
        everything = found.requests(wanted, dataset)
        asked = [one for one in everything if one["state"] != RequestState.APPROVED]
    if wanted is None or wanted in of_agreements:
        agreed = found.agreements(wanted, dataset)
    return asked, agreed


def _print_request(state: State, asked: Facts) -> None:
    if state.as_json:
        print_json(asked)
        return
    click.echo(f"{asked['id']}: {asked['state']}")
    if asked["state"] == RequestState.REQUESTED:
        level = f"level {1 + len(asked['decisions'])} of {asked['levels']}"
        say_note(f"it waits for a decision at {level}: ghala access approve {asked['id']}")
    elif asked["state"] == RequestState.APPROVED:
        say_note("the agreement is in force")
