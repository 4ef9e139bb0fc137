"""Ingest: outside files become typed rows, and every record is accounted for.

Main path: `land.land` finds a source's files (`discover`), reads each once (`intake`), lets its source type cut
and parse the bytes (`sources/`), casts strictly (`cast`), writes Parquet (`load`) and what it could not take
(`quarantine`).
Not here: whether a value is required or valid (`quality`), and what a refused file means for a run (`pipelines`).
"""
