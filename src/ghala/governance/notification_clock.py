"""Delivers notifications while a server runs."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ghala.errors import GhalaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOK_S = 2.0
UPKEEP_S = 3600.0
_log = logging.getLogger(__name__)


@contextmanager
def delivering(
    deliver: Callable[[Callable[[], bool]], object], keep_up: Callable[[], object], look_s: float
) -> Iterator[None]:
    """Call `deliver` every so often while the block runs, and `keep_up` every hour.

    `deliver` is given what tells it to stop; what is on its way then is tried again by whoever is next.
    """
    stop = threading.Event()

    def look() -> None:
        upkeep_s = float("-inf")
        while not stop.is_set():
            try:
                if time.monotonic() - upkeep_s >= UPKEEP_S:
                    keep_up()
                    upkeep_s = time.monotonic()
                deliver(stop.is_set)
            except GhalaError as error:
                _log.warning("no notification could be delivered: %s", error)
            stop.wait(look_s)

    thread = threading.Thread(target=look, name="notifications", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
