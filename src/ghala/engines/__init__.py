"""Engines run SQL: the trusted one in this process, and workers for what consumers send.

`duckdb` is the only file that speaks DuckDB; `pool` lends workers, `process` is the parent's side
of one, `worker` its own.
Not here: which statement may run and over which views (`query`, `governance`, `sql`).
"""
