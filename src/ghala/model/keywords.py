"""Keywords: words that SQL takes for its own where the name of a table or schema stands."""

from __future__ import annotations

KEYWORDS = frozenset(
    """
    all alter analyse analyze and anti any array as asc asof asymmetric at authorization between
    binary both by case cast check collate collation column concurrently constraint create cross
    default deferrable desc describe distinct do drop else end except false fetch for force
    foreign freeze from full glob grant group having ilike in initially inner insert install
    intersect into is isnull join lambda lateral leading left like limit natural not notnull
    null offset on only or order outer overlaps pivot pivot_longer pivot_wider placing
    positional primary qualify references returning revoke right rollback select semi show
    similar some summarize symmetric table tablesample then to trailing true union unique unpack
    unpivot using values variadic verbose when where window with
    """.split()  # noqa: SIM905 - one word a line would be a page
)
"""What the engine or the read door cannot read as a plain name; a test asks both, so that the list stays true."""
