"""Long lists of values in statements: in parts, since a database takes so many parameters and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ASKED_AT_ONCE = 500
"""Well below the least number of parameters that a statement may have."""
_T = TypeVar("_T", str, int)


def parts(values: Collection[_T]) -> Iterator[list[_T]]:
    """Yield values in parts that one statement can take, each value once, in their order.

    >>> [len(part) for part in parts(range(1001))]
    [500, 500, 1]
    """
    listed = sorted(set(values))
    for begin in range(0, len(listed), ASKED_AT_ONCE):
        yield listed[begin : begin + ASKED_AT_ONCE]
