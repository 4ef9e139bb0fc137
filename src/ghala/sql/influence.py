"""Relations with what influences their columns, and the scopes in which names are looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.model.lineage import NOTHING, Influence, Origin, union

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Relation:
    """What a table, subquery or join offers: columns in order, and in `rows` what decides which rows there are.

    `rest` stands for every column that it may have besides, by whatever name; None where it has no others.
    """

    columns: tuple[tuple[str, Influence], ...]
    rows: Influence = NOTHING
    rest: Influence | None = None
    _by_name: dict[str, Influence] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Remember the columns by their names: wide tables are asked for each of theirs."""
        found: dict[str, Influence] = {}
        for name, influence in self.columns:
            lowered = name.lower()
            found[lowered] = found[lowered] | influence if lowered in found else influence
        object.__setattr__(self, "_by_name", found)

    @classmethod
    def of_table(cls, table: str, columns: Iterable[str]) -> Relation:
        """Return a table whose columns come from nowhere else.

        >>> str(*Relation.of_table("sales.orders", ["id"]).everything.direct)
        'sales.orders.id'
        """
        return cls(tuple((one, Influence(frozenset({Origin(table, one)}))) for one in columns))

    def column(self, name: str) -> Influence | None:
        """Return the column of a name, without regard to case; None if it has none."""
        return self._by_name.get(name.lower(), self.rest)

    def has(self, name: str) -> bool:
        """Return whether it certainly has a column of that name."""
        return name.lower() in self._by_name

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
        # A relation that certainly has the column comes before one that might have it.
        certain = [one for one in self.relations.values() if one.has(name)]
        columns = [relation.column(name) for relation in certain or self.relations.values()]
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
