"""Lineage through products: from a column to all that it comes from, or to all that comes from it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from ghala.errors import NotFoundError
from ghala.model.lineage import SOURCE, Origin
from ghala.model.lineage_graph import (
    Direction,
    InfluenceKind,
    LineageEdge,
    LineageGraph,
    LineageTable,
)
from ghala.model.release import PROD
from ghala.registry import environments, lineage, releases

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from ghala.model.lineage import Lineage, ReleaseLineage
    from ghala.model.names import DatasetName
    from ghala.registry.lineage import ReleaseKey
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin

DEEPEST = 1000
_GREATEST = 2**63 - 1


class Sight(Protocol):
    """Says what may be known: what may not is left out as if it were not there."""

    @property
    def sees_inside(self) -> bool:
        """Whether sources and steps may be known: they are a matter of who makes the products."""
        ...

    def sees(self, origin: Origin) -> bool:
        """Return whether a column may be known; without a column, whether the dataset may."""
        ...


@dataclass(frozen=True, slots=True)
class FullSight:
    """Sees all, as the workspace's owner does."""

    sees_inside: bool = True

    def sees(self, origin: Origin) -> bool:
        """Return that it may be known."""
        del origin
        return True


@dataclass(frozen=True, slots=True)
class LineageQuestion:
    """What is asked: `name` is `domain.dataset` or `domain.dataset.column`, `depth` counts datasets on the way.

    With `counts`, each dataset says how many others it is made from directly, and how many are made from it.
    """

    name: str
    direction: Direction = Direction.UP
    depth: int = DEEPEST
    environment: str = PROD
    release: int | None = None
    steps: bool = False
    counts: bool = False


@dataclass(slots=True)
class _Found:
    """What was gathered so far."""

    edges: set[LineageEdge] = field(default_factory=set)
    untraced: set[Origin] = field(default_factory=set)
    keys: dict[str, set[ReleaseKey]] = field(default_factory=dict)
    sources: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def note(self, table: str, key: ReleaseKey | None) -> None:
        self.keys.setdefault(table, set()).update({key} if key else ())


@dataclass(frozen=True, slots=True)
class _Around:
    """Which datasets are directly above others, and below them."""

    above: Mapping[str, Collection[str]]
    below: Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Lineages:
    """Answers where columns come from, and what comes from them."""

    registry: Registry

    def graph(self, question: LineageQuestion, sight: Sight) -> LineageGraph:
        """Return what may be known of the lineage of a dataset or column.

        Raises:
            NotFoundError: there is no such dataset, column, release or environment, as far as may be known.
        """
        with environments.read(self.registry, question.environment) as connection:
            pins = releases.current(connection, question.environment)
            name, column = _named(question.name, pins, sight)
            pin = _pin(connection, question, name, pins)
            key = (pin.environment, str(pin.product), pin.number)
            sha256 = lineage.hash_of(connection, *key)
            kept = None if sha256 is None else lineage.read(connection, sha256)
            columns = _columns(name, column, kept, sight)
            found = _Found()
            found.note(str(name), key)
            walk = _Walk(connection, sight, found, question.depth)
            if kept is not None and question.steps and sight.sees_inside:
                walk.inside(str(name), columns, kept)
            elif question.direction is Direction.UP:
                walk.up(str(name), columns, sha256, key)
            else:
                release = key if question.release is not None else None
                walk.down(str(name), columns, pins, release)
            around = walk.around(pins) if question.counts else None
        return LineageGraph(
            dataset=str(name),
            columns=columns,
            direction=question.direction,
            tables=_tables(found, around),
            edges=tuple(sorted(found.edges)),
            untraced=tuple(sorted(found.untraced)),
            is_recorded=kept is not None,
        )


