"""The program over one workspace: `app` has what people do, `assembly` puts the parts together.

Nothing below imports it: command line, servers and tests come in here.
"""

from ghala.app.app import App, lint, open  # noqa: A004 - `ghala.open` reads like what it does

__all__ = ["App", "lint", "open"]
