"""`ghala up`: the server."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from ghala.cli.options import json_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.cli.serving import serve_app
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.app import App
    from ghala.cli.state import State


@click.command(
    short_help="Serve the portal and the HTTP API.",
    epilog="""\b
Examples:
  ghala up
  ghala up --port 0               a port that is free
  ghala up --host 0.0.0.0         needs `server.public_url` in ghala.yaml""",
)
@click.option(
    "--host", metavar="ADDRESS", help="Where to listen.  [default: server.host, 127.0.0.1]"
)
@click.option("--port", type=int, metavar="PORT", help="Which port.  [default: server.port, 8321]")
@json_option
@workspace_option
@click.pass_obj
def up(state: State, host: str | None, port: int | None) -> None:
    """Serve the portal and the HTTP API of the workspace until Ctrl-C or SIGTERM; prints its address once it answers.

    While nobody can be administrator, it also prints an invitation, which works once and for half an hour.
    """
    from ghala.delivery.http.serve import listen  # noqa: PLC0415 - the framework takes longer than `ghala --help` may

    with state.app() as app:
        settings = app.settings
        host = settings.server_host if host is None else host

        def announce(server: str, url: str) -> None:
            _say_first(app, server)
            say_note(f"the portal is at {server}/; Ctrl-C stops the server")
            click.echo(json.dumps({"url": url}) if state.as_json else url)
            sys.stdout.flush()

        with listen(host, settings.server_port if port is None else port) as listening:
            serve_app(app, host, listening, announce)


def _say_first(app: App, url: str) -> None:
    first = app.identity.first
    if first.is_missing():
        invitation = first.invite(by=OWNER_LOCAL)
        say_note("nobody can be administrator yet; this invitation works once, for half an hour:")
        say(f"  {invitation.text}")
        # After the #, nothing of it reaches a log on the way.
        say(f"hint: open {url}/first#{invitation.text}, or: ghala user first --accept NAME")
