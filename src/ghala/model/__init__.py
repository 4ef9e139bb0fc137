"""The nouns: frozen values without I/O that every layer shares.

Start with `contract` (what is promised), `product` (who promises it and how it is made) and `release` (what was kept).
Not here: how any of it is read from files (`spec`), stored (`registry`, `lake`) or decided (`governance`).
"""
