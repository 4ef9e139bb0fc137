"""Shapes of a query that lineage takes apart, none of which looks up a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.lineage import NOTHING, Influence, union
from ghala.sql.influence import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator


def multiplying(node: exp.Select) -> Iterator[exp.Expr]:
    """Yield the calls in a SELECT list that make several rows of one."""
    for item in node.expressions:
        for part in item.walk(prune=lambda one: isinstance(one, exp.Query)):
            if isinstance(part, (exp.Explode, exp.Posexplode, exp.Unnest)):
                yield part


def limits(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield how many rows a query is cut to, and how many are left out first."""
    for clause in ("limit", "offset"):
        if (one := node.args.get(clause)) is not None:
            yield from (
                part for part in (one.args.get("expression"), one.args.get("count")) if part
            )


def opened(relation: Relation) -> Influence:
    """Return what stands for a column of a relation of which nobody knows the columns."""
    return (relation.everything | relation.rows).untraced()


def unpivoted(node: exp.Expr, relation: Relation) -> Relation:
    """Return what UNPIVOT makes: the columns that stay, one of names, and one of the values of the others."""
    into, fields = node.args.get("into"), list(node.args.get("fields") or ())
    if into is not None:
        turned, name = list(node.expressions), into.this.name
        values = [one.name for one in into.expressions]
    elif len(fields) == 1 and isinstance(fields[0], exp.In):
        turned, name = list(fields[0].expressions), fields[0].this.name
        values = [one.name for one in node.expressions]
    else:
        turned, name, values = [], "", []
    taken = {one.name.lower() for one in turned if isinstance(one, exp.Column)}
    if len(values) != 1 or len(taken) != len(turned) or "*" in taken:
        return Relation((), relation.rows, opened(relation))
    kept = [one for one in relation.columns if one[0].lower() not in taken]
    made = union(value for column, value in relation.columns if column.lower() in taken)
    # A row of NULL values is left out.
    return Relation((*kept, (name, NOTHING), (values[0], made)), relation.rows | made.aside())


def is_bracket(node: exp.Expr) -> bool:
    """Return whether something in FROM only puts tables together."""
    is_join = isinstance(node, exp.Subquery) and isinstance(node.this, (exp.Subquery, exp.Table))
    return is_join and not node.alias and not node.args.get("pivots")


def by_place(left: Relation, right: Relation) -> tuple[tuple[str, Influence], ...]:
    """Return the columns of two queries one above the other, matched by their places."""
    pairs = zip(left.columns, right.columns, strict=False)
    return tuple((name, one | other) for (name, one), (_, other) in pairs)


def by_name(left: Relation, right: Relation) -> tuple[tuple[str, Influence], ...]:
    """Return the columns of two queries one above the other, matched by their names."""
    both = [(name, one | (right.column(name) or NOTHING)) for name, one in left.columns]
    more = [(name, one) for name, one in right.columns if left.column(name) is None]
    return (*both, *more)


def all_in(group: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the terms of GROUP BY, those of its sets included."""
    yield from group.expressions
    for name in ("cube", "rollup", "grouping_sets"):
        for one in group.args.get(name) or ():
            if isinstance(one, exp.Expr):
                yield from one.expressions


def name_of(node: exp.Expr, number: int) -> str:
    """Return the name by which a relation is known; one that has none gets one that nobody can write."""
    if alias := node.alias_or_name:
        is_table = isinstance(node, exp.Table) and not node.alias
        return (
            f"{node.args['db'].name}.{alias}".lower()
            if is_table and node.args.get("db")
            else alias.lower()
        )
    return f"\0{number}"
