"""Reads the JSON of the engine's trees however deep it is; Python's own reader ends at its recursion limit."""

from __future__ import annotations

import json
import re
from typing import Any

_TOKEN = re.compile(
    r'\s*(?:(?P<mark>[{}\[\],:])|(?P<value>"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+))', re.DOTALL
)


def read_json(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: it is none.

    >>> read_json('{"a": [1, {"b": null}]}')
    {'a': [1, {'b': None}]}
    >>> depth = 50_000
    >>> len(read_json("[" * depth + "]" * depth))
    1
    """
    try:
        return json.loads(text)
    except RecursionError:
        return _read_deep(text)


def _read_deep(text: str) -> Any:
    """Read with a stack of its own.

    >>> _read_deep('{"a": [1, {"b": null}, []], "c": "x,}"}')
    {'a': [1, {'b': None}, []], 'c': 'x,}'}
    """
    root: list[Any] = []
    open_containers: list[Any] = [root]
    keys: list[str | None] = [None]
    for token in _TOKEN.finditer(text):
        mark = token["mark"]
        if mark in {"{", "["}:
            container: Any = {} if mark == "{" else []
            _put(open_containers[-1], keys, container)
            open_containers.append(container)
            keys.append(None)
        elif mark in {"}", "]"}:
            open_containers.pop()
            keys.pop()
        elif mark is None:
            value = json.loads(token["value"])
            if isinstance(open_containers[-1], dict) and keys[-1] is None:
                keys[-1] = value
            else:
                _put(open_containers[-1], keys, value)
    if len(open_containers) != 1 or len(root) != 1:
        raise ValueError("this is not one JSON value")
    return root[0]


def _put(container: Any, keys: list[str | None], value: Any) -> None:
    if isinstance(container, dict):
        container[keys[-1]] = value
        keys[-1] = None
    else:
        container.append(value)
