"""Nodes: a definition file as a tree of values, each of which knows where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.errors import Place

Plain: TypeAlias = "bool | int | float | str | None"


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One value; `text` is how it is written, so that `1.50` stays exact and `007` is seen."""

    value: Plain
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class ListNode:
    """Values in order."""

    nodes: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class MapNode:
    """Values by key; `key_places` says where each key stands."""

    entries: Mapping[str, Node]
    key_places: Mapping[str, Place]
    place: Place


Node: TypeAlias = ScalarNode | ListNode | MapNode


def plain(node: Node) -> object:
    """Return a node's value without places: dicts, lists and scalars.

    >>> from ghala.errors import Place
    >>> here = Place("a.yaml", 1, 1)
    >>> plain(ListNode((ScalarNode(1, "1", here), ScalarNode("b", "b", here)), here))
    [1, 'b']
    """
    match node:
        case ScalarNode():
            return node.value
        case ListNode():
            return [plain(item) for item in node.nodes]
        case MapNode():
            return {key: plain(item) for key, item in node.entries.items()}


def type_name(node: Node) -> str:
    """Return what a node is, in words for people.

    >>> from ghala.errors import Place
    >>> type_name(ScalarNode(True, "true", Place("a.yaml")))
    'true or false'
    """
    match node:
        case ListNode():
            return "a list"
        case MapNode():
            return "a mapping"
        case ScalarNode(value=bool()):
            return "true or false"
        case ScalarNode(value=int() | float()):
            return "a number"
        case ScalarNode(value=None):
            return "nothing"
        case _:
            return "a text"
