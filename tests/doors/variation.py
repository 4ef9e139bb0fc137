"""Changes statements so that they keep a meaning: the same sources, read in another way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from ghala.sql.dialect import trees_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

_AROUND = [
    "SELECT * FROM ({sql}) AS whole",
    "FROM ({sql}) AS whole",
    "WITH whole AS ({sql}) FROM whole",
    "WITH whole AS MATERIALIZED ({sql}) SELECT * FROM whole",
    "WITH whole AS NOT MATERIALIZED ({sql}) FROM whole UNION ALL FROM whole",
    "SELECT count(*) AS n FROM ({sql}) AS whole",
    "SELECT count(COLUMNS(*)) FROM ({sql}) AS whole",
    "SELECT DISTINCT * FROM ({sql}) AS whole",
    "({sql}) INTERSECT ALL ({sql})",
    "({sql}) EXCEPT ALL (SELECT * FROM ({sql}) AS whole WHERE false)",
    "({sql}) UNION ({sql})",
    "SELECT whole.* FROM ({sql}) AS whole, range(2) AS twice",
    "SELECT whole.* FROM range(2) AS twice CROSS JOIN ({sql}) AS whole WHERE twice.range > 0",
    "SELECT whole FROM ({sql}) AS whole",
    "SELECT whole.* FROM (VALUES (1)) AS one(n), LATERAL ({sql}) AS whole",
    "SELECT whole.*, row_number() OVER () > 0 AS is_first FROM ({sql}) AS whole",
    "SELECT EXISTS ({sql}) AS is_any",
    "SELECT * FROM ({sql}) AS whole LIMIT 100000",
    "SELECT count(*) FROM ({sql}) AS whole GROUP BY ALL",
    "DESCRIBE {sql}",
    "SUMMARIZE {sql}",
    "SELECT unnest(list(whole)) FROM ({sql}) AS whole",
    "SELECT * FROM ({sql}) AS whole TABLESAMPLE 100%",
    "SELECT * FROM ({sql}) AS whole POSITIONAL JOIN (SELECT 1 AS one) AS beside",
]
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_SIDES = ["", "LEFT", "RIGHT", "FULL"]
_NUMBERS = ["0", "1", "2", "3", "7", "30", "100"]
_AROUND_VALUE = [
    "coalesce({it}, {it})",
    "CASE WHEN true THEN {it} END",
    "CASE WHEN random() < 0 THEN NULL ELSE {it} END",
    "(SELECT {it})",
    "[{it}][1]",
    "{{'it': {it}}}.it",
    "nullif({it}, NULL)",
    "list_extract(list_transform([1], lambda one: {it}), 1)",
    "if(1 = 1, {it}, {it})",
    "try({it})",
    "greatest({it}, {it})",
]


@dataclass
class Variation:
    """Writes variations of statements that have a meaning; the same seed writes the same ones."""

    chance: Random
    benign: Sequence[str]

    def statement(self, own: str) -> str:
        """Return a variation of `own`, or now and then of an analyst's statement."""
        text = own if self.chance.random() < 0.8 else self.chance.choice(self.benign)
        if self.chance.random() < 0.4:
            text = self.around(text)
        try:
            (tree,) = (one for one in trees_of(text) if one is not None)
            for _ in range(self.chance.randint(1, 2)):
                self.chance.choice(self.changes())(tree)
            return tree.sql(dialect="duckdb") if " AT (" not in text else text
        except (sqlglot.errors.SqlglotError, AttributeError, TypeError, ValueError):
            return text

    def around(self, text: str) -> str:
        inner = text.rstrip("; ").removesuffix("-- done").rstrip("; ")
        if inner[:4].upper() in {"DESC", "SHOW", "SUMM"} or "-- " in inner:
            return inner
        return self.chance.choice(_AROUND).replace("{sql}", inner)

    def changes(self) -> list[Callable[[exp.Expr], None]]:
        return [
            self.compare, self.negate, self.join, self.number, self.wrap, self.wrap, self.nest, self.distinct,
            self.loosen,
        ]  # fmt: skip

    def compare(self, tree: exp.Expr) -> None:
        """Compare in another way."""
        for node in self.some(tree, _COMPARISONS):
            kind = self.chance.choice(_COMPARISONS)
            node.replace(kind(this=node.this.copy(), expression=node.expression.copy()))

    def negate(self, tree: exp.Expr) -> None:
        """Turn a condition round, or let either of two suffice."""
        for node in self.some(tree, (exp.Where, exp.Having)):
            node.set("this", exp.Not(this=exp.Paren(this=node.this.copy())))
        for node in self.some(tree, (exp.And,)):
            node.replace(exp.Or(this=node.left.copy(), expression=node.right.copy()))

    def join(self, tree: exp.Expr) -> None:
        """Keep other rows of a join."""
        for node in self.some(tree, (exp.Join,)):
            if node.args.get("on") and not node.args.get("method") and not node.args.get("kind"):
                node.set("side", self.chance.choice(_SIDES) or None)

    def number(self, tree: exp.Expr) -> None:
        """Compare with another number."""
        for node in self.some(tree, (exp.Literal,)):
            is_compared = isinstance(
                node.parent, (*_COMPARISONS, exp.Mod, exp.Add, exp.Sub, exp.In)
            )
            if not node.is_string and is_compared:
                node.replace(exp.Literal.number(self.chance.choice(_NUMBERS)))

    def wrap(self, tree: exp.Expr) -> None:
        """Put a column where the engine does not see at once that it is one."""
        for node in self.some(tree, (exp.Column,)):
            is_plain = node.args.get("table") and not isinstance(node.this, exp.Star)
            group = node.find_ancestor(exp.Group, exp.Pivot, exp.Order, exp.AggFunc, exp.Query)
            if is_plain and isinstance(group, exp.Query) and not group.args.get("group"):
                sql = self.chance.choice(_AROUND_VALUE).replace("{{", "{").replace("}}", "}")
                made = trees_of("SELECT " + sql.replace("{it}", node.sql(dialect="duckdb")))[0]
                if made is not None and not made.selects[0].find(exp.Alias):
                    node.replace(exp.paren(made.selects[0].copy()))

    def nest(self, tree: exp.Expr) -> None:
        """Read a dataset through a subquery."""
        for node in self.some(tree, (exp.Table,)):
            if node.args.get("db") and node.alias and isinstance(node.parent, exp.From | exp.Join):
                plain = exp.Table(this=node.this.copy(), db=node.args["db"].copy())
                inner = exp.select("*").from_(plain)
                if self.chance.random() < 0.5:
                    inner = exp.select("*").from_(inner.distinct().subquery("inner_rows"))
                node.replace(inner.subquery(node.alias))

    def distinct(self, tree: exp.Expr) -> None:
        """Leave out double rows."""
        for node in self.some(tree, (exp.Select,)):
            if not node.args.get("distinct"):
                node.set("distinct", exp.Distinct())

    def loosen(self, tree: exp.Expr) -> None:
        """Leave a clause out."""
        for node in self.some(tree, (exp.Where, exp.Limit, exp.Order, exp.Having, exp.Qualify)):
            if isinstance(node.parent, exp.Query):
                node.parent.set(node.arg_key, None)

    def some(self, tree: exp.Expr, kinds: tuple[type[exp.Expr], ...]) -> list[exp.Expr]:
        """Return one node of these kinds that is not the whole, if there is one."""
        found = [node for node in tree.walk() if isinstance(node, kinds) and node.parent]
        return [self.chance.choice(found)] if found else []
