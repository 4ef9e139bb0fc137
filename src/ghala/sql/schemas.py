"""Schemas that the engine has itself: `information_schema` and `system` of a statement are those of the read door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.system import DOMAIN
from ghala.sql import listing, taken
from ghala.sql.at import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlglot.tokenizer_core import Token

    from ghala.sql.at import Pin

_MADE = {
    listing.WRITTEN: (listing.SCHEMA, listing.TABLES),
    DOMAIN: (taken.SCHEMA, taken.TABLES),
}
"""For a schema that the engine has itself: what is made in its place, with which tables."""
_SOURCES = ("from_", "joins", "laterals")
_QUALIFIED = 3
"""So many parts has a column with its table and its schema."""


def may_name(tokens: Sequence[Token]) -> bool:
    """Return whether one of the schemas can stand in a text."""
    return any(token.text.lower() in _MADE for token in tokens)


def renamed(tree: exp.Expr, pins: Mapping[str, Pin]) -> Iterator[Edit]:
    """Yield a change of each schema that a statement names to the one that the read door makes in its place.

    A name that a statement gives to something of its own stays, and so does a column that is called so: a name stands
    for a schema before a table, and before a column of a table that its query reads under no other name.

    >>> from ghala.sql.dialect import trees_of
    >>> (tree,) = trees_of("SELECT system.audit.tag, system.usage FROM it.machines, system.audit")
    >>> [(edit.start, edit.new) for edit in sorted(renamed(tree, {}), key=lambda edit: edit.start)]
    [(7, '"system@"'), (56, '"system@"')]
    """
    for node in tree.walk():
        if isinstance(node, exp.Table):
            schema = _schema(_parts(node), pins)
        elif isinstance(node, exp.Column):
            parts = _parts(node)
            schema = _schema(parts, pins)
            if schema is not None and not _is_of_table(node, parts):
                continue
        else:
            continue
        if schema is not None and "start" in schema.meta:
            made = _MADE[schema.name.lower()][0]
            yield Edit(schema.meta["start"], schema.meta["end"] + 1, f'"{made}"')


def _parts(node: exp.Column | exp.Table) -> list[exp.Identifier]:
    """Return the parts of a name that are written out, but for the engine's own catalog before them."""
    parts = [part for part in node.parts if isinstance(part, exp.Identifier)]
    is_in_catalog = len(parts) >= _QUALIFIED and parts[0].name.lower() == listing.CATALOG
    return parts[1:] if is_in_catalog else parts


def _schema(parts: Sequence[exp.Identifier], pins: Mapping[str, Pin]) -> exp.Identifier | None:
    """Return the part that names one of the schemas, before one of its tables; None if there is none."""
    if len(parts) < 2:  # noqa: PLR2004 - a schema and a table
        return None
    table = parts[1].name.lower()
    name = table.rpartition("@")[0] if table in pins else table
    known = _MADE.get(parts[0].name.lower(), ("", frozenset[str]()))[1]
    return parts[0] if name in known else None


def _is_of_table(column: exp.Column, parts: Sequence[exp.Identifier]) -> bool:
    """Whether a column is one of a table that the nearest query with such a name reads, or that table's whole row."""
    schema, table = (part.name.lower() for part in parts[:2])
    is_row = len(parts) < _QUALIFIED
    for query in _queries(column):
        sources = list(_sources(query))
        for source in sources:
            if not isinstance(source, exp.Table) or source.alias:
                continue
            if [part.name.lower() for part in _parts(source)] == [schema, table]:
                # A struct that is called like the schema comes before a whole row, in the engine as well.
                return not is_row or len(sources) == 1
        if any(_gives(source, schema) for source in sources):
            return False
    return False


def _gives(source: exp.Expr, name: str) -> bool:
    """Whether what a query reads from has a name, or shows that it has a column of that name."""
    columns = source.named_selects if isinstance(source, exp.Subquery) else ()
    return name in {source.alias_or_name.lower(), *(column.lower() for column in columns)}


def _queries(node: exp.Expr) -> Iterator[exp.Expr]:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, exp.Pivot | exp.Query):
            yield parent
        parent = parent.parent


def _sources(query: exp.Expr) -> Iterator[exp.Expr]:
    """Yield what a query reads from, joined or one by one, but for what its subqueries read."""
    if isinstance(query, exp.SetOperation):
        yield from _sources(query.this)
        return
    pending = [query.this] if isinstance(query, exp.Pivot) else []
    for name in _SOURCES:
        found = query.args.get(name)
        pending += found if isinstance(found, list) else [found]
    while pending:
        one = pending.pop()
        if isinstance(one, exp.From | exp.Join):
            pending.append(one.this)
        elif isinstance(one, exp.Expression):
            yield one
            # Brackets around joined tables are no query of their own.
            pending += one.args.get("joins") or []
            if isinstance(one, exp.Subquery) and isinstance(one.this, exp.Table):
                pending.append(one.this)
