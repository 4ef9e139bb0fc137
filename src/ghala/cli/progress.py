"""Progress for what takes longer than a second: one moving line on stderr, and nothing when that is no terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from threading import Lock, Timer
from typing import TYPE_CHECKING, Self, TextIO

from ghala.cli.escape import escaped

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status

PATIENCE_S = 1.0


@dataclass(slots=True)
class Progress:
    """Shows the last text that it was called with, once a second has passed; it is gone when the block ends."""

    text: str = "working"
    patience_s: float = PATIENCE_S
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    _status: Status | None = None
    _timer: Timer | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, text: str) -> None:
        """Say what is being done now; callable from any thread."""
        with self._lock:
            self.text = escaped(text)
            if self._status is not None:
                self._status.update(self._words())

    def __enter__(self) -> Self:
        if self.stream.isatty():
            self._timer = Timer(self.patience_s, self._show)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        with self._lock:
            if self._status is not None:
                self._status.stop()
                self._status = None

    def _show(self) -> None:
        # Imported here: most commands are done before a second has passed.
        from rich.console import Console  # noqa: PLC0415 - see the line above

        console = Console(file=self.stream)
        with self._lock:
            self._status = console.status(self._words())
            self._status.start()

    def _words(self) -> str:
        from rich.markup import escape  # noqa: PLC0415 - loaded with the console

        return escape(self.text)
