"""Pure passes over SQL: text or tree in, tree or text out; no engine, no I/O.

`parse` says what a consumer's statement reads and refuses what the read door does not run, `at`
resolves `AT (VERSION => n)`, `witness` compares with what the engine read, `guard` makes the view
that carries a decision, `scan` reads files. Not here: running anything (`engines`).
"""
