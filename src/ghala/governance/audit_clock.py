"""Makes a checkpoint every so often while a server runs, and one when it ends."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ghala.errors import GhalaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_log = logging.getLogger(__name__)


@contextmanager
def checkpoints_every(seconds: float, make: Callable[[], object]) -> Iterator[None]:
    """Call `make` every so many seconds within the block, and once after it; a failure is logged and tried again."""
    stop = threading.Event()

    def make_or_log() -> None:
        try:
            make()
        except GhalaError as error:
            _log.warning("no audit checkpoint could be made: %s", error)

    def keep_making() -> None:
        while not stop.wait(seconds):
            make_or_log()

    thread = threading.Thread(target=keep_making, name="audit-checkpoints", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        make_or_log()
