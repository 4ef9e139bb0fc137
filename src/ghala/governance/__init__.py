"""Who may do what, and the record of it.

`authorize` decides, `audit` records reads, `health` examines the workspace. Not here: enforcing a
decision (`sql.guard`).
"""
