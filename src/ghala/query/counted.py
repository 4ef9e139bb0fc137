"""A recorder of reads that tells how often the record was refused: then nothing is served, and somebody should know."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import GhalaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ghala.governance.audit import Reading
    from ghala.model.principal import Principal
    from ghala.query.parts import Recorder


@dataclass(frozen=True, slots=True)
class CountedRecorder:
    """Records through another one; `failed` is called for each record that could not be written."""

    recorder: Recorder
    failed: Callable[[], None]

    def started(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> Reading:
        """Record the intent to read."""
        with self._counting():
            return self.recorder.started(principal, objects, detail)

    def denied(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> None:
        """Record that a read was denied."""
        with self._counting():
            self.recorder.denied(principal, objects, detail)

    def cut(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> None:
        """Record that an answer was cut while it was sent."""
        with self._counting():
            self.recorder.cut(principal, objects, detail)

    @contextmanager
    def _counting(self) -> Iterator[None]:
        try:
            yield
        except GhalaError:
            self.failed()
            raise
