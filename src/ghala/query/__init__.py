"""The read door: all data that leaves Ghala leaves through `answer`.

`answer` decides, records and runs; `source` is what it needs to know about datasets, `catalog` the views of one answer,
`result` the forms in which people take it. Not here: how a decision is made (`governance`) or SQL is read (`sql`).
"""
