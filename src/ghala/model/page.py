"""Pages of long lists, newest first: each ends at a place, and the next one begins behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
PAGE_ITEMS = 100
LONGEST_PAGE = 1_000
_CHUNK = 500
_TEXT = re.compile(r"(\d{1,17})\.([0-9A-Za-z]{1,64})")


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a page ended: the time of its last item in microseconds since 1970, and the item's id.

    It opens nothing: whoever asks for a page sees what they may see, wherever it begins.
    """

    at_us: int
    id: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the place that a text means.

        Raises:
            ValueError: it means none.

        >>> ListPlace.parse("1800000000123456.4fT0pXbq81Zc")
        ListPlace(at_us=1800000000123456, id='4fT0pXbq81Zc')
        """
        found = _TEXT.fullmatch(text)
        if found is None or not text.isascii():
            raise ValueError("`after` is not the `next` of a page")
        return cls(int(found.group(1)), found.group(2))

    def __str__(self) -> str:
        return f"{self.at_us}.{self.id}"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list; `next` is where the following page begins, None on the last one."""

    items: tuple[Item, ...]
    next: str | None


def page_of(
    read: Callable[[ListPlace | None, int], Sequence[Item]],
    place_of: Callable[[Item], ListPlace],
    is_wanted: Callable[[Item], bool],
    *,
    after: ListPlace | None = None,
    limit: int = PAGE_ITEMS,
) -> Page[Item]:
    """Return the next `limit` items that are wanted.

    Args:
        read: returns at most so many items behind a place, in order; from the beginning where there is none.
        place_of: says where an item stands.
        is_wanted: whether an item belongs to the list of who asks.
        after: where the page before ended.
        limit: how many items.

    >>> items = [ListPlace(at, "x") for at in (9, 8, 7, 6, 5)]
    >>> def read(after, most):
    ...     return [one for one in items if after is None or one.at_us < after.at_us][:most]
    >>> first = page_of(read, lambda one: one, lambda one: one.at_us != 8, limit=2)
    >>> [one.at_us for one in first.items], first.next
    ([9, 7], '7.x')
    >>> page_of(read, lambda one: one, lambda one: one.at_us != 8, after=ListPlace(7, "x"), limit=2).next
    """
    found: list[Item] = []
    while True:
        chunk = read(after, _CHUNK)
        found += [one for one in chunk if is_wanted(one)]
        if len(found) > limit:
            return Page(tuple(found[:limit]), str(place_of(found[limit - 1])))
        if len(chunk) < _CHUNK:
            return Page(tuple(found), None)
        after = place_of(chunk[-1])
