"""Serving a workspace that is open: what `ghala up` and `ghala demo` share."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from ghala.app import App


def serve_app(
    app: App, host: str, listening: socket.socket, announce: Callable[[str, str], None]
) -> None:
    """Serve until Ctrl-C or SIGTERM; `announce` gets the server's address and the API's once requests are answered.

    Raises:
        KeyboardInterrupt: it was Ctrl-C, and everything that was begun has ended.
    """
    from ghala.delivery.http.make import PREFIX  # noqa: PLC0415 - the framework takes longer than `ghala --help` may
    from ghala.delivery.http.origin import Origin  # noqa: PLC0415 - likewise
    from ghala.delivery.http.serve import serve  # noqa: PLC0415 - likewise

    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s"
    )
    settings = app.settings
    origin = Origin.of(host, listening.getsockname()[1], settings.server_public_url)
    parts = app.http_parts(origin)
    with (
        app.audit.checkpoints_every(settings.checkpoint_s),
        app.system_published(),
        app.lost_runs_settled(),
        app.incidents_looked_for(),
        parts.access.expiries.noted_every(),
        parts.notifications.delivering(),
    ):
        serve(parts, listening, lambda: announce(origin.url, f"{origin.url}{PREFIX}"))
