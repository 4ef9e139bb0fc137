"""The write door: everything that consumers will see is checked and promoted here, and nowhere else.

Main path: `publish.Publisher.publish`. Not here: how rows are made (`pipelines`), and what a rule measures (`quality`).
"""
