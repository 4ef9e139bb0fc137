"""Which columns a statement can have read: those whose names stand in it, for the record."""

from __future__ import annotations

from sqlglot import exp

_ALL_COLUMNS = (exp.Columns, exp.Describe, exp.Pivot, exp.Summarize)


def mentioned(tree: exp.Expr) -> frozenset[str] | None:
    """Return every name in a statement, in lower case; None where it may read columns that it does not name.

    >>> from ghala.sql.dialect import trees_of
    >>> sorted(mentioned(trees_of("SELECT o.id, count(*) FROM sales.orders o WHERE Region = 'EU'")[0]))
    ['id', 'o', 'orders', 'region', 'sales']
    >>> mentioned(trees_of("SELECT o FROM sales.orders o")[0]) is None  # the whole row
    True
    """
    names: set[str] = set()
    tables: set[str] = set()
    columns: set[str] = set()
    for node in tree.walk():
        if isinstance(node, exp.Identifier):
            names.add(node.name.lower())
        elif isinstance(node, exp.Table):
            tables |= {node.name.lower(), node.alias.lower()}
        elif isinstance(node, exp.TableAlias):
            tables.add(node.name.lower())
        elif isinstance(node, exp.Column):
            columns.add(node.name.lower())
        elif _reads_all(node):
            return None
    # A table's own name is its whole row.
    return None if tables & columns else frozenset(names)


def _reads_all(node: exp.Expr) -> bool:
    if isinstance(node, exp.Star):
        return not isinstance(node.parent, exp.Count)
    if isinstance(node, exp.Join):
        return bool(node.args.get("method"))
    if isinstance(node, exp.Select):
        return not node.expressions
    return isinstance(node, _ALL_COLUMNS)
