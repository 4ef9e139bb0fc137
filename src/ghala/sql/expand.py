"""Items of a SELECT list that stand for several columns: `*`, `t.*`, COLUMNS(…), with EXCLUDE, REPLACE and RENAME."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.lineage import NOTHING, Influence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ghala.sql.influence import Scope

Named = tuple[str, Influence]


@dataclass(frozen=True, slots=True)
class Item:
    """One column of a SELECT list: an expression, in which some nodes stand for other values, or a value as it is."""

    name: str
    node: exp.Expr | None = None
    influence: Influence = NOTHING
    instead: Mapping[int, Influence] = field(default_factory=dict)


def items(node: exp.Expr, scope: Scope) -> Iterator[Item | Influence]:
    """Yield the columns that an item of a SELECT list makes; an influence stands for any number of further ones."""
    star = _star_of(node)
    if star is None:
        yield Item(node.alias_or_name or "", _unaliased(node))
        return
    columns, rest = star_columns(star, scope)
    replaced = _replaced(star)
    for name, influence in columns:
        if star is node and name.lower() in replaced:
            yield Item(name, replaced[name.lower()])
        elif star is node:
            yield Item(name, influence=influence)
        else:
            yield Item(node.alias or name, _unaliased(node), instead={id(star): influence})
    if rest is not None:
        yield rest


def star_columns(star: exp.Expr, scope: Scope) -> tuple[list[Named], Influence | None]:
    """Return the columns that a star stands for, by the names that they then have, and what stands for others."""
    inner = star.this if isinstance(star, exp.Columns) else star
    if isinstance(inner, exp.Literal) and inner.is_string:
        columns, rest = every_column(scope)
        try:
            pattern = re.compile(inner.this)
        except re.error:
            return [], scope.everything().untraced()
        return [one for one in columns if pattern.search(one[0])], rest
    if isinstance(inner, exp.Array):
        columns, rest = every_column(scope)
        wanted = [one.name.lower() for one in inner.expressions]
        return [one for name in wanted for one in columns if one[0].lower() == name], rest
    table = inner.table.lower() if isinstance(inner, exp.Column) and inner.table else None
    modifiers = inner.this if isinstance(inner, exp.Column) else inner
    if not isinstance(modifiers, exp.Star):
        return [], scope.everything().untraced()
    columns, rest = every_column(scope, table)
    excluded = {one.name.lower() for one in modifiers.args.get("except_") or ()}
    renamed = {one.this.name.lower(): one.alias for one in modifiers.args.get("rename") or ()}
    kept = [
        (renamed.get(name.lower(), name), influence)
        for name, influence in columns
        if name.lower() not in excluded
    ]
    return kept, rest


def every_column(scope: Scope, table: str | None = None) -> tuple[list[Named], Influence | None]:
    """Return the columns of a scope, or of one relation in it; those that USING merged stand once, at their first."""
    found: list[Named] = []
    rest: Influence | None = None
    merged: set[str] = set()
    for alias, relation in scope.relations.items():
        if table is not None and table not in {alias, alias.rpartition(".")[2]}:
            continue
        for name, influence in relation.columns:
            lowered = name.lower()
            if table is None and lowered in scope.merged:
                if lowered in merged:
                    continue
                merged.add(lowered)
                found.append((name, scope.merged[lowered]))
            else:
                found.append((name, influence))
        if relation.rest is not None:
            rest = relation.rest if rest is None else rest | relation.rest
    return found, rest


def _star_of(node: exp.Expr) -> exp.Expr | None:
    """Return the part of an item that stands for several columns; None if it is one column."""
    if isinstance(node, exp.Star) or (
        isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
    ):
        return node
    for part in node.walk(prune=lambda one: isinstance(one, exp.Query)):
        if isinstance(part, exp.Columns):
            return part
        is_counted = isinstance(part.parent, exp.Count | exp.Columns)
        if (
            isinstance(part, exp.Star)
            and not is_counted
            and not isinstance(part.parent, exp.Column)
        ):
            return part
    return None


def _replaced(star: exp.Expr) -> dict[str, exp.Expr]:
    modifiers = star.this if isinstance(star, exp.Column) else star
    return {one.alias.lower(): one.this for one in modifiers.args.get("replace") or ()}


def _unaliased(node: exp.Expr) -> exp.Expr:
    return node.this if isinstance(node, exp.Alias) else node
