"""What expressions come from: the part of lineage below the queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sqlglot import exp

from ghala.model.lineage import NOTHING, Influence, union
from ghala.sql.expand import star_columns
from ghala.sql.influence import Scope
from ghala.sql.listing import CATALOG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ghala.sql.expand import Item
    from ghala.sql.influence import Relation

_DECIDING: Mapping[type[exp.Expr], str] = {
    exp.ArgMax: "expression",
    exp.ArgMin: "expression",
    exp.Nullif: "expression",
}
"""The argument of a function that chooses a value without being part of it."""
_RELATIONS = (exp.From, exp.Join, exp.Lateral, exp.Pivot, exp.Table)


@dataclass(slots=True)
class Terms:
    """Follows expressions; `query` says what a query in an expression offers."""

    query: Callable[[exp.Expr, Scope], Relation]
    _instead: dict[int, Influence] = field(default_factory=dict)

    def of_item(self, item: Item, scope: Scope) -> Influence:
        """Return what a column of a SELECT list comes from."""
        if item.node is None:
            return item.influence
        self._instead.update(item.instead)
        try:
            return self.value(item.node, scope)
        finally:
            for place in item.instead:
                del self._instead[place]

    def value(self, node: exp.Expr, scope: Scope) -> Influence:
        """Return what an expression comes from."""
        if id(node) in self._instead:
            return self._instead[id(node)]
        for shape, follow in self._FOLLOW.items():
            if isinstance(node, shape):
                return follow(self, node, scope)
        if isinstance(node, _RELATIONS):
            return scope.everything().untraced()
        deciding = _DECIDING.get(type(node))
        parts = [child for name, child in _children(node) if name != deciding]
        chosen_by = [child for name, child in _children(node) if name == deciding]
        return self._together(parts, chosen_by, scope)

    def _positional(self, node: exp.Expr, scope: Scope) -> Influence:
        places = [one for relation in scope.relations.values() for one in relation.columns]
        place = int(node.name) - 1
        return places[place][1] if place < len(places) else scope.everything().untraced()

    def _counted(self, node: exp.Expr, scope: Scope) -> Influence:
        """Return nothing: count(*) counts rows, whatever is in them."""
        del node, scope
        return NOTHING

    def _columns(self, node: exp.Expr, scope: Scope) -> Influence:
        columns, rest = star_columns(node, scope)
        return union([*(influence for _, influence in columns), *([] if rest is None else [rest])])

    def _if(self, node: exp.Expr, scope: Scope) -> Influence:
        branches = [node.args.get("true"), node.args.get("false")]
        return self._together(branches, [node.this], scope)

    def _filter(self, node: exp.Expr, scope: Scope) -> Influence:
        return self._together([node.this], [node.args["expression"].this], scope)

    def _window(self, node: exp.Expr, scope: Scope) -> Influence:
        deciding = [*(node.args.get("partition_by") or ()), node.args.get("order")]
        frame = _frame_of(node)
        return self._together([node.this], [*deciding, *frame, *_window_of(node)], scope)

    def _within_group(self, node: exp.Expr, scope: Scope) -> Influence:
        ordered = [one.this for one in node.args["expression"].expressions]
        return self._together([node.this, *ordered], [], scope)

    def _ordered(self, node: exp.Expr, scope: Scope) -> Influence:
        return self._together([node.this], node.expressions, scope)

    def _comprehension(self, node: exp.Expr, scope: Scope) -> Influence:
        iterated = self.value(node.args["iterator"], scope)
        inner = Scope(scope, aliases={node.args["expression"].name.lower(): iterated})
        return iterated | self._together([node.this], [node.args.get("condition")], inner)

    def _dotted(self, node: exp.Expr, scope: Scope) -> Influence:
        """Return what `name.method()` or `(value).member` comes from; the name before a method stands there bare."""
        base, member = node.this, node.args["expression"]
        found = self._named((base.name,), scope) if isinstance(base, exp.Identifier) else NOTHING
        return found | self._together([base, member], [], scope)

    def _exists(self, node: exp.Expr, scope: Scope) -> Influence:
        """Return what decides whether there is a row: what would stand in it does not matter."""
        found = self.query(node.this, scope)
        return found.rows.aside() if found.rest is None else (found.rows | found.rest).aside()

    def _subquery(self, node: exp.Expr, scope: Scope) -> Influence:
        found = self.query(node, scope)
        return found.everything | found.rows.aside()

    def _together(self, parts: Sequence[Any], deciding: Sequence[Any], scope: Scope) -> Influence:
        found = union(self.value(part, scope) for part in parts if part is not None)
        aside = union(self.value(one, scope) for one in deciding if one is not None)
        return found | aside.aside()

    def _case(self, node: exp.Expr, scope: Scope) -> Influence:
        branches = node.args.get("ifs") or ()
        values = [branch.args.get("true") for branch in branches]
        conditions = [node.this, *(branch.this for branch in branches)]
        return self._together([*values, node.args.get("default")], conditions, scope)

    def _column(self, node: exp.Expr, scope: Scope) -> Influence:
        return self._named(tuple(part.name for part in getattr(node, "parts", ())), scope)

    def _named(self, path: tuple[str, ...], scope: Scope) -> Influence:
        is_full = len(path) > 3 and path[0].lower() == CATALOG  # noqa: PLR2004 - `catalog.domain.table.column`
        found = scope.find(path[1:] if is_full else path)
        return scope.everything().untraced() if found is None else found

    _FOLLOW: ClassVar[Mapping[type[exp.Expr], Callable[[Terms, exp.Expr, Scope], Influence]]] = {
        exp.Case: _case,
        exp.Column: _column,
        exp.Columns: _columns,
        exp.Comprehension: _comprehension,
        exp.Dot: _dotted,
        exp.Exists: _exists,
        exp.Filter: _filter,
        exp.If: _if,
        exp.Order: _ordered,
        exp.PositionalColumn: _positional,
        exp.Query: _subquery,
        exp.Star: _counted,
        exp.Window: _window,
        exp.WithinGroup: _within_group,
    }
    """Shapes that are not the sum of their parts."""


def _frame_of(window: exp.Expr) -> list[exp.Expr]:
    """Return where a window's frame begins and ends, as far as columns say so."""
    spec = window.args.get("spec")
    bounds = [spec.args.get(side) for side in ("start", "end")] if spec is not None else []
    return [one for one in bounds if isinstance(one, exp.Expr)]


def _window_of(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield what a named window is partitioned and ordered by."""
    alias = node.args.get("alias")
    select = node.find_ancestor(exp.Select)
    if alias is None or select is None:
        return
    for window in select.args.get("windows") or ():
        if window.name.lower() == alias.name.lower():
            yield from window.args.get("partition_by") or ()
            yield from _frame_of(window)
            if (order := window.args.get("order")) is not None:
                yield order


def _children(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    for name, value in node.args.items():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, exp.Expr):
                yield name, child
