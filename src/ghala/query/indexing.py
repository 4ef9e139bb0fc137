"""The index of what can be found follows the definitions: in short transactions, and no search waits for it."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from ghala.errors import GhalaError
from ghala.query.assets import assets_of, source_states
from ghala.registry import search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ghala.model.asset import Asset
    from ghala.model.term import Term
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

_Item = TypeVar("_Item")
_LOG = logging.getLogger(__name__)
BATCH = 50
"""So many assets are written in one transaction: it ends long before others mind."""


@dataclass(slots=True)
class SearchIndex:
    """Keeps the index at the state of the definitions; many processes may do it at once, and repeat each other's work.

    A process that dies on the way leaves sources that are not marked as whole: the next one compares each asset.
    """

    registry: Registry
    definitions: Callable[[], Definitions]
    terms: Callable[[], Sequence[Term]]
    _seen: tuple[Definitions, Sequence[Term]] | None = field(default=None, repr=False)
    _working: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _is_closed: threading.Event = field(default_factory=threading.Event, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    def follow(self) -> None:
        """Begin to bring the index up to date, if the definitions changed since; returns at once."""
        if (
            self._is_current()
            or self._is_closed.is_set()
            or not self._working.acquire(blocking=False)
        ):
            return
        self._thread = threading.Thread(target=self._work, name="ghala-search-index", daemon=True)
        self._thread.start()

    def refresh(self) -> int:
        """Bring the index up to date, and return how many assets were written or removed."""
        with self._working:
            return self._refresh()

    def close(self) -> None:
        """End the work that is going on; what is missing is written when somebody next looks."""
        self._is_closed.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        try:
            self._refresh()
        except GhalaError as error:
            _LOG.warning("the search index stays as it was: %s", error.code)
        finally:
            self._working.release()

    def _is_current(self) -> bool:
        seen = self._seen
        return seen is not None and seen[0] is self.definitions() and seen[1] == self.terms()

    def _refresh(self) -> int:
        definitions, terms = self.definitions(), self.terms()
        wanted = source_states(definitions, terms)
        with self.registry.read() as connection:
            kept = search.kept_sources(connection)
        written = 0
        for source in sorted({*wanted, *kept}):
            if wanted.get(source) != kept.get(source):
                assets = assets_of(source, definitions, terms) if source in wanted else iter(())
                written += self._replace(source, assets, wanted.get(source))
            if self._is_closed.is_set():
                return written
        self._seen = definitions, terms
        return written

    def _replace(self, source: str, assets: Iterator[Asset], state: str | None) -> int:
        with self.registry.read() as connection:
            gone = search.kept_assets(connection, source)
        changed = []
        for asset in assets:
            kept = gone.pop((asset.kind.value, asset.name), None)
            if kept is None or kept.sha256 != search.content_sha256(asset):
                changed.append(asset)
        for some in _batches(changed):
            if self._is_closed.is_set():
                return 0
            with self.registry.write() as connection:
                search.put_assets(connection, source, some)
        for numbers in _batches([kept.number for kept in gone.values()]):
            with self.registry.write() as connection:
                search.remove_assets(connection, numbers)
        with self.registry.write() as connection:
            search.set_source(connection, source, state)
        return len(changed) + len(gone)


def _batches(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    rest = iter(items)
    while some := list(islice(rest, BATCH)):
        yield some
