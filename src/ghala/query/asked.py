"""What people asked lately, each for themselves: kept a moment later, so that no question waits for it."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.errors import StorageError, UsageError
from ghala.governance.access_scope import require_scope
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.registry import saved_queries
from ghala.registry.registry import now_us as clock_us

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.principal import Principal
    from ghala.model.saved_query import AskedStatement
    from ghala.registry.registry import Registry

_LOG = logging.getLogger(__name__)
KEPT = 200
"""So many statements of each person are kept."""
KEPT_US = 90 * 24 * 3600 * 1_000_000
LONGEST_SQL = 20_000
"""What is longer was written by a program."""
SOON_S = 0.5
_MOST_WAITING = 1_000


@dataclass(slots=True)
class AskedStatements:
    """Notes statements and shows them to who asked them. Safe between threads; `close` it."""

    registry: Registry
    now_us: Callable[[], int] = clock_us
    _waiting: list[dict[str, object]] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    # Held from when rows are taken until they are kept: who forgets them then forgets these too.
    _keeping: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _timer: threading.Timer | None = field(default=None, repr=False)

    def note(self, principal: Principal, sql: str, environment: str) -> None:
        """Note what a person asks, whether it will be answered or not; it is kept soon after."""
        if principal.kind is not PrincipalKind.USER or len(sql) > LONGEST_SQL:
            return
        row = {
            "account": principal.id,
            "asked_at": self.now_us(),
            "purpose": principal.purpose,
            "environment": environment,
            "sql": sql,
        }
        with self._lock:
            if len(self._waiting) < _MOST_WAITING:
                self._waiting.append(row)
            if self._timer is None:
                self._timer = threading.Timer(SOON_S, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def statements(self, *, by: Principal, limit: int = 50) -> tuple[AskedStatement, ...]:
        """Return what `by` asked lately, newest first; what others asked is shown to nobody.

        Raises:
            DeniedError: the token of `by` does not allow it.
            UsageError: the limit is not allowed.
        """
        require_scope(by, Action.DATASET_READ)
        if not 1 <= limit <= KEPT:
            raise UsageError(f"a history has 1 to {KEPT} statements")
        self.flush()
        with self.registry.read() as connection:
            return saved_queries.asked(connection, by.id, self.now_us() - KEPT_US, limit)

    def forget(self, *, by: Principal) -> None:
        """Forget all that `by` asked; the audit has it, without the text.

        Raises:
            DeniedError: the token of `by` does not allow it.
        """
        require_scope(by, Action.DATASET_READ)
        self.flush()
        with self.registry.write() as connection:
            saved_queries.forget_asked(connection, by.id)

    def flush(self) -> None:
        """Keep what waits; what somebody else is about to keep is kept when this returns."""
        with self._keeping:
            self._keep()

    def _keep(self) -> None:
        with self._lock:
            rows, self._waiting = self._waiting, []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        if not rows:
            return
        try:
            with self.registry.write() as connection:
                saved_queries.note_asked(connection, rows, KEPT, self.now_us() - KEPT_US)
        except StorageError as error:
            # Whoever asked has their answer all the same.
            _LOG.warning("what was asked was not kept: %s", error.code)

    def close(self) -> None:
        """Keep what waits, and end."""
        self.flush()
