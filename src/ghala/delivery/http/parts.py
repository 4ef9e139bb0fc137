"""What the API is given: the parts of the core that it calls, and how much of them at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import CapacityLimiter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ghala.delivery.http.origin import Origin
    from ghala.governance.identity import Identity
    from ghala.query.discover import Asking, Discovery

ASKED_AT_ONCE = 8
"""As many questions as there are workers; others wait for their turn, not for a worker."""
LOOKED_UP_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the core. `check_ready` raises what keeps the server from answering.

    `folder` is where an answer waits until it was sent. Questions have a limiter of their own: however many run, people
    can sign in.
    """

    identity: Identity
    asking: Asking
    discovery: Discovery
    check_ready: Callable[[], None]
    folder: Path
    origin: Origin
    body_bytes: int
    questions: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(ASKED_AT_ONCE))
    lookups: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(LOOKED_UP_AT_ONCE))
