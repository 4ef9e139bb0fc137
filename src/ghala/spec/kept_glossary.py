"""The glossary that a long-lived process keeps: read again in time; while it is wrong, the last good one stays."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError
from ghala.spec.glossary import GLOSSARY_FILE, load_glossary

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.model.term import Term

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class KeptGlossary:
    """The terms as they were at most `fresh_s` ago; none while there never was a glossary that was right."""

    root: Path
    fresh_s: float = 1.0
    _terms: tuple[Term, ...] = ()
    _stamp: tuple[int, int] | None = None
    _looked_at_s: float | None = None

    def now(self) -> tuple[Term, ...]:
        """Return the terms."""
        now_s = time.monotonic()
        if self._looked_at_s is not None and now_s - self._looked_at_s < self.fresh_s:
            return self._terms
        stamp = _stamp(self.root / GLOSSARY_FILE)
        if stamp != self._stamp or self._looked_at_s is None:
            try:
                self._terms = load_glossary(self.root)
            except DefinitionError:
                _LOG.warning("the glossary is wrong; the last good one stays: see `ghala lint`")
        self._stamp, self._looked_at_s = stamp, now_s
        return self._terms


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