@dataclass(frozen=True, slots=True)
class _Walk:
    """Follows edges, each once: data never comes from itself, but a walk ends even if a record said so."""

    connection: Connection
    sight: Sight
    found: _Found
    depth: int

    def up(
        self, name: str, columns: Iterable[str], sha256: str | None, key: ReleaseKey | None
    ) -> None:
        seen: set[tuple[str, str, str | None]] = set()
        waiting = deque((Origin(name, column), sha256, key, 0) for column in ("", *columns))
        while waiting:
            target, sha256, key, depth = waiting.popleft()
            if depth >= self.depth or (target.table, target.column, sha256) in seen:
                continue
            seen.add((target.table, target.column, sha256))
            inputs = lineage.inputs_of(self.connection, key) if key else {}
            kept = None if sha256 is None else lineage.read(self.connection, sha256)
            for edge in self._edges(target, kept, inputs):
                origin = edge.origin
                self.found.note(origin.table, inputs.get(origin.table))
                if origin.table.startswith(SOURCE):
                    facts = kept.sources.get(origin.table.removeprefix(SOURCE)) if kept else None
                    self.found.sources[origin.table] = facts or {}
                elif origin.column and (edge.kind is not InfluenceKind.ROWS or depth == 0):
                    waiting += self._onward(origin, kept, inputs.get(origin.table), depth + 1)

    def _edges(
        self, target: Origin, kept: ReleaseLineage | None, inputs: Iterable[str]
    ) -> list[LineageEdge]:
        """Note what a column comes from, as far as it may be known."""
        if kept is None:
            # Nobody knows which columns of its inputs.
            origins = [Origin(table, "") for table in inputs if target.column == ""]
            edges = [LineageEdge(one, target, InfluenceKind.ROWS) for one in origins]
            is_traced = not edges
        else:
            made = kept.datasets.get(target.table)
            edges = list(_edges_to(target, made)) if made else []
            is_traced = made is None or _is_traced(target, made)
        known = [edge for edge in edges if self._sees(edge.origin)]
        self.found.edges.update(known)
        if known and not is_traced:
            self.found.untraced.add(target)
        return known

    def _onward(
        self, origin: Origin, kept: ReleaseLineage | None, key: ReleaseKey | None, depth: int
    ) -> Iterator[tuple[Origin, str | None, ReleaseKey | None, int]]:
        pinned = None if key is None else lineage.hash_of(self.connection, *key)
        hashes = set(kept.inputs.get(origin.table, ()) if kept else ()) | {pinned}
        for sha256 in sorted(one for one in hashes if one):
            yield origin, sha256, key if sha256 == pinned else None, depth
        if hashes == {None}:
            yield origin, None, key, depth

    def down(
        self,
        name: str,
        columns: Iterable[str],
        pins: Mapping[DatasetName, Pin],
        release: ReleaseKey | None,
    ) -> None:
        after = self._after(pins)
        seen: set[tuple[str, str]] = set()
        waiting = deque((Origin(name, column), 0) for column in columns)
        while waiting:
            origin, depth = waiting.popleft()
            place = (origin.table, origin.column.lower())
            if depth >= self.depth or place in seen:
                continue
            seen.add(place)
            for target, kind, key, is_traced in [
                *after.get(place, ()),
                *after.get((place[0], ""), ()),
            ]:
                if depth == 0 and release is not None and not self._used(key, name, release):
                    continue
                self.found.edges.add(LineageEdge(origin, target, kind))
                self.found.note(target.table, key)
                if not is_traced:
                    self.found.untraced.add(target)
                if kind is not InfluenceKind.ROWS:
                    waiting.append((target, depth + 1))

    def _used(self, key: ReleaseKey, name: str, release: ReleaseKey) -> bool:
        return lineage.inputs_of(self.connection, key).get(name) == release

    def _after(
        self, pins: Mapping[DatasetName, Pin]
    ) -> dict[tuple[str, str], list[tuple[Origin, InfluenceKind, ReleaseKey, bool]]]:
        """Return what comes from each column, in the current releases that may be known."""
        hashes = lineage.current_hashes(self.connection)
        found: dict[tuple[str, str], list[tuple[Origin, InfluenceKind, ReleaseKey, bool]]] = {}
        for name, pin in pins.items():
            key = (pin.environment, str(pin.product), pin.number)
            if key not in hashes or not self.sight.sees(Origin(str(name), "")):
                continue
            made = lineage.read(self.connection, hashes[key]).datasets.get(str(name))
            for target in _targets(str(name), made):
                if made is None or not self.sight.sees(target):
                    continue
                is_traced = _is_traced(target, made)
                for edge in _edges_to(target, made):
                    place = (edge.origin.table, edge.origin.column.lower())
                    found.setdefault(place, []).append((target, edge.kind, key, is_traced))
        return found

    def around(self, pins: Mapping[DatasetName, Pin]) -> _Around:
        """Return which datasets are made from which directly, by the current releases that may be known."""
        above: dict[str, set[str]] = {}
        below: dict[str, set[str]] = {}
        for (table, column), targets in self._after(pins).items():
            if table.startswith(SOURCE) or not self.sight.sees(Origin(table, column)):
                continue
            for target, *_ in targets:
                if target.table != table:
                    above.setdefault(target.table, set()).add(table)
                    below.setdefault(table, set()).add(target.table)
        return _Around(above, below)

    def inside(self, name: str, columns: Iterable[str], kept: ReleaseLineage) -> None:
        """Follow the steps of the product alone, down to its sources and inputs."""
        steps = {step.name: step for step in kept.steps}
        last = next((step for step in reversed(kept.steps) if step.dataset == name), None)
        if last is None:
            self._edges_of_all(name, columns, kept)
            return
        seen: set[Origin] = set()
        waiting = deque((last.name, Origin(name, column)) for column in ("", *columns))
        while waiting:
            place, target = waiting.popleft()
            if target in seen:
                continue
            seen.add(target)
            made = steps[place].lineage
            for edge in _edges_to(target, made):
                self.found.edges.add(edge)
                self.found.note(edge.origin.table, None)
                if edge.origin.table in steps:
                    waiting.append((edge.origin.table, edge.origin))
                    waiting.append((edge.origin.table, Origin(edge.origin.table, "")))
                elif edge.origin.table.startswith(SOURCE):
                    source = edge.origin.table.removeprefix(SOURCE)
                    self.found.sources[edge.origin.table] = kept.sources.get(source, {})
            if not _is_traced(target, made):
                self.found.untraced.add(target)

    def _edges_of_all(self, name: str, columns: Iterable[str], kept: ReleaseLineage) -> None:
        for column in ("", *columns):
            for edge in self._edges(Origin(name, column), kept, ()):
                self.found.note(edge.origin.table, None)
                if edge.origin.table.startswith(SOURCE):
                    source = edge.origin.table.removeprefix(SOURCE)
                    self.found.sources[edge.origin.table] = kept.sources.get(source, {})

    def _sees(self, origin: Origin) -> bool:
        if origin.table.startswith(SOURCE):
            return self.sight.sees_inside
        return self.sight.sees(origin)


