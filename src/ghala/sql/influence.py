"""What influences a column of a result: the values of lineage, and the scopes in which names are looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A column of a table that a statement reads."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Influence:
    """Where a value comes from.

    `direct` columns are what it is computed from; `indirect` ones decide how, or which of several values it is (CASE,
    FILTER, windows). Untraced means that it cannot be told: these are then all that it might come from.
    """

    direct: frozenset[Origin] = frozenset()
    indirect: frozenset[Origin] = frozenset()
    is_traced: bool = True

    def __or__(self, other: Influence) -> Influence:
        return Influence(
            self.direct | other.direct,
            self.indirect | other.indirect,
            self.is_traced and other.is_traced,
        )

    def aside(self) -> Influence:
        """Return the same as what decides only."""
        return Influence(frozenset(), self.direct | self.indirect, self.is_traced)

    def untraced(self) -> Influence:
        """Return the same as what might be."""
        return Influence(self.direct, self.indirect, is_traced=False)


NOTHING = Influence()


def union(influences: Iterable[Influence]) -> Influence:
    """Return all of them together.

    >>> union([Influence(frozenset({Origin("t", "a")})), NOTHING]).direct
    frozenset({Origin(table='t', column='a')})
    """
    return reduce(or_, influences, NOTHING)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a table, subquery or join offers: columns in order, and in `rows` what decides which rows there are.

    `rest` stands for every column that it may have besides, by whatever name; None where it has no others.
    """

    columns: tuple[tuple[str, Influence], ...]
    rows: Influence = NOTHING
    rest: Influence | None = None

    def column(self, name: str) -> Influence | None:
        """Return the column of a name, without regard to case; None if it has none."""
        wanted = name.lower()
        found = [influence for known, influence in self.columns if known.lower() == wanted]
        return union(found) if found else self.rest

    @property
    def everything(self) -> Influence:
        """All that its columns come from."""
        columns = union(influence for _, influence in self.columns)
        return columns if self.rest is None else columns | self.rest

    def renamed(self, names: Iterable[str]) -> Relation:
        """Return the same with other names for its first columns."""
        given = list(names)
        kept = [name for name, _ in self.columns[len(given) :]]
        columns = zip([*given, *kept], (influence for _, influence in self.columns), strict=False)
        return Relation(tuple(columns), self.rows, self.rest)


@dataclass(slots=True)
class Scope:
    """The names that an expression can use: relations by their aliases, and what surrounds them."""

    parent: Scope | None = None
    tables: Mapping[str, Relation] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    merged: dict[str, Influence] = field(default_factory=dict)
    aliases: dict[str, Influence] = field(default_factory=dict)

    def table(self, name: str) -> Relation | None:
        """Return a CTE, or a table that the statement reads, by `name` or `domain.name` in lower case."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.tables:
                return scope.tables[name]
            scope = scope.parent
        return None

    def find(self, path: tuple[str, ...]) -> Influence | None:
        """Return what a dotted name stands for; None if nothing does.

        The longest way to name a table wins (`domain.table.column`), then `table.column`, then a column with members.
        """
        scope: Scope | None = self
        while scope is not None:
            found = scope.own(path)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def own(self, path: tuple[str, ...]) -> Influence | None:
        """Return what a dotted name stands for in this scope alone; None if nothing does."""
        for length in (2, 1):
            if len(path) > length:
                relation = self._relation(".".join(path[:length]).lower())
                if relation is not None and (found := relation.column(path[length])) is not None:
                    return found
        name = path[0].lower()
        if name in self.merged:
            return self.merged[name]
        columns = [relation.column(name) for relation in self.relations.values()]
        found_columns = [influence for influence in columns if influence is not None]
        if found_columns:
            return union(found_columns)
        if name in self.aliases:
            return self.aliases[name]
        whole = self._relation(name)
        return None if whole is None else whole.everything

    def _relation(self, name: str) -> Relation | None:
        """Return a relation by its alias; a table `domain.name` without one can be called `name` too."""
        if name in self.relations:
            return self.relations[name]
        short = [one for alias, one in self.relations.items() if alias.endswith(f".{name}")]
        return short[0] if short else None

    def everything(self) -> Influence:
        """Return all that can be seen from here."""
        inner = union(relation.everything for relation in self.relations.values())
        return inner if self.parent is None else inner | self.parent.everything()
