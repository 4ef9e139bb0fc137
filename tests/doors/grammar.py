"""Writes statements by a grammar over the canary world's columns, so that most of them have a meaning."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from canary import COLUMNS
from phrases import (
    AGGREGATES,
    LEAVES,
    PHRASES,
    RARE,
    RARE_AGGREGATES,
    RISKY,
    SOURCES,
    WHOLE,
    WINDOWS,
)

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
_NAMED = re.compile(r"\b(?:sales|web)\.(?:customers|events|lines|orders)\b")
_WORD = re.compile(r"\w+")
_ATOM = re.compile(r"[\w.\"]+|[\w.]*\([^()]*\)")
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
    turns: dict[str, deque[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, phrases in (("rare", RARE), ("aggregates", RARE_AGGREGATES), ("whole", WHOLE)):
            fitting = [phrase for phrase in phrases if self.is_visible(phrase)]
            self.turns[name] = deque(self.chance.sample(fitting, len(fitting)))

    def statement(self) -> str:
        self.aliases, self.ctes = 0, {}
        roll = self.chance.random()
        if roll < 0.03:
            return f"SUMMARIZE {self.query(1)[0]}"
        if roll < 0.05:
            return f"DESCRIBE {self.query(1)[0]}"
        if roll < 0.15:
            return self.turn("whole")
        before = self.with_() if roll < 0.28 else ""
        if 0.28 <= roll < 0.36:
            sql = self.united()
        else:
            sql, columns = self.query(2)
            sql += self.ending(columns)
        return before + sql + self.chance.choice(["", "", "", ";", " -- done"])

    def turn(self, name: str) -> str:
        """Return the next of some phrases that come in turn."""
        phrase = self.turns[name].popleft()
        self.turns[name].append(phrase)
        return phrase

    def is_visible(self, phrase: str) -> bool:
        """Whether the sender may read what a phrase reads; those who may read nothing write all of them."""
        named = set(_NAMED.findall(phrase))
        known = {column for table in named for column in COLUMNS[table]}
        seen = {column for table in named for column in self.visible.get(table, ())}
        words = known & set(_WORD.findall(phrase))
        return not self.visible or (named <= self.visible.keys() and words <= seen)

    def pick(self, phrases: Sequence[str]) -> str:
        """Return one of some phrases: in nine of ten cases one that the sender may write."""
        phrase = self.chance.choice(phrases)
        while not self.is_visible(phrase) and self.chance.random() < 0.9:
            phrase = self.chance.choice(phrases)
        return phrase

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
        if not columns:
            return self.chance.choice(["", " ORDER BY ALL"])
        names = ", ".join(str(number + 1) for number in range(len(columns)))
        if roll < 0.04:
            cut = self.chance.choice(["FETCH FIRST 3 ROWS ONLY", "LIMIT 60%", "LIMIT (1 + 2)"])
            return f" ORDER BY {names} {cut}"
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
            return self.grouped(source, scope, wanted, is_united=bool(kinds))
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
        if self.chance.random() < 0.5 and not kinds:
            parts.append(self.fill(self.turn("rare"), scope, 1))
        distinct = "DISTINCT " if self.chance.random() < 0.08 else ""
        if self.chance.random() < 0.04 and not kinds:
            parts = [
                self.chance.choice(
                    ["*", "* EXCLUDE (order_id)", "COLUMNS('.*d')", "count(COLUMNS(*))"]
                )
            ]
            columns = []
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
        self, source: str, scope: Sequence[Column], wanted: Sequence[str], *, is_united: bool
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
        if self.chance.random() < 0.5 and not is_united:
            parts.append(self.fill(self.turn("aggregates"), scope, 1))
        where = f" WHERE {self.expression('bool', scope, 1)}" if self.chance.random() < 0.5 else ""
        group = ""
        if keys:
            numbers = ", ".join(str(number + 1) for number in range(keys))
            names = ", ".join(parts[number].rpartition(" AS ")[0] for number in range(keys))
            sets = [f"ROLLUP ({names})", f"CUBE ({names})", f"GROUPING SETS (({names}), ())"]
            # In these the engine reads no condition, and a number as the place of a column.
            is_plain = all("." in name and _ATOM.fullmatch(name) for name in names.split(", "))
            group = " GROUP BY " + self.chance.choice(
                [numbers, numbers, "ALL", *(sets if is_plain else [])]
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
            if roll > 0.95 and self.has("int", scope) and self.has("int", more):
                join, on = (
                    "ASOF JOIN",
                    f"{on.partition(' AND ')[0]} AND {self.column('int', scope)} >= {self.column('int', more)}",
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
            wanted = self.pick([template for template, _ in SOURCES])
            template, named = next(one for one in SOURCES if one[0] == wanted)
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

    def has(self, kind: str, scope: Sequence[Column]) -> bool:
        return any(column.kind == kind for column in scope)

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
        is_risky = kind in RISKY and self.chance.random() < 0.03
        return self.fill(self.pick((RISKY if is_risky else PHRASES)[kind]), scope, depth - 1)

    def fill(self, phrase: str, scope: Sequence[Column], depth: int) -> str:
        """Put expressions into the holes of a phrase, in brackets where they need some."""

        def of(hole: re.Match[str]) -> str:
            made = self.expression(hole[1], scope, depth)
            before, after = phrase[: hole.start()][-1:], phrase[hole.end() :][:1]
            is_alone = before in {"(", ""} and after in {")", ""}
            if phrase[: hole.start()].endswith("ORDER BY ") and "." not in made:
                return f"coalesce({made})"  # to order by a literal is an error
            return made if is_alone or _ATOM.fullmatch(made) else f"({made})"

        return _HOLE.sub(of, phrase)

    def quoted(self, name: str) -> str:
        return f'"{name}"' if self.chance.random() < 0.3 else name
