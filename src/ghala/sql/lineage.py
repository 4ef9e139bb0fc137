"""Column lineage of one statement: what each column of its result comes from, and what decides its rows.

A shape that is not known here is not guessed: the columns that it touches come out as untraced, with all that they
might come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.lineage import NOTHING, Influence, Lineage, union
from ghala.sql.expand import Item, every_column, items
from ghala.sql.influence import Relation, Scope
from ghala.sql.shapes import (
    all_in,
    by_name,
    by_place,
    is_bracket,
    limits,
    multiplying,
    name_of,
    opened,
    unpivoted,
)
from ghala.sql.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_ROUNDS = 20


def trace(
    tree: exp.Expr, tables: Mapping[str, Sequence[str]], names: Sequence[str] | None = None
) -> Lineage:
    """Return the lineage of a SELECT-like statement.

    Args:
        tree: the statement as sqlglot read it in DuckDB's dialect.
        tables: the columns of every table that it may read, by `domain.table` or plain name in lower case.
        names: the columns of the result as the engine has them; where these are not as many as were found, all are
            untraced.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT a + 1 AS b FROM t WHERE c > 0", read="duckdb")
    >>> found = trace(tree, {"t": ["a", "c"]})
    >>> [(name, sorted(map(str, origin.direct))) for name, origin in found.columns]
    [('b', ['t.a'])]
    >>> sorted(map(str, found.rows.indirect))
    ['t.c']
    """
    base = {table: Relation.of_table(table, columns) for table, columns in tables.items()}
    return trace_through(tree, base, names)


def trace_through(
    tree: exp.Expr, tables: Mapping[str, Relation], names: Sequence[str] | None = None
) -> Lineage:
    """Return the lineage of a SELECT-like statement over tables that come from somewhere themselves.

    The result comes from what they come from, as if each stood in the statement as a subquery. What cannot be traced
    comes from all that they come from, what decides their rows included.

    Args:
        tree: as for `trace`.
        tables: what it may read, by `domain.table` or plain name in lower case.
        names: as for `trace`.
    """
    try:
        relation = _Tracer().query(tree, Scope(tables=tables))
    except RecursionError:
        relation = Relation((), rest=everything(tables.values()))
    if names is None:
        names = [name for name, _ in relation.columns]
    if relation.rest is None and len(names) != len(relation.columns):
        used = everything(tables.values())
        return Lineage(tuple((name, used) for name in names), used.aside())
    if relation.rest is None:
        found = zip(names, (influence for _, influence in relation.columns), strict=True)
        return Lineage(tuple(found), relation.rows)
    columns = tuple((name, relation.column(name) or NOTHING) for name in names)
    return Lineage(columns, relation.rows)


def everything(tables: Iterable[Relation]) -> Influence:
    """Return all that could have come from some tables: what stands for a column that cannot be traced."""
    known = list(tables)
    columns = union(one.everything for one in known)
    return (columns | union(one.rows for one in known).aside()).untraced()


class _Tracer:
    """Walks the queries of one statement."""

    def __init__(self) -> None:
        self._terms = Terms(self.query)

    def query(self, node: exp.Expr, scope: Scope) -> Relation:  # noqa: PLR0911 - one per shape
        """Return what a query offers to whoever reads from it."""
        if (with_ := node.args.get("with_")) is not None:
            scope = self._with(with_, scope)
        match node:
            case exp.Select():
                return self._select(node, scope)
            case exp.SetOperation():
                return self._set_operation(node, scope)
            case exp.Subquery():
                inner = self._inside(node.this, scope)
                return self._aliased(node, self._pivoted(node, inner, scope))
            case exp.Values():
                return self._aliased(node, self._values(node, scope))
            case exp.Table():
                return self._table(node, scope)
            case exp.Pivot():
                return self._pivot(node, self.query(node.this, scope), scope)
            case exp.Describe() | exp.Summarize():
                return Relation((), rest=opened(self.query(node.this, scope)))
        return Relation((), rest=scope.everything().untraced())

    def _inside(self, node: exp.Expr, scope: Scope) -> Relation:
        """Return what stands in brackets: a query, or a join of tables."""
        is_joined = isinstance(node, exp.Subquery) and node.args.get("joins")
        if not isinstance(node, exp.Table) and not is_joined:
            return self.query(node, scope)
        inner = Scope(scope)
        rows = self._enter(node, inner)
        columns, rest = every_column(inner)
        return Relation(tuple(columns), rows, rest)

    def _with(self, with_: exp.Expr, scope: Scope) -> Scope:
        known: dict[str, Relation] = {}
        inner = Scope(scope, tables=known)
        for cte in with_.expressions:
            name = cte.alias.lower()
            columns = [one.name for one in cte.args["alias"].columns]
            if with_.args.get("recursive") and isinstance(cte.this, exp.SetOperation):
                known[name] = self.query(cte.this.left, inner).renamed(columns)
                for _ in range(_ROUNDS):
                    found = self.query(cte.this, inner).renamed(columns)
                    if found == known[name]:
                        break
                    known[name] = found
            else:
                known[name] = self.query(cte.this, inner).renamed(columns)
        return inner

    def _select(self, node: exp.Select, around: Scope) -> Relation:
        scope = Scope(around)
        rows = [self._from(node, scope)]
        columns: list[tuple[str, Influence]] = []
        rest: Influence | None = None
        for item in node.expressions:
            found, more = self._item(item, scope)
            columns += found
            rest = more if rest is None else rest | more if more is not None else rest
            for name, influence in found:
                scope.aliases.setdefault(name.lower(), influence)
        rows += [self._terms.value(one.this, scope) for one in multiplying(node)]
        conditions = (node.args.get(clause) for clause in ("where", "having", "qualify"))
        rows += [self._terms.value(one.this, scope) for one in conditions if one is not None]
        rows += self._grouping(node, columns, scope)
        if (distinct := node.args.get("distinct")) is not None:
            on = distinct.args.get("on")
            rows += (
                [self._terms.value(on, scope)] if on else [influence for _, influence in columns]
            )
        rows += self._order(node, columns, scope)
        rows += [self._terms.value(one, scope) for one in limits(node)]
        return Relation(tuple(columns), union(rows).aside(), rest)

    def _from(self, node: exp.Expr, scope: Scope) -> Influence:
        """Fill a scope with what FROM names, from left to right: each may use what stands before it."""
        rows: list[Influence] = []
        if (from_ := node.args.get("from_")) is not None:
            rows.append(self._enter(from_.this, scope))
        rows += [self._join(join, scope) for join in node.args.get("joins") or ()]
        rows += [self._enter(lateral, scope) for lateral in node.args.get("laterals") or ()]
        return union(rows)

    def _enter(self, node: exp.Expr, scope: Scope) -> Influence:
        """Let a scope know a relation, and return what decides its rows."""
        if is_bracket(node):
            # What brackets without a name hold can be named from outside.
            rows = [self._enter(node.this, scope)]
        else:
            relation = self._relation(node, scope)
            scope.relations[name_of(node, len(scope.relations))] = relation
            rows = [relation.rows]
        # Joins in brackets hang below the first of their tables.
        rows += [self._join(join, scope) for join in node.args.get("joins") or ()]
        return union(rows)

    def _join(self, join: exp.Expr, scope: Scope) -> Influence:
        before = dict(scope.relations)
        rows = [self._enter(join.this, scope)]
        if (on := join.args.get("on")) is not None:
            rows.append(self._terms.value(on, scope))
        joined = next(reversed(scope.relations))
        shared = [one.name for one in join.args.get("using") or ()]
        if str(join.args.get("method") or "").upper() == "NATURAL":
            left = {name.lower() for relation in before.values() for name, _ in relation.columns}
            shared = [name for name, _ in scope.relations[joined].columns if name.lower() in left]
        for name in shared:
            sides = [relation.column(name) for relation in scope.relations.values()]
            merged = union(side for side in sides if side is not None)
            scope.merged[name.lower()] = merged
            rows.append(merged)
        if str(join.args.get("kind") or "").upper() in {"SEMI", "ANTI"}:
            del scope.relations[joined]
            for name in shared:
                del scope.merged[name.lower()]
        return union(rows).aside()

    def _relation(self, node: exp.Expr, scope: Scope) -> Relation:
        match node:
            case exp.Table() | exp.Query() | exp.Values() | exp.Pivot():
                return self.query(node, scope)
            case exp.Lateral():
                if isinstance(node.this, (exp.Query, exp.Values)):
                    return self._aliased(node, self.query(node.this, scope))
                return self._made(node, [node.this], scope)
            case exp.Unnest():
                return self._made(node, node.expressions, scope)
        return Relation((), rest=scope.everything().untraced())

    def _made(self, node: exp.Expr, arguments: Sequence[exp.Expr], scope: Scope) -> Relation:
        """Return what a function in FROM makes: whatever it is called, it comes from the arguments."""
        made = union(self._terms.value(argument, scope) for argument in arguments)
        alias = node.args.get("alias")
        names = [one.name for one in alias.columns] if alias else []
        return Relation(tuple((name, made) for name in names), made.aside(), rest=made)

    def _table(self, node: exp.Table, scope: Scope) -> Relation:
        if not isinstance(node.this, exp.Identifier):
            return self._made(node, [node.this], scope)
        name = f"{node.db}.{node.name}" if node.db else node.name
        found = scope.table(name.lower())
        if found is None:
            return Relation((), rest=scope.everything().untraced())
        return self._aliased(node, self._pivoted(node, found, scope))

    def _aliased(self, node: exp.Expr, relation: Relation) -> Relation:
        alias = node.args.get("alias")
        names = [one.name for one in alias.columns] if isinstance(alias, exp.TableAlias) else []
        rows = [relation.rows]
        if isinstance(node, exp.Subquery):
            rows += self._order(node, list(relation.columns), Scope(None))
        return Relation(relation.columns, union(rows), relation.rest).renamed(names)

    def _pivoted(self, node: exp.Expr, relation: Relation, scope: Scope) -> Relation:
        for pivot in node.args.get("pivots") or ():
            relation = self._pivot(pivot, relation, scope)
        return relation

    def _pivot(self, node: exp.Pivot, relation: Relation, around: Scope) -> Relation:
        """Return what PIVOT makes: columns that group, and others, one for each value of what it turns on."""
        if relation.rest is not None:
            return Relation((), relation.rows, opened(relation))
        if node.args.get("unpivot"):
            return unpivoted(node, relation)
        scope = Scope(around, relations={"": relation})
        on = [*node.expressions, *(node.args.get("fields") or ())]
        used = list(node.args.get("using") or ())
        if not used:  # the form of the standard: aggregates first, then FOR … IN
            on, used = list(node.args.get("fields") or ()), list(node.expressions)
        group = node.args.get("group")
        turned = union(self._terms.value(one, scope) for one in on)
        values = union(self._terms.value(one, scope) for one in used)
        if group is not None:
            kept = [(one.name, self._terms.value(one, scope)) for one in group.expressions]
        else:
            taken = {
                column.name.lower() for one in (*on, *used) for column in one.find_all(exp.Column)
            }
            taken |= {one.this.name.lower() for one in on if isinstance(one, exp.In)}
            kept = [(name, value) for name, value in relation.columns if name.lower() not in taken]
        grouping = union(value for _, value in kept)
        made = values | turned.aside()
        return Relation(tuple(kept), relation.rows | grouping.aside(), made)

    def _set_operation(self, node: exp.SetOperation, scope: Scope) -> Relation:
        left, right = self.query(node.left, scope), self.query(node.right, scope)
        rows = left.rows | right.rows
        if left.rest is not None or right.rest is not None:
            return Relation((), rows, opened(left) | opened(right))
        if isinstance(node, exp.Union):
            columns = by_name(left, right) if node.args.get("by_name") else by_place(left, right)
        else:
            # A row of the left side stays or goes by what is on the right.
            columns = left.columns
            rows |= left.everything.aside() | right.everything.aside()
        if isinstance(node, exp.Union) and node.args.get("distinct"):
            rows |= union(influence for _, influence in columns).aside()
        ordering = self._order(node, list(columns), Scope(None))
        return Relation(tuple(columns), rows | union(ordering).aside())

    def _values(self, node: exp.Values, scope: Scope) -> Relation:
        lines = [
            line.expressions if isinstance(line, exp.Tuple) else [line] for line in node.expressions
        ]
        columns = zip(*lines, strict=False)
        return Relation(
            tuple(
                (f"col{place}", union(self._terms.value(cell, scope) for cell in cells))
                for place, cells in enumerate(columns)
            )
        )

    def _item(
        self, node: exp.Expr, scope: Scope
    ) -> tuple[list[tuple[str, Influence]], Influence | None]:
        """Return the columns that one item of a SELECT list makes, and what stands for more of them."""
        found: list[tuple[str, Influence]] = []
        rest: Influence | None = None
        for item in items(node, scope):
            if isinstance(item, Item):
                found.append((item.name, self._terms.of_item(item, scope)))
            else:
                rest = item if rest is None else rest | item
        return found, rest

    def _grouping(
        self, node: exp.Select, columns: list[tuple[str, Influence]], scope: Scope
    ) -> Iterator[Influence]:
        group = node.args.get("group")
        if group is None:
            return
        if group.args.get("all"):
            plain = (one for one in node.expressions if not one.find(exp.AggFunc))
            yield from (self._terms.value(one, scope) for one in plain)
        for one in all_in(group):
            yield self._key(one, columns, scope)

    def _order(
        self, node: exp.Expr, columns: list[tuple[str, Influence]], scope: Scope
    ) -> list[Influence]:
        order = node.args.get("order")
        if order is None:
            return []
        if not scope.aliases:
            scope.aliases = {name.lower(): influence for name, influence in columns}
        return [self._key(one.this, columns, scope) for one in order.expressions]

    def _key(self, node: exp.Expr, columns: list[tuple[str, Influence]], scope: Scope) -> Influence:
        """Return what a term of GROUP BY or ORDER BY is: a number counts columns of the result."""
        if isinstance(node, exp.Literal) and not node.is_string:
            place = int(node.this) - 1 if node.this.isdecimal() else -1
            return columns[place][1] if 0 <= place < len(columns) else NOTHING
        if isinstance(node, exp.Var | exp.Column) and node.name.upper() == "ALL":
            return union(influence for _, influence in columns)
        return self._terms.value(node, scope)
