"""Finding the workspace that somebody stands in."""

from __future__ import annotations

from pathlib import Path

from ghala.errors import NotFoundError
from ghala.spec.settings_file import SETTINGS_FILE


def find_workspace(start: Path) -> Path:
    """Return the nearest folder at or above `start` that has a `ghala.yaml`.

    Raises:
        NotFoundError: there is none.
    """
    # Without `resolve()`: whoever stands below a symlink means the folders that they see.
    start = Path.cwd() / start.expanduser()
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise NotFoundError(
        f"no workspace in {start} or above: there is no `{SETTINGS_FILE}`",
        hint="make one: ghala init, or name its folder",
    )
