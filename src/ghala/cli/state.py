"""What a command is given: the ways into the program, and the options that errors need to know of."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ghala.app import App
    from ghala.client import Connection
    from ghala.spec.finding import LintFinding


def open_workspace(folder: Path | None) -> App:
    """Open the workspace in a folder, or the nearest one above the current folder."""
    # Imported here: the engine, Arrow and the registry take longer to load than `ghala --help` may.
    from ghala.app import open as open_app  # noqa: PLC0415 - see the line above
    from ghala.spec.find import find_workspace  # noqa: PLC0415 - likewise

    return open_app(folder if folder is not None else find_workspace(Path.cwd()))


def connect_to(url: str) -> Connection:
    """Connect to a server with the token of the environment."""
    from ghala.client import connect  # noqa: PLC0415 - most commands ask no server
    from ghala.settings import read_token  # noqa: PLC0415 - likewise

    token = read_token()
    if token is None:
        raise UsageError(
            "there is no token for the server",
            hint="set `GHALA_TOKEN`; `ghala token issue` makes one",
        )
    return connect(url, token=token)


@dataclass(slots=True)
class State:
    """Travels as click's context object; tests put another `open` into it."""

    open: Callable[[Path | None], App] = field(default=open_workspace)
    connect: Callable[[str], Connection] = field(default=connect_to)
    workspace: Path | None = None
    server: str | None = None
    as_json: bool = False

    def app(self) -> App:
        """Open the workspace that the options name; a context manager."""
        return self.open(self.workspace)

    def connection(self) -> Connection | None:
        """Return the connection to the server that the options name; None where they name none."""
        if self.server is None:
            return None
        if self.workspace is not None:
            raise UsageError(
                "a question goes to a server or to a workspace, not to both",
                hint="leave out `--server` or `--workspace`",
            )
        return self.connect(self.server)

    @contextmanager
    def asked(self) -> Iterator[App | Connection]:
        """Yield what answers questions in SQL: the server or the workspace that the options name."""
        connection = self.connection()
        if connection is not None:
            yield connection
            return
        with self.app() as app:
            yield app

    def findings(self) -> tuple[LintFinding, ...]:
        """Return everything that is wrong with the definitions."""
        try:
            with self.app() as app:
                return app.lint()
        except DefinitionError:
            # A workspace whose ghala.yaml is wrong cannot be opened, but all of it can be read.
            from ghala.app import lint  # noqa: PLC0415 - see `open_workspace`
            from ghala.spec.find import find_workspace  # noqa: PLC0415 - likewise

            return lint(self.workspace or find_workspace(Path.cwd()))
