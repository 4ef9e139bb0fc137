"""Lineage as people read it: a tree of text, or a diagram for Mermaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.lineage import SOURCE, Origin
from ghala.model.lineage_graph import Direction, InfluenceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ghala.model.lineage_graph import LineageEdge, LineageGraph, LineageTable

_DECIDES = " (decides the value)"


def tree(graph: LineageGraph) -> Iterator[str]:
    r"""Yield a tree for each column; what stands in it once already is not repeated.

    >>> from ghala.model.lineage_graph import LineageEdge, LineageGraph
    >>> edge = LineageEdge(Origin("sales.orders", "id"), Origin("finance.sums", "n"), InfluenceKind.DIRECT)
    >>> print(*tree(LineageGraph("finance.sums", ("n",), Direction.UP, (), (edge,))), sep="\n")
    finance.sums.n
    └─ sales.orders.id
    """
    return _Tree(graph).lines()


class _Tree:
    def __init__(self, graph: LineageGraph) -> None:
        self._graph = graph
        self._is_up = graph.direction is Direction.UP
        self._next = _next(graph)
        self._tables = {_known(one): one for one in graph.tables}
        self._untraced = set(graph.untraced)
        self._shown: set[Origin] = set()

    def lines(self) -> Iterator[str]:
        graph = self._graph
        for column in graph.columns:
            root = Origin(graph.dataset, column)
            yield f"{root}{self._mark(root)}"
            yield from self._below(root, "")
        rows = Origin(graph.dataset, "")
        if self._is_up and self._next.get(rows):
            yield f"rows of {graph.dataset}{self._mark(rows)}"
            yield from self._below(rows, "")

    def _below(self, place: Origin, indent: str) -> Iterator[str]:
        # A stack of its own: lineage may go through more products than Python calls.
        stack = [iter(self._entries(place, indent))]
        self._shown.add(place)
        while stack:
            entry = next(stack[-1], None)
            if entry is None:
                stack.pop()
                continue
            line, target, deeper = entry
            has_more = bool(self._next.get(target)) and target.column != ""
            if has_more and target in self._shown:
                yield f"{line} …"
            else:
                yield line
                if has_more:
                    self._shown.add(target)
                    stack.append(iter(self._entries(target, deeper)))

    def _entries(self, place: Origin, indent: str) -> list[tuple[str, Origin, str]]:
        edges = self._next.get(place, ())
        entries = []
        for number, edge in enumerate(edges):
            is_last = number == len(edges) - 1
            other = edge.origin if self._is_up else edge.target
            line = f"{indent}{'└─ ' if is_last else '├─ '}{self._label(other)}{self._kind(edge)}"
            entries.append((line, other, indent + ("   " if is_last else "│  ")))
        return entries

    def _label(self, origin: Origin) -> str:
        if origin.table.startswith(SOURCE):
            name = origin.table.removeprefix(SOURCE)
            table = self._tables.get(origin.table)
            facts = (table.facts if table else None) or {}
            where = "/".join(facts[key] for key in ("zone", "files") if key in facts)
            told = ": ".join(part for part in (facts.get("type", ""), where) if part)
            return f"source {name}: {origin.column}" + (f" ({told})" if told else "")
        if origin.column == "":
            return f"{'all columns of' if self._is_up else 'rows of'} {origin.table}"
        return f"{origin}{self._mark(origin)}"

    def _kind(self, edge: LineageEdge) -> str:
        return _DECIDES if edge.kind is InfluenceKind.INDIRECT else ""

    def _mark(self, origin: Origin) -> str:
        return " ?" if origin in self._untraced else ""


def mermaid(graph: LineageGraph) -> Iterator[str]:
    r"""Yield a flowchart of Mermaid: a box for each dataset with its columns, dotted arrows for what only decides.

    >>> from ghala.model.lineage_graph import LineageEdge, LineageGraph
    >>> edge = LineageEdge(Origin("a.b", "x"), Origin("c.d", "y"), InfluenceKind.INDIRECT)
    >>> print(*mermaid(LineageGraph("c.d", ("y",), Direction.UP, (), (edge,))), sep="\n")
    flowchart LR
      subgraph t0["a.b"]
        c0["x"]
      end
      subgraph t1["c.d"]
        c1["y"]
      end
      c0 -.-> c1
    """
    places = {Origin(graph.dataset, column) for column in graph.columns}
    places |= {end for edge in graph.edges for end in (edge.origin, edge.target)}
    untraced = set(graph.untraced)
    ids: dict[Origin, str] = {}
    yield "flowchart LR"
    for number, table in enumerate(sorted({place.table for place in places})):
        yield f'  subgraph t{number}["{_quoted(table)}"]'
        for place in sorted(one for one in places if one.table == table):
            ids[place] = f"c{len(ids)}"
            text = place.column or "rows"
            yield f'    {ids[place]}["{_quoted(text)}{" ?" if place in untraced else ""}"]'
        yield "  end"
    for edge in graph.edges:
        arrow = "-->" if edge.kind is InfluenceKind.DIRECT else "-.->"
        yield f"  {ids[edge.origin]} {arrow} {ids[edge.target]}"


def _quoted(text: str) -> str:
    """Return a text as Mermaid takes it between quotes.

    >>> _quoted('a"b<c')
    'a#quot;b#lt;c'
    """
    for character, name in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(character, name)
    return text


def _next(graph: LineageGraph) -> Mapping[Origin, list[LineageEdge]]:
    found: dict[Origin, list[LineageEdge]] = {}
    for edge in graph.edges:
        place = edge.target if graph.direction is Direction.UP else edge.origin
        found.setdefault(place, []).append(edge)
    return found


def _known(table: LineageTable) -> str:
    return f"{SOURCE}{table.name}" if table.kind == "source" else table.name
