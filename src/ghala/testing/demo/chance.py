"""Chance that is the same everywhere: bytes drawn from a hash of what they are for."""

from __future__ import annotations

from hashlib import shake_128
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Entry = TypeVar("Entry")

BYTE_VALUES = 256


def draws(purpose: str, count: int, width: int = 1) -> list[bytes]:
    """Return `count` draws of `width` bytes each, which depend on `purpose` and on nothing else.

    Streams with different purposes have nothing in common, so a file can be written without
    writing those before it; SHAKE-128 is the same on every machine and in every Python.

    >>> [draw.hex() for draw in draws("sales/2024-01", 3, 2)]
    ['266b', '70f3', '31cd']
    >>> draws("sales/2024-01", 2, 2) == draws("sales/2024-01", 3, 2)[:2]
    True
    """
    drawn = shake_128(purpose.encode()).digest(count * width)
    return [drawn[start : start + width] for start in range(0, count * width, width)]


def spread(entries: Sequence[Entry]) -> list[Entry]:
    """Return a table with one entry for each value of a byte, all about equally often.

    >>> spread(["a", "b"])[:3], len(spread(["a", "b", "c"]))
    (['a', 'b', 'a'], 256)
    """
    return [entries[value % len(entries)] for value in range(BYTE_VALUES)]
