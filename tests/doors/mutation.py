"""Changes statements: pieces of one take the place of like pieces of another, or of the same one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from ghala.sql import functions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_LIKE = (
    exp.Binary, exp.Literal, exp.Column, exp.Func, exp.Subquery, exp.Table, exp.Cast, exp.Paren,
    exp.Star, exp.Where, exp.Ordered, exp.Window, exp.Lambda,
)  # fmt: skip
_NAMES = sorted(functions.ALLOWED - functions.SIZED)
_ODD = [
    "note",
    "email",
    "rowid",
    "filename",
    "people.staff",
    "salary",
    "region",
    "code",
    "file_row_number",
]


@dataclass
class Mutation:
    """Writes changed statements from a corpus; the same seed writes the same ones."""

    chance: Random
    corpus: Sequence[str]

    def statement(self, own: str) -> str:
        """Return a change of `own`, or of one of the corpus."""
        text = own if self.chance.random() < 0.5 else self.chance.choice(self.corpus)
        try:
            tree = sqlglot.parse_one(text, read="duckdb")
            donor = sqlglot.parse_one(self.chance.choice([own, *self.corpus[:]]), read="duckdb")
        except sqlglot.errors.SqlglotError:
            return self.cut(text)
        for _ in range(self.chance.randint(1, 3)):
            tree = self.changed(tree, donor)
        try:
            return tree.sql(dialect="duckdb")
        except (sqlglot.errors.SqlglotError, AttributeError, TypeError, ValueError):
            return self.cut(text)

    def changed(self, tree: exp.Expr, donor: exp.Expr) -> exp.Expr:
        roll = self.chance.random()
        nodes = [node for node in tree.walk() if isinstance(node, _LIKE) and node.parent]
        if not nodes:
            return tree
        node = self.chance.choice(nodes)
        kind = next(kind for kind in _LIKE if isinstance(node, kind))
        if roll < 0.5:
            likes = [one for one in donor.walk() if isinstance(one, kind) and one is not node]
            if likes:
                node.replace(self.chance.choice(likes).copy())
        elif roll < 0.7 and isinstance(node, exp.Column | exp.Literal | exp.Binary):
            name = self.chance.choice(_NAMES)
            node.replace(exp.Anonymous(this=name, expressions=[node.copy()]))
        elif roll < 0.8 and isinstance(node, exp.Column):
            node.replace(exp.column(self.chance.choice(_ODD)))
        elif roll < 0.9 and isinstance(node, exp.Binary):
            node.replace(self.chance.choice([node.left, node.right]).copy())
        elif isinstance(node, exp.Column | exp.Literal):
            to = self.chance.choice(
                ["INT", "DATE", "VARCHAR", "DOUBLE", "BOOLEAN", "JSON", "DECIMAL(9, 2)", "UUID"]
            )
            node.replace(exp.cast(node.copy(), to, dialect="duckdb"))
        return tree

    def cut(self, text: str) -> str:
        words = text.split(" ")
        place = self.chance.randrange(len(words))
        return " ".join([*words[:place], *words[place + self.chance.randint(0, 2) :]])
