"""`ghala token`: what programs present instead of a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL, Role

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.model.token import Token


@click.group(
    cls=VerbGroup,
    short_help="Manage the tokens of programs.",
    epilog="""\b
Examples:
  ghala token issue service:loader --scope dataset:read --purpose operations
  ghala token list
  ghala token revoke 4fT0pXbq81Zc""",
)
def token() -> None:
    """Manage tokens: for programs of users, for services and for agents."""


@token.command(
    short_help="Issue a token; it is shown once.",
    epilog="""\b
Examples:
  ghala token issue amina --scope dataset:read --purpose analytics
  ghala token issue service:loader --scope product:run --scope dataset:read
        --purpose operations --label "nightly load" --days 30
  ghala token issue amina --scope user:manage --role administrator
        --purpose administration --minutes 30""",
)
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="ACTION",
    help="What it allows, such as `dataset:read`; may be repeated.",
)
@click.option("--purpose", required=True, metavar="NAME", help="What it is used for.")
@click.option("--label", default="", metavar="TEXT", help="What lists show for it.")
@click.option(
    "--days",
    type=click.IntRange(1),
    help="How long it lives; 90 unless given, 365 at most.",
)
@click.option(
    "--minutes",
    type=click.IntRange(1),
    help="Instead of days; what decides or administers lives 60 unless given, 480 at most.",
)
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    help="A role that counts with it, and that its user has taken; may be repeated.",
)
@json_option
@workspace_option
@click.pass_obj
def issue(  # noqa: PLR0917 - one parameter an option
    state: State,
    name: str,
    scopes: tuple[str, ...],
    purpose: str,
    label: str,
    days: int | None,
    minutes: int | None,
    roles: tuple[str, ...],
) -> None:
    """Issue a token of a user, a service or an agent. It can never do more than whom it belongs to.

    What decides or administers, or carries a role, is a user's, lives for hours, and ends with the role. The token is
    printed on stdout, once; the registry keeps its hash only.
    """
    with state.app() as app:
        issued = app.identity.tokens.issue(
            name,
            by=OWNER_LOCAL,
            scopes=scopes,
            purpose=purpose,
            label=label,
            days=days,
            minutes=minutes,
            roles=roles,
        )
    if state.as_json:
        print_json({"text": issued.text, **plain(issued.token)})
    else:
        click.echo(issued.text)
        say_note(f"it works until {when(issued.token.until)}, and is not shown again")


@token.command(
    "list",
    short_help="List tokens, never their secrets.",
    epilog="\b\nExamples:\n  ghala token list\n  ghala token list service:loader",
)
@click.argument("name", required=False)
@json_option
@workspace_option
@click.pass_obj
def list_tokens(state: State, name: str | None) -> None:
    """List all tokens, or those of one account: also those that were revoked or have expired."""
    with state.app() as app:
        tokens = app.identity.tokens.tokens(by=OWNER_LOCAL, of=name)
    if state.as_json:
        print_json(tokens)
    elif not tokens:
        say("there are no tokens")
        say("hint: ghala token issue NAME --scope dataset:read --purpose analytics")
    else:
        header = [
            "id",
            "of",
            "label",
            "scopes",
            "roles",
            "purpose",
            "until",
            "last used",
            "revoked",
        ]
        print_table(header, [_row(one) for one in tokens])


@token.command(
    short_help="Revoke a token.", epilog="\b\nExample:\n  ghala token revoke 4fT0pXbq81Zc"
)
@click.argument("token_id", metavar="ID")
@json_option
@workspace_option
@click.pass_obj
def revoke(state: State, token_id: str) -> None:
    """Revoke a token by its id, the part of it between the underscores; it opens nothing from then on."""
    with state.app() as app:
        revoked = app.identity.tokens.revoke(token_id, by=OWNER_LOCAL)
    if state.as_json:
        print_json(revoked)
    else:
        click.echo(f"{revoked.id} of {revoked.principal}: revoked")


def _row(one: Token) -> list[object]:
    return [
        one.id,
        one.principal,
        one.label or None,
        ", ".join(one.scopes),
        ", ".join(one.roles) or None,
        one.purpose,
        when(one.until),
        when(one.used_at),
        when(one.revoked_at),
    ]
