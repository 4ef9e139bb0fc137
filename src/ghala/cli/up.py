"""`ghala up`: the server."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING

import click

from ghala.cli.options import json_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.app import App
    from ghala.cli.state import State


@click.command(
    short_help="Serve the HTTP API.",
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
    """Serve the HTTP API of the workspace until Ctrl-C or SIGTERM; prints its address once it answers.

    While nobody can be administrator, it also prints an invitation, which works once and for half an hour.
    """
    from ghala.delivery.http.make import PREFIX  # noqa: PLC0415 - the framework takes longer than `ghala --help` may
    from ghala.delivery.http.origin import Origin  # noqa: PLC0415 - likewise
    from ghala.delivery.http.serve import listen, serve  # noqa: PLC0415 - likewise

    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s"
    )
    with state.app() as app:
        settings = app.settings
        host = settings.server_host if host is None else host
        with listen(host, settings.server_port if port is None else port) as listening:
            public_url = settings.server_public_url
            origin = Origin.of(host, listening.getsockname()[1], public_url)
            parts = app.http_parts(origin)

            def announce() -> None:
                _say_first(app, f"{origin.url}{PREFIX}")
                say_note("Ctrl-C stops the server")
                url = f"{origin.url}{PREFIX}"
                click.echo(json.dumps({"url": url}) if state.as_json else url)
                sys.stdout.flush()

            with (
                app.audit.checkpoints_every(settings.checkpoint_s),
                app.system_published(),
                parts.access.expiries.noted_every(),
                parts.notifications.delivering(),
            ):
                serve(parts, listening, announce)


def _say_first(app: App, url: str) -> None:
    first = app.identity.first
    if first.is_missing():
        invitation = first.invite(by=OWNER_LOCAL)
        say_note("nobody can be administrator yet; this invitation works once, for half an hour:")
        say(f"  {invitation.text}")
        say(f"hint: ghala user first --accept NAME, or POST {url}/first")
