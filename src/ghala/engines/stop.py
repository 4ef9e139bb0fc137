"""Stopping: whoever works on something looks here whether it shall end, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.errors import GhalaError


@dataclass(slots=True)
class Stop:
    """Says that one piece of work must end. The first error counts. Safe between threads.

    >>> from ghala.errors import QueryError
    >>> stop, told = Stop(), []
    >>> stop.tell(lambda: told.append("stopped"))
    >>> stop.stop(QueryError("one")), stop.stop(QueryError("two"))
    (None, None)
    >>> str(stop.error), told
    ('one', ['stopped'])
    """

    error: GhalaError | None = None
    _told: list[Callable[[], None]] = field(default_factory=list, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def stop(self, error: GhalaError) -> None:
        """Let the work end with an error."""
        with self._lock:
            if self.error is not None:
                return
            self.error = error
            told = list(self._told)
        for callback in told:
            callback()

    def tell(self, callback: Callable[[], None]) -> None:
        """Call a function when the work shall end, from whatever thread says so; now, if it shall already."""
        with self._lock:
            if self.error is None:
                self._told.append(callback)
                return
        callback()

    def check(self) -> None:
        """Raise the error with which the work shall end, if it shall."""
        if self.error is not None:
            raise self.error
