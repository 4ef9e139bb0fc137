"""Quality: what a contract promises about rows, measured on the rows that a run staged.

Start at `check.check`; `compile` turns rules into SQL trees, the rest runs, judges and words them.
Not here: whether a broken report keeps a release back (`publish`), and how rows get staged (`lake`, `ingest`).
"""
