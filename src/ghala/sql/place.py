"""Where an offset of a statement's text stands, for errors that point at the user's own text."""

from __future__ import annotations

from ghala.errors import Place

STATEMENT = Place("statement", 1, 1)
"""The name of a text that did not come from a file."""


def place_at(text: str, offset: int, origin: Place = STATEMENT) -> Place:
    r"""Return the place of the character at `offset` of a text that begins at `origin`.

    >>> str(place_at("SELECT 1,\n  x", 12))
    'statement:2:3'
    >>> from ghala.errors import Place
    >>> str(place_at("SELECT x", 7, Place("orders.sql", 4, 9)))
    'orders.sql:4:16'
    """
    before = text[: max(0, offset)]
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    first_line, first_column = max(1, origin.line), max(1, origin.column)
    return Place(origin.file, first_line + line, column + (1 if line else first_column))
