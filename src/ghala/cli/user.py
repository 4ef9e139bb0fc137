"""`ghala user`: users, services and agents, and the roles that users take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_outline, print_table
from ghala.cli.options import json_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.cli.secret import password_option, read_secret
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL, Role

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.model.account import Account

ROLES = [role.value for role in Role]


@click.group(
    cls=VerbGroup,
    short_help="Manage users, services and agents, and their roles.",
    epilog="""\b
Examples:
  ghala user first
  ghala user add amina
  ghala user list""",
)
def user() -> None:
    """Manage who may use the workspace: users, services and agents, and the roles that users take.

    What is done here, on the machine that has the workspace's files, is recorded as done by owner:local.
    """


@user.command(
    short_help="Add a user, service or agent.",
    epilog="""\b
Examples:
  ghala user add amina
  ghala user add amina --no-password
  ghala user add service:loader --owner team:sales
  ghala user add agent:helper --owner amina""",
)
@click.argument("name")
@click.option("--owner", metavar="NAME", help="Who answers for a service; an agent's user.")
@click.option("--no-password", is_flag=True, help="Add a user who cannot sign in yet.")
@password_option
@json_option
@workspace_option
@click.pass_obj
def add(state: State, name: str, owner: str | None, no_password: bool, from_stdin: bool) -> None:  # noqa: FBT001 - click
    """Add a user NAME, a service `service:NAME`, which has tokens only, or an agent `agent:NAME`."""
    is_user = ":" not in name or name.startswith("user:")
    with state.app() as app:
        app.identity.accounts.new_id(name)
        wants_password = is_user and not no_password
        password = (
            read_secret("password", from_stdin=from_stdin, confirm=True) if wants_password else None
        )
        account = app.identity.accounts.add(name, by=OWNER_LOCAL, owner=owner, password=password)
    _print_done(state, account, "added")


@user.command(
    "list",
    short_help="List users, services and agents.",
    epilog="\b\nExample:\n  ghala user list",
)
@json_option
@workspace_option
@click.pass_obj
def list_users(state: State) -> None:
    """List users, services and agents, with their teams and the roles that they have taken."""
    with state.app() as app:
        accounts = app.identity.accounts.accounts(by=OWNER_LOCAL)
        if not accounts and not state.as_json:
            say("there is nobody yet")
            say("hint: ghala user first")
    if state.as_json:
        print_json(accounts)
    elif accounts:
        header = ["id", "state", "teams", "may take", "has taken"]
        print_table(header, [_row(account) for account in accounts])


@user.command(short_help="Show one of them.", epilog="\b\nExample:\n  ghala user show amina")
@click.argument("name")
@json_option
@workspace_option
@click.pass_obj
def show(state: State, name: str) -> None:
    """Show a user, service or agent: teams, roles, tokens, sessions, and who it is at identity providers."""
    with state.app() as app:
        account = app.identity.accounts.account(name, by=OWNER_LOCAL)
        facts = {
            **plain(account),
            "tokens": plain(app.identity.tokens.tokens(by=OWNER_LOCAL, of=account.id)),
            "sessions": plain(app.identity.sessions.sessions(account.id, by=OWNER_LOCAL)),
            "identities": plain(app.identity.outside.identities(account.id, by=OWNER_LOCAL)),
        }
    if state.as_json:
        print_json(facts)
    else:
        print_outline(facts)


@user.command(
    short_help="Keep an account from being used.",
    epilog="\b\nExample:\n  ghala user disable amina",
)
@click.argument("name")
@json_option
@workspace_option
@click.pass_obj
def disable(state: State, name: str) -> None:
    """Keep an account from being used: sessions and roles end, tokens open nothing any more."""
    with state.app() as app:
        account = app.identity.accounts.disable(name, by=OWNER_LOCAL)
    _print_done(state, account, "disabled")


@user.command(
    short_help="Let an account be used again.",
    epilog="\b\nExample:\n  ghala user enable amina",
)
@click.argument("name")
@json_option
@workspace_option
@click.pass_obj
def enable(state: State, name: str) -> None:
    """Let an account be used again, also with the tokens that it had and that have not expired."""
    with state.app() as app:
        account = app.identity.accounts.enable(name, by=OWNER_LOCAL)
    _print_done(state, account, "enabled")


@user.command(
    short_help="Set a user's password.",
    epilog="""\b
Examples:
  ghala user password amina
  ghala user password amina --password-stdin < password.txt""",
)
@click.argument("name")
@password_option
@json_option
@workspace_option
@click.pass_obj
def password(state: State, name: str, from_stdin: bool) -> None:  # noqa: FBT001 - click
    """Set a user's password; the user's sessions end.

    A password has at least 12 characters, is not among the most common ones and does not contain the user's name.
    """
    with state.app() as app:
        app.identity.accounts.account(name, by=OWNER_LOCAL)
        chosen = read_secret("new password", from_stdin=from_stdin, confirm=True)
        app.identity.accounts.set_password(name, chosen, by=OWNER_LOCAL)
        account = app.identity.accounts.account(name, by=OWNER_LOCAL)
    _print_done(state, account, "has a new password")


@user.command(
    short_help="Undo a user's link to an identity provider.",
    epilog="""\b
