"""The program over one workspace: `app` has what people do, `assembly` puts the parts together.

Main path: `open` gives an `App`; command line, servers and tests come in here. Not here: any rule, all of which the
parts below know.
"""

from ghala.app.app import App, lint, open  # noqa: A004 - `ghala.open` reads like what it does

__all__ = ["App", "lint", "open"]
