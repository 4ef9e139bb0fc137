"""Every name that can stand in a statement, whatever it is the name of: nothing that is in its text is missed."""

from __future__ import annotations

from functools import lru_cache

from ghala.sql.dialect import tokens_of


@lru_cache(maxsize=512)
def named(text: str) -> frozenset[str]:
    """Return the text of every token of a statement, in lower case: names, keywords and values alike.

    >>> sorted(named("SELECT o.Id, 'eu' FROM sales.orders AS o"))
    [',', '.', 'as', 'eu', 'from', 'id', 'o', 'orders', 'sales', 'select']
    """
    return frozenset(token.text.lower() for token in tokens_of(text))
