"""The lake: Iceberg tables on disk that survive a crash, of which only a promotion moves the current one.

Main path: `stage.Staging` writes files that nothing points at, `promote.promote` points at them inside the registry's
transaction, `scan.Scans` says which files hold a release's rows. Not here: checks, and the decision to publish.
"""
