"""Runs an iterator in a thread of its own, a few items ahead of whoever uses them."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

Item = TypeVar("Item")


@contextmanager
def ahead(items: Generator[Item, None, None], depth: int = 3) -> Iterator[Iterator[Item]]:
    """Yield the same items in the same order, `depth` of them made ahead; an error comes up where its item would have.

    At the end of the block the generator is closed, wherever it stands.

    >>> with ahead(number * 2 for number in range(4)) as doubled:
    ...     list(doubled)
    [0, 2, 4, 6]
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ghala-ahead") as pool:
        try:
            yield _taken(items, pool, depth)
        finally:
            pool.submit(items.close).result()


def _taken(
    items: Generator[Item, None, None], pool: ThreadPoolExecutor, depth: int
) -> Iterator[Item]:
    coming: deque[Future[Item | None]] = deque()
    while True:
        while len(coming) < depth:
            coming.append(pool.submit(next, items, None))
        item = coming.popleft().result()
        if item is None:
            return
        yield item
