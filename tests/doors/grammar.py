"""Writes statements by a grammar over the canary world's columns, so that most of them have a meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from canary import COLUMNS
from phrases import AGGREGATES, LEAVES, PHRASES, SOURCES, WINDOWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

_HOLE = re.compile(r"\{(int|dec|dbl|text|date|ts|bool|list|item|items|json)\}")
_KINDS = {
    "BIGINT": "int", "DATE": "date", "DECIMAL(12, 2)": "dec", "DOUBLE": "dbl", "TIMESTAMP": "ts",
    "VARCHAR": "text", "VARCHAR[]": "list",
}  # fmt: skip
_OUTPUT = ["int", "int", "dec", "dbl", "text", "text", "date", "bool", "ts", "list", "item"]
_JOINS = [
    "JOIN",
    "LEFT JOIN",
    "RIGHT JOIN",
    "FULL OUTER JOIN",
    "SEMI JOIN",
    "ANTI JOIN",
    "INNER JOIN",
]
_TABLES = ["sales.orders", "sales.orders", "sales.lines", "sales.customers", "web.events"]


def kind_of(column: str, data_type: str) -> str:
    if column == "payload":
        return "json"
    if data_type.startswith("STRUCT"):
        return "items" if data_type.endswith("[]") else "item"
    return _KINDS[data_type]


@dataclass(frozen=True)
class Column:
    sql: str
    kind: str


@dataclass
class Grammar:
    """Writes one statement after the other; the same seed writes the same ones.

    `visible` has the columns of each dataset that the statement's sender may see.
    """

    chance: Random
    visible: Mapping[str, Sequence[str]]
    aliases: int = 0
    ctes: dict[str, list[Column]] = field(default_factory=dict)

    def statement(self) -> str:
        self.aliases, self.ctes = 0, {}
        roll = self.chance.random()
        if roll < 0.03:
            return f"SUMMARIZE {self.query(1)[0]}"
        if roll < 0.05:
            return f"DESCRIBE {self.query(1)[0]}"
        before = self.with_() if roll < 0.2 else ""
        if roll < 0.3:
            sql = self.united()
        else:
            sql, columns = self.query(2)
            sql += self.ending(columns)
        return before + sql + self.chance.choice(["", "", "", ";", " -- done"])

    def with_(self) -> str:
        parts = []
        for number in range(self.chance.randint(1, 2)):
            sql, columns = self.query(1)
            how = self.chance.choice(["", "", "MATERIALIZED ", "NOT MATERIALIZED "])
            parts.append(f"step{number} AS {how}({sql})")
            self.ctes[f"step{number}"] = columns
        return f"WITH {', '.join(parts)} "

    def united(self) -> str:
        kinds = [self.chance.choice(_OUTPUT[:8]) for _ in range(self.chance.randint(1, 3))]
        word = self.chance.choice(
            ["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "UNION ALL BY NAME"]
        )
        return f"{self.query(1, kinds)[0]} {word} {self.query(1, kinds)[0]}"

    def ending(self, columns: Sequence[Column]) -> str:
        roll = self.chance.random()
        names = ", ".join(str(number + 1) for number in range(len(columns)))
        if roll < 0.2:
            how = self.chance.choice(["", " DESC", " NULLS FIRST", " DESC NULLS LAST"])
            offset = self.chance.choice(["", " OFFSET 2"])
            return f" ORDER BY {names}{how} LIMIT {self.chance.randint(0, 9)}{offset}"
        return self.chance.choice([" ORDER BY ALL", f" ORDER BY {names}"]) if roll < 0.4 else ""

    def query(self, depth: int, kinds: Sequence[str] | None = None) -> tuple[str, list[Column]]:
        source, scope = self.source(depth)
        wanted = kinds or [self.chance.choice(_OUTPUT) for _ in range(self.chance.randint(1, 4))]
        is_grouped = self.chance.random() < 0.3
        if is_grouped:
            return self.grouped(source, scope, wanted)
        parts, columns = [], []
        for number, kind in enumerate(wanted):
            is_window = kind in WINDOWS and self.chance.random() < 0.12
            sql = (
                self.fill(self.chance.choice(WINDOWS[kind]), scope, 1)
                if is_window
                else self.expression(kind, scope, 2)
            )
            parts.append(f"{sql} AS {self.quoted(f'c{number}')}")
            columns.append(Column(f"c{number}", kind))
        distinct = "DISTINCT " if self.chance.random() < 0.08 else ""
        if self.chance.random() < 0.04 and not kinds:
            parts = [
                self.chance.choice(
                    ["*", "* EXCLUDE (order_id)", "COLUMNS('.*d')", "count(COLUMNS(*))"]
                )
            ]
        select = f"SELECT {distinct}{', '.join(parts)} FROM {source}"
        if self.chance.random() < 0.06:
            select = f"FROM {source} SELECT {distinct}{', '.join(parts)}"
        if self.chance.random() < 0.6:
            select += f" WHERE {self.expression('bool', scope, 2)}"
        if self.chance.random() < 0.05:
            first = "row_number() OVER (PARTITION BY {text} ORDER BY {int}, {text}) <= 2"
            select += f" QUALIFY {self.fill(first, scope, 1)}"
        return select, columns

    def grouped(
        self, source: str, scope: Sequence[Column], wanted: Sequence[str]
    ) -> tuple[str, list[Column]]:
        columns = [Column(f"c{number}", kind) for number, kind in enumerate(wanted)]
        keys = self.chance.randint(0, min(2, len(wanted)))
        parts = []
        for number, kind in enumerate(wanted):
            is_key = number < keys
            sql = (
                self.expression(kind, scope, 1)
                if is_key
                else self.fill(self.chance.choice(AGGREGATES[kind]), scope, 1)
            )
            parts.append(f"{sql} AS c{number}")
        where = f" WHERE {self.expression('bool', scope, 1)}" if self.chance.random() < 0.5 else ""
        group = ""
        if keys:
            numbers = ", ".join(str(number + 1) for number in range(keys))
            names = ", ".join(parts[number].rpartition(" AS ")[0] for number in range(keys))
            group = " GROUP BY " + self.chance.choice(
                [
                    numbers,
                    numbers,
                    "ALL",
                    f"ROLLUP ({names})",
                    f"CUBE ({names})",
                    f"GROUPING SETS (({names}), ())",
                ]
            )
        having = (
            f" HAVING {self.fill(self.chance.choice(AGGREGATES['bool']), scope, 1)}"
            if self.chance.random() < 0.2
            else ""
        )
        return f"SELECT {', '.join(parts)} FROM {source}{where}{group}{having}", columns

    def source(self, depth: int) -> tuple[str, list[Column]]:
        sql, scope = self.relation(depth)
        for _ in range(self.chance.choice([0, 0, 0, 1, 1, 2])):
            right, more = self.relation(depth - 1)
            roll = self.chance.random()
            both = [*scope, *more]
            if roll < 0.1:
                # One product is enough: three would be millions of rows.
                sql, scope = f"{sql}, {right}", both
                break
            join = self.chance.choice(_JOINS)
            key = self.chance.choice(["int", "int", "text"])
            on = f"{self.column(key, scope)} = {self.column(key, more)}"
            if self.chance.random() < 0.2:
                on += f" AND {self.expression('bool', both, 1)}"
            if roll > 0.95:
                join, on = (
                    "ASOF JOIN",
                    f"{on.split(' AND ')[0]} AND {self.column('int', scope)} >= {self.column('int', more)}",
                )
            sql = f"{sql} {join} {right} ON {on}"
            scope = scope if join in {"SEMI JOIN", "ANTI JOIN"} else both
        if self.chance.random() < 0.05:
            sql = f"{sql}, LATERAL (SELECT {self.expression('int', scope, 1)} AS near) AS beside"
            scope = [*scope, Column("beside.near", "int")]
        return sql, scope

    def relation(self, depth: int) -> tuple[str, list[Column]]:
        self.aliases += 1
        alias = f"t{self.aliases}"
        roll = self.chance.random()
        if self.ctes and roll < 0.5:
            name = self.chance.choice(sorted(self.ctes))
            return f"{name} AS {alias}", [
                Column(f"{alias}.{c.sql}", c.kind) for c in self.ctes[name]
            ]
        if roll < 0.15 and depth > 0:
            sql, columns = self.query(depth - 1)
            return f"({sql}) AS {alias}", [Column(f"{alias}.{c.sql}", c.kind) for c in columns]
        if roll < 0.27:
            template, named = self.chance.choice(SOURCES)
            return template.replace("{a}", alias), [
                Column(f"{alias}.{name}", kind) for name, kind in named.items()
            ]
        table = self.chance.choice(
            [one for one in _TABLES if one in self.visible] or ["sales.orders"]
        )
        columns = self.visible.get(table, list(COLUMNS[table]))
        domain, _, name = table.partition(".")
        written = self.chance.choice([table, table, f'"{domain}"."{name}"', table.upper()])
        return f"{written} AS {alias}", [
            Column(f"{alias}.{self.quoted(column)}", kind_of(column, COLUMNS[table][column]))
            for column in columns
        ]

    def column(self, kind: str, scope: Sequence[Column]) -> str:
        fitting = [column.sql for column in scope if column.kind == kind]
        return self.chance.choice(fitting or LEAVES[kind])

    def expression(self, kind: str, scope: Sequence[Column], depth: int) -> str:
        if depth <= 0 or (kind != "bool" and self.chance.random() < 0.35):
            return (
                self.column(kind, scope)
                if self.chance.random() < 0.8
                else self.chance.choice(LEAVES[kind])
            )
        return self.fill(self.chance.choice(PHRASES[kind]), scope, depth - 1)

    def fill(self, phrase: str, scope: Sequence[Column], depth: int) -> str:
        return _HOLE.sub(lambda hole: self.expression(hole[1], scope, depth), phrase)

    def quoted(self, name: str) -> str:
        return f'"{name}"' if self.chance.random() < 0.3 else name
