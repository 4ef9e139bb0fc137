"""The client of a server: `connect` gives a `Connection` with the verbs of the command line, as a token's owner.

Main path: `connection` asks through `transport`, whose answers are JSON, or an Arrow stream that `result` reads;
`faults` turns what a server refuses into the errors that a local workspace raises. Not here: what opens a workspace.
"""

from ghala.client.connection import Connection, connect

__all__ = ["Connection", "connect"]
