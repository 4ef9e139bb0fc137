"""Pipelines: a product's steps, run in order under a claim, ending at the write door.

Main path: `run.Runner.run`. Not here: what a step may read (`query.prepare` decides) and what is published (`publish`).
"""
