"""`ghala team`: who belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.model.account import Team


@click.group(
    cls=VerbGroup,
    short_help="Manage teams.",
    epilog="""\b
Examples:
  ghala team add sales
  ghala team join sales amina""",
)
def team() -> None:
    """Manage teams. A team owns the domains whose domain.yaml names it as their owner."""


@team.command(short_help="Add a team.", epilog="\b\nExample:\n  ghala team add sales")
@click.argument("name")
@json_option
@workspace_option
@click.pass_obj
def add(state: State, name: str) -> None:
    """Add a team without members."""
    with state.app() as app:
        added = app.identity.teams.add(name, by=OWNER_LOCAL)
    _print_done(state, added, "added")


@team.command(short_help="Remove a team.", epilog="\b\nExample:\n  ghala team remove sales")
@click.argument("name")
@json_option
@workspace_option
@click.pass_obj
def remove(state: State, name: str) -> None:
    """Remove a team; one that answers for a service stays until that is disabled."""
    with state.app() as app:
        app.identity.teams.remove(name, by=OWNER_LOCAL)
    if state.as_json:
        print_json({"removed": name})
    else:
        click.echo(f"{name}: removed")


@team.command("list", short_help="List teams.", epilog="\b\nExample:\n  ghala team list")
@json_option
@workspace_option
@click.pass_obj
def list_teams(state: State) -> None:
    """List teams with their members and the domains that they own."""
    with state.app() as app:
        teams = app.identity.teams.teams(by=OWNER_LOCAL)
    if state.as_json:
        print_json(teams)
    elif not teams:
        say("there are no teams")
        say("hint: ghala team add NAME")
    else:
        print_table(
            ["id", "members", "owns the domains"],
            [
                [one.id, ", ".join(one.members) or None, ", ".join(one.domains) or None]
                for one in teams
            ],
        )


@team.command(short_help="Make a user a member.", epilog="\b\nExample:\n  ghala team join sales amina")  # fmt: skip
@click.argument("name", metavar="TEAM")
@click.argument("member", metavar="USER")
@json_option
@workspace_option
@click.pass_obj
def join(state: State, name: str, member: str) -> None:
    """Make a user a member of a team."""
    with state.app() as app:
        changed = app.identity.teams.join(name, member, by=OWNER_LOCAL)
    _print_done(state, changed, f"has {', '.join(changed.members)}")


@team.command(short_help="End a membership.", epilog="\b\nExample:\n  ghala team leave sales amina")
@click.argument("name", metavar="TEAM")
@click.argument("member", metavar="USER")
@json_option
@workspace_option
@click.pass_obj
def leave(state: State, name: str, member: str) -> None:
    """End a user's membership of a team."""
    with state.app() as app:
        changed = app.identity.teams.leave(name, member, by=OWNER_LOCAL)
    _print_done(state, changed, f"has {', '.join(changed.members) or 'no members'}")


def _print_done(state: State, changed: Team, done: str) -> None:
    if state.as_json:
        print_json(changed)
    else:
        click.echo(f"{changed.id}: {done}")