def _edges_to(target: Origin, made: Lineage) -> Iterator[LineageEdge]:
    if target.column == "":
        for origin in made.rows.origins:
            yield LineageEdge(origin, target, InfluenceKind.ROWS)
        return
    influence = made.column(target.column)
    if influence is None:
        return
    for origin in influence.direct:
        yield LineageEdge(origin, target, InfluenceKind.DIRECT)
    for origin in influence.indirect - influence.direct:
        yield LineageEdge(origin, target, InfluenceKind.INDIRECT)


def _is_traced(target: Origin, made: Lineage) -> bool:
    influence = made.rows if target.column == "" else made.column(target.column)
    return influence is None or influence.is_traced


def _targets(name: str, made: Lineage | None) -> list[Origin]:
    return (
        [] if made is None else [Origin(name, ""), *(Origin(name, one) for one, _ in made.columns)]
    )


def _named(
    text: str, pins: Mapping[DatasetName, Pin], sight: Sight
) -> tuple[DatasetName, str | None]:
    """Return which dataset and column are meant."""
    domain, _, rest = text.strip().partition(".")
    dataset, _, column = rest.partition(".")
    known = {str(name): name for name in pins if sight.sees(Origin(str(name), ""))}
    found = known.get(f"{domain}.{dataset}".lower())
    if found is None:
        wanted = f"{domain}.{dataset}" if dataset else text
        close = get_close_matches(wanted.lower(), sorted(known), 1)
        hint = f"did you mean `{close[0]}`?" if close else "write `domain.dataset[.column]`"
        raise NotFoundError(f"there is no released dataset `{wanted[:200]}`", hint=hint)
    return found, column or None


def _pin(
    connection: Connection,
    question: LineageQuestion,
    name: DatasetName,
    pins: Mapping[DatasetName, Pin],
) -> Pin:
    if question.release is None:
        return pins[name]
    number, pin = question.release, None
    if 0 < number <= _GREATEST:
        pin = releases.at_version(connection, question.environment, name, number)
    if pin is None:
        raise NotFoundError(f"{name} has no release {number}", hint=f"see `ghala releases {name}`")
    return pin


def _columns(
    name: DatasetName, wanted: str | None, kept: ReleaseLineage | None, sight: Sight
) -> tuple[str, ...]:
    """Return the columns to begin with: the one that was named, or all that may be known."""
    made = kept.datasets.get(str(name)) if kept else None
    known = [column for column, _ in made.columns] if made else []
    visible = [column for column in known if sight.sees(Origin(str(name), column))]
    if wanted is None:
        return tuple(visible)
    found = [column for column in visible if column.lower() == wanted.lower()]
    if found or kept is None:
        return tuple(found)
    close = get_close_matches(wanted, visible, 1)
    hint = f"did you mean `{close[0]}`?" if close else f"see `ghala show {name}`"
    raise NotFoundError(f"{name} has no column `{wanted[:200]}`", hint=hint)


def _tables(found: _Found, around: _Around | None) -> tuple[LineageTable, ...]:
    made = []
    for name, keys in sorted(found.keys.items()):
        if name.startswith(SOURCE):
            source = name.removeprefix(SOURCE)
            made.append(LineageTable(source, "source", facts=found.sources.get(name)))
        elif "." not in name:
            made.append(LineageTable(name, "step"))
        else:
            environment, product, _ = max(keys, key=lambda key: key[2], default=(None, None, 0))
            numbers = tuple(sorted(number for _, _, number in keys))
            dataset = LineageTable(name, "dataset", product, environment, numbers)
            if around is not None:
                above, below = len(around.above.get(name, ())), len(around.below.get(name, ()))
                dataset = replace(dataset, above=above, below=below)
            made.append(dataset)
    return tuple(made)
