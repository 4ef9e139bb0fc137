"""Ghala: one storehouse for an organisation's data products.

`ghala.open("acme")` opens a workspace with the verbs of the command line; its results are Arrow, pandas or Polars.
`ghala.connect(url, token=…)` asks a server the same.
Not here: anything that takes time to import. `open` and the errors load when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghala.app import App, open  # noqa: A004 - `ghala.open` reads like what it does
    from ghala.client import Connection, connect
    from ghala.errors import GhalaError

__all__ = ["App", "Connection", "GhalaError", "connect", "open"]

_HOMES = {
    "App": "ghala.app",
    "Connection": "ghala.client",
    "GhalaError": "ghala.errors",
    "connect": "ghala.client",
    "open": "ghala.app",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'ghala' has no attribute {name!r}")
    # Import here: the command line answers `--help` without the engine, Arrow and the registry.
    from importlib import import_module  # noqa: PLC0415 - see the line above

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
