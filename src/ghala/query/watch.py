"""Watches what is on its way: when rights move, what they no longer allow is stopped within a second."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ghala.errors import GhalaError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ghala.engines.stop import Stop
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal

_LOG = logging.getLogger(__name__)
LOOK_S = 0.25
AGAIN_S = 1.0
"""How often all is decided again even though nothing moved: time alone ends agreements, sessions and tokens."""
BLIND_LOOKS = 4
"""So often in turn the epoch may be unreadable; then nobody knows what was withdrawn."""


class Watched(Protocol):
    """Something on its way that a decision allowed."""

    @property
    def stop(self) -> Stop:
        """What ends it."""

    def decide_again(self, proved: dict[Principal, Principal]) -> None:
        """Decide again. `proved` has each principal as this look found it to be, and gets those that it lacks.

        Raises:
            GhalaError: it is no longer allowed.
        """


@dataclass(slots=True)
class Watch:
    """Looks at the epoch while anything is on its way: one thread of a process, however much there is.

    `epoch` moves with every change of rights, whichever process made it. Safe between threads.
    """

    epoch: Callable[[], int]
    look_s: float = LOOK_S
    again_s: float = AGAIN_S
    _watched: dict[int, Watched] = field(default_factory=dict, repr=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)
    _closing: threading.Event = field(default_factory=threading.Event, repr=False)

    @contextmanager
    def over(self, watched: Watched) -> Iterator[None]:
        """Watch something until the end of the block. Begin before it is decided: then no change is missed."""
        with self._changed:
            self._watched[id(watched)] = watched
            is_looking = self._thread is not None and self._thread.is_alive()
            if not is_looking and not self._closing.is_set():
                self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._watched[id(watched)]

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing.set()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout=self.again_s)

    def _look(self) -> None:
        seen, decided_s, blind = -1, 0.0, 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._watched or self._closing.is_set())
                if self._closing.is_set():
                    return
            try:
                now, blind = self.epoch(), 0
            except Exception as error:  # noqa: BLE001 - whatever it is, what is on its way stays watched
                now, blind = seen, blind + 1
                if blind == 1:
                    _LOG.warning("the epoch cannot be read: %s", type(error).__name__)
                if blind >= BLIND_LOOKS:
                    self._stop_all(StorageError("the registry cannot say whether this is allowed"))
            if now != seen or time.monotonic() - decided_s >= self.again_s:
                seen, decided_s = now, time.monotonic()
                proved: dict[Principal, Principal] = {}
                for watched in self._all():
                    _decide_again(watched, proved)
            # Not on what changes: each new question would wake it.
            self._closing.wait(self.look_s)

    def _all(self) -> list[Watched]:
        with self._changed:
            return list(self._watched.values())

    def _stop_all(self, error: GhalaError) -> None:
        for watched in self._all():
            _stop(watched, error)


def _decide_again(watched: Watched, proved: dict[Principal, Principal]) -> None:
    if watched.stop.error is not None:
        return
    try:
        watched.decide_again(proved)
    except StorageError:
        # The registry is away for a moment; `BLIND_LOOKS` says for how long that is borne.
        return
    except GhalaError as error:
        _stop(watched, error)
    except Exception as error:  # noqa: BLE001 - what cannot be decided is not allowed, and the rest stays watched
        _LOG.error("what was on its way could not be decided again: %s", type(error).__name__)
        _stop(watched, StorageError("whether this is still allowed cannot be decided"))


def _stop(watched: Watched, error: GhalaError) -> None:
    try:
        watched.stop.stop(error)
    except Exception as raised:  # noqa: BLE001 - it is stopped; who could not be told must not end the watch
        _LOG.error("who waits could not be told of a stop: %s", type(raised).__name__)


def covers(now: Decision, before: Decision) -> bool:
    """Return whether a decision lets everything be seen that one before it did, cell by cell.

    >>> from ghala.model.names import DatasetName
    >>> from ghala.model.policy import Admission, Decision
    >>> orders = DatasetName("sales", "orders")
    >>> wide = Decision(orders, True, (Admission(frozenset({"id", "email"})),))
    >>> narrow = Decision(orders, True, (Admission(frozenset({"id"})),))
    >>> covers(wide, narrow), covers(narrow, wide)
    (True, False)
    """
    if not now.is_allowed:
        return False
    admits_all = all(
        any(
            one.columns >= old.columns and (one.rows is None or one.rows == old.rows)
            for one in now.admissions
        )
        for old in before.admissions
    )
    # Another mask may say less; a column that some admission gives is in the clear for more rows than before at most.
    return admits_all and all(
        now.masks.get(column) == mask or _is_given(now, column)
        for column, mask in before.masks.items()
    )


def _is_given(decision: Decision, column: str) -> bool:
    return any(one.rows is None and column in one.columns for one in decision.admissions)
