"""What runs here: Ghala, and the packages whose versions matter in a report of a fault."""

from __future__ import annotations

import platform
from importlib.metadata import version as version_of

COMPANIONS = ("duckdb", "pyarrow", "pyiceberg", "sqlalchemy", "sqlglot")


def running_versions() -> dict[str, str]:
    """Return the versions by name, Ghala's first.

    >>> list(running_versions())[0], list(running_versions())[-1]
    ('ghala', 'system')
    """
    found = {name: version_of(name) for name in ("ghala", *COMPANIONS)}
    system = f"{platform.system()} {platform.machine()}"
    return found | {"python": platform.python_version(), "system": system}
