"""Does something every so often while a server runs: checkpoints of the audit, and one when it ends."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ghala.errors import GhalaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

_log = logging.getLogger(__name__)


@contextmanager
def every(
    seconds: float,
    act: Callable[[], object],
    *,
    name: str,
    failed: str,
    also_before: bool = False,
    also_after: bool = False,
) -> Iterator[None]:
    """Call `act` every so many seconds within the block; a failure is logged as `failed`, and tried again.

    `name` is that of the thread. `also_before` says that it is called at once, too, and `also_after` that it is called
    once more when the block ends.
    """
    stop = threading.Event()

    def act_or_log() -> None:
        try:
            act()
        except GhalaError as error:
            _log.warning("%s: %s", failed, error)

    def keep_acting() -> None:
        if also_before:
            act_or_log()
        while not stop.wait(seconds):
            act_or_log()

    thread = threading.Thread(target=keep_acting, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        if also_after:
            act_or_log()


def checkpoints_every(seconds: float, make: Callable[[], object]) -> AbstractContextManager[None]:
    """Call `make` every so many seconds within the block, and once after it."""
    failed = "no audit checkpoint could be made"
    return every(seconds, make, name="audit-checkpoints", failed=failed, also_after=True)
