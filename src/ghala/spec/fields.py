"""Fields: typed reading of one mapping, with a finding for everything that is not as it should be."""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from ghala.spec.finding import FindingCode
from ghala.spec.node import ListNode, MapNode, Node, ScalarNode, type_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from enum import StrEnum

    from ghala.errors import Place
    from ghala.spec.finding import Findings

    Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """One mapping of a definition file.

    `what` names it for people ("a step"). With `known`, every other key is an error: that is for our
    own files. Without, a schema has checked the mapping's shape already, so a value of the wrong type
    reads as absent without a word. An empty value (`key:`) is as good as no key.
    """

    def __init__(
        self,
        node: Node,
        findings: Findings,
        *,
        what: str,
        known: Collection[str] | None = None,
    ) -> None:
        """Take a node, and find out at once whether it is a mapping of known keys."""
        self.node = node
        self.place = node.place
        self._findings = findings
        self._what = what
        self._is_ours = known is not None
        self._entries = dict(node.entries) if isinstance(node, MapNode) else {}
        if not isinstance(node, MapNode) and known is not None:
            self._wrong(node, f"{what} is a mapping")
        if known is not None:
            self.refuse_unknown(known)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Add an error for every key that is not known."""
        for key in self._entries:
            if key not in known:
                message = f"`{_short(key)}` is not a key of {self._what}"
                place = self.key_place(key)
                self._findings.error(FindingCode.KEY_UNKNOWN, place, message, nearest(key, known))

    def __contains__(self, key: object) -> bool:
        """Return whether the key has a value."""
        return self.get(str(key)) is not None

    def get(self, key: str) -> Node | None:
        """Return a value as it stands; None if there is none."""
        node = self._entries.get(key)
        return None if isinstance(node, ScalarNode) and node.value is None else node

    def at(self, key: str) -> Place:
        """Return where a value stands; the mapping's place if there is none."""
        node = self._entries.get(key)
        return self.place if node is None else node.place

    def key_place(self, key: str) -> Place:
        """Return where a key stands; the mapping's place if there is none."""
        places = self.node.key_places if isinstance(self.node, MapNode) else {}
        return places.get(key, self.place)

    def require(self, *keys: str) -> None:
        """Add an error for every key that has no value."""
        for key in keys:
            if key not in self and isinstance(self.node, MapNode):
                message = f"{self._what} needs `{key}`"
                self._findings.error(FindingCode.KEY_MISSING, self.key_place(key), message)

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        node = self.get(key)
        if node is None:
            return default
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return node.value
        hint = f'put quotes around it: "{node.text}"' if isinstance(node, ScalarNode) else None
        self._wrong(node, f"`{key}` is a text", hint)
        return default

    def texts(self, key: str) -> tuple[ScalarNode, ...]:
        """Return one text or a list of texts."""
        node = self.get(key)
        nodes = node.nodes if isinstance(node, ListNode) else () if node is None else (node,)
        found = []
        for item in nodes:
            if isinstance(item, ScalarNode) and isinstance(item.value, str):
                found.append(item)
            else:
                self._wrong(item, f"`{key}` is a text or a list of texts")
        return tuple(found)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        node = self.get(key)
        if node is None:
            return default
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return node.value
        self._wrong(node, f"`{key}` is `true` or `false`")
        return default

    def integer(self, key: str) -> int | None:
        """Return a whole number; None if there is none."""
        node = self.get(key)
        if node is None:
            return None
        if isinstance(node, ScalarNode) and type(node.value) is int:
            return node.value
        self._wrong(node, f"`{key}` is a whole number")
        return None

    def choice(self, key: str, choices: type[Choice]) -> Choice | None:
        """Return one of a closed vocabulary; None if there is none."""
        node = self.get(key)
        if node is None:
            return None
        return self.chosen(node, f"`{key}`", choices)

    def chosen(self, node: Node, what: str, choices: type[Choice]) -> Choice | None:
        """Return a node's value as one of a closed vocabulary; None with an error if it is not."""
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, str) and value in list(choices):
            return choices(value)
        known = [str(choice) for choice in choices]
        listed = ", ".join(f"`{choice}`" for choice in known)
        hint = nearest(value, known) if isinstance(value, str) else None
        message = f"{what} is one of {listed}"
        self._findings.error(FindingCode.VALUE_NOT_ALLOWED, node.place, message, hint)
        return None

    def items(self, key: str) -> tuple[Node, ...]:
        """Return the items of a list; none if there is no list."""
        node = self.get(key)
        if isinstance(node, ListNode):
            return node.nodes
        if node is not None:
            self._wrong(node, f"`{key}` is a list")
        return ()

    def mapping(self, key: str) -> MapNode | None:
        """Return a mapping; None if there is none."""
        node = self.get(key)
        if isinstance(node, MapNode):
            return node
        if node is not None:
            self._wrong(node, f"`{key}` is a mapping")
        return None

    def _wrong(self, node: Node, message: str, hint: str | None = None) -> None:
        if self._is_ours:
            full = f"{message}, not {type_name(node)}"
            self._findings.error(FindingCode.VALUE_WRONG_TYPE, node.place, full, hint)


def number(node: Node) -> float | None:
    """Return a node's value as a finite number; None if it is not one.

    >>> from ghala.errors import Place
    >>> number(ScalarNode(3, "3", Place("a.yaml"))), number(ScalarNode("3", "3", Place("a.yaml")))
    (3.0, None)
    """
    value = node.value if isinstance(node, ScalarNode) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return a hint that names the known word that was probably meant; None if none is near.

    >>> nearest("delimeter", ["delimiter", "quote"])
    'did you mean `delimiter`?'
    """
    lowered = {name.lower(): name for name in known}
    close = get_close_matches(word.lower()[:100], lowered, n=1, cutoff=0.6)
    return f"did you mean `{lowered[close[0]]}`?" if close else None


def _short(key: str) -> str:
    return key if len(key) <= 80 else key[:80] + "…"  # noqa: PLR2004 - a line of a terminal
