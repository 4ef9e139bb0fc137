"""The registry: what is applied, claimed, released and recorded, in SQLite or PostgreSQL.

Main path: `registry.Registry.read()` and `.write()` give connections; the sibling modules are functions over a
connection, one noun each. Not here: files of the lake, and any decision about what may be written.
"""
