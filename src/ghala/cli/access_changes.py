"""What `ghala access` does with an agreement that is in force."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ghala.cli.access_words import (
    columns_option,
    read_end,
    read_rows,
    reason_option,
    required_reason_option,
    rows_options,
    until_options,
)
from ghala.cli.answer import print_json
from ghala.cli.options import json_option, workspace_option
from ghala.cli.words import when
from ghala.errors import UsageError
from ghala.model.access_facts import agreement_facts
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.model.agreement import Agreement


@click.command(
    short_help="Give less than was agreed.",
    epilog="""\b
Examples:
  ghala access narrow 4fT0pXbq81Zc --column order_id --column amount
  ghala access narrow 4fT0pXbq81Zc --where region=KE --reason "kenya only\"""",
)
@click.argument("agreement_id", metavar="ID")
@columns_option
@rows_options
@until_options
@reason_option
@json_option
@workspace_option
@click.pass_obj
def narrow(  # noqa: PLR0917 - one parameter an option
    state: State,
    agreement_id: str,
    columns: tuple[str, ...],
    where: tuple[str, ...],
    rows: str | None,
    days: int | None,
    until: str | None,
    reason: str,
) -> None:
    """Give fewer columns (those that stay are named), fewer rows, or less time, from now on."""
    with state.app() as app:
        changed = app.access.agreements.narrow(
            agreement_id,
            by=OWNER_LOCAL,
            columns=columns,
            rows=read_rows(where, rows),
            until=read_end(days, until, otherwise=None),
            reason=reason,
        )
    _print_agreement(state, changed, f"{len(changed.columns)} columns until {when(changed.until)}")


@click.command(
    short_help="Let an agreement last longer.",
    epilog="\b\nExample:\n  ghala access renew 4fT0pXbq81Zc --days 180",
)
@click.argument("agreement_id", metavar="ID")
@until_options
@reason_option
@json_option
@workspace_option
@click.pass_obj
def renew(
    state: State, agreement_id: str, days: int | None, until: str | None, reason: str
) -> None:
    """Let an agreement last longer, as long as it is in force; one that has ended takes a new request."""
    end = read_end(days, until, otherwise=None)
    if end is None:
        raise UsageError("it is not said until when", hint="--days 180")
    with state.app() as app:
        changed = app.access.agreements.renew(
            agreement_id, by=OWNER_LOCAL, until=end, reason=reason
        )
    _print_agreement(state, changed, f"in force until {when(changed.until)}")


@click.command(
    short_help="Say that an agreement is still needed.",
    epilog="\b\nExample:\n  ghala access reassess 4fT0pXbq81Zc",
)
@click.argument("agreement_id", metavar="ID")
@reason_option
@json_option
@workspace_option
@click.pass_obj
def reassess(state: State, agreement_id: str, reason: str) -> None:
    """Say that somebody looked, and an agreement is still needed as it is."""
    with state.app() as app:
        changed = app.access.agreements.reassess(agreement_id, by=OWNER_LOCAL, reason=reason)
    again = when(changed.reassess_at) or f"never: it ends {when(changed.until)}"
    _print_agreement(state, changed, f"to be looked at again {again}")


@click.command(
    short_help="End an agreement now.",
    epilog='\b\nExample:\n  ghala access revoke 4fT0pXbq81Zc --reason "project is over"',
)
@click.argument("agreement_id", metavar="ID")
@required_reason_option
@json_option
@workspace_option
@click.pass_obj
def revoke(state: State, agreement_id: str, reason: str) -> None:
    """End an agreement now, and say why; what runs under it is cut."""
    with state.app() as app:
        changed = app.access.agreements.revoke(agreement_id, by=OWNER_LOCAL, reason=reason)
    _print_agreement(state, changed, "revoked")


VERBS = (narrow, renew, reassess, revoke)


def _print_agreement(state: State, changed: Agreement, done: str) -> None:
    if state.as_json:
        print_json(agreement_facts(changed, datetime.now(UTC)))
    else:
        click.echo(f"{changed.id}: {done}")