Examples:
  ghala user unlink amina
  ghala user unlink amina --issuer https://id.acme.example""",
)
@click.argument("name")
@click.option("--issuer", metavar="URL", help="Of this provider alone.")
@json_option
@workspace_option
@click.pass_obj
def unlink(state: State, name: str, issuer: str | None) -> None:
    """Undo a user's link to an identity provider; the sessions that began there end.

    The user signs in with the password from then on. Whoever signs in at the provider as before is not let in under
    this account until its user links it again.
    """
    with state.app() as app:
        ended = app.identity.outside.unlink(name, by=OWNER_LOCAL, issuer=issuer)
        account = app.identity.accounts.account(name, by=OWNER_LOCAL)
    _print_done(state, account, f"is not linked any more; sessions that ended: {ended}")


@user.command(
    short_help="Let a user take a role.",
    epilog="""\b
Examples:
  ghala user assign amina steward
  ghala user assign amina steward --withdraw""",
)
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--withdraw", is_flag=True, help="Keep the user from taking it, from now on.")
@json_option
@workspace_option
@click.pass_obj
def assign(state: State, name: str, role: str, withdraw: bool) -> None:  # noqa: FBT001 - click
    """Let a user take a role. A role that was assigned gives no right before it is taken."""
    with state.app() as app:
        change = app.identity.roles.withdraw if withdraw else app.identity.roles.assign
        account = change(name, role, by=OWNER_LOCAL)
    _print_done(state, account, f"{'may no longer' if withdraw else 'may'} take the role {role}")


@user.command(
    short_help="Take a role for some minutes.",
    epilog="""\b
Examples:
  ghala user elevate amina --reason "new colleague in sales"
  ghala user elevate amina --role steward --minutes 30 --reason "request 17"
  ghala user elevate amina --end""",
)
@click.argument("name")
@click.option(
    "--role", type=click.Choice(ROLES), default=Role.ADMINISTRATOR.value, show_default=True
)
@click.option(
    "--minutes",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    help="For how long; 480 at most.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why; it is recorded.")
@click.option("--end", is_flag=True, help="End the role now.")
@json_option
@workspace_option
@click.pass_obj
def elevate(  # noqa: PLR0917 - one parameter an option
    state: State,
    name: str,
    role: str,
    minutes: int,
    reason: str,
    end: bool,  # noqa: FBT001 - click's signature
) -> None:
    """Take a role for a user who is eligible, for a limited time and with a reason; both are recorded.

    It counts in sessions that begin or are renewed from now on, and in no token.
    """
    with state.app() as app:
        if end:
            app.identity.roles.end(name, role, by=OWNER_LOCAL)
        else:
            app.identity.roles.take(name, role, minutes=minutes, reason=reason, by=OWNER_LOCAL)
        account = app.identity.accounts.account(name, by=OWNER_LOCAL)
    until = {taken.role.value: taken.until for taken in account.taken}.get(role)
    done = f"has the role {role} until {when(until)}" if until else f"has not the role {role}"
    _print_done(state, account, done)


@user.command(
    short_help="Make the first administrator.",
    epilog="""\b
Examples:
  ghala user first
  ghala user first --accept amina""",
)
@click.option("--accept", "name", metavar="NAME", help="Use the invitation: make this user.")
@password_option
@json_option
@workspace_option
@click.pass_obj
def first(state: State, name: str | None, from_stdin: bool) -> None:  # noqa: FBT001 - click
    """Print an invitation that makes the first administrator: it works once, and for half an hour.

    With --accept, use it here: the invitation and a password are asked for, or read from two lines of stdin. There is
    no default password, and there is an invitation only while no administrator exists.
    """
    with state.app() as app:
        if name is None:
            made = app.identity.first.invite(by=OWNER_LOCAL)
            if state.as_json:
                print_json({"invitation": made.text, "until": made.until})
            else:
                click.echo(made.text)
                say_note(f"it works once, until {when(made.until)}, and is not shown again")
            return
        text = read_secret("invitation", from_stdin=from_stdin)
        chosen = read_secret("new password", from_stdin=from_stdin, confirm=True)
        account = app.identity.first.accept(text.strip(), name, chosen)
    _print_done(state, account, "may take the role administrator")


def _print_done(state: State, account: Account, done: str) -> None:
    if state.as_json:
        print_json(account)
    else:
        click.echo(f"{account.id}: {done}")


def _row(account: Account) -> list[object]:
    taken = [f"{one.role} until {when(one.until)}" for one in account.taken]
    return [
        account.id,
        "enabled" if account.is_enabled else "disabled",
        ", ".join(account.teams) or None,
        ", ".join(account.eligible) or None,
        ", ".join(taken) or None,
    ]
