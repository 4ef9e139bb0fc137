"""What somebody may do with a request for access, or with the agreement that it became; and who decides about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccessStep(StrEnum):
    """One thing to do; keep sorted."""

    DECIDE = "decide"
    NARROW = "narrow"
    REASSESS = "reassess"
    RENEW = "renew"
    REVOKE = "revoke"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is: what somebody may do, and the ids of those who decide next. Stewards always do, too."""

    may: tuple[AccessStep, ...] = ()
    deciders: tuple[str, ...] = ()
