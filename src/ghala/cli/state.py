"""What a command is given: the ways into the program, and the options that errors need to know of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.app import App
    from ghala.spec.finding import LintFinding


def open_workspace(folder: Path | None) -> App:
    """Open the workspace in a folder, or the nearest one above the current folder."""
    # Imported here: the engine, Arrow and the registry take longer to load than `ghala --help` may.
    from ghala.app import open as open_app  # noqa: PLC0415 - see the line above
    from ghala.spec.find import find_workspace  # noqa: PLC0415 - likewise

    return open_app(folder if folder is not None else find_workspace(Path.cwd()))


@dataclass(slots=True)
class State:
    """Travels as click's context object; tests put another `open` into it."""

    open: Callable[[Path | None], App] = field(default=open_workspace)
    workspace: Path | None = None
    as_json: bool = False

    def app(self) -> App:
        """Open the workspace that the options name; a context manager."""
        return self.open(self.workspace)

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
