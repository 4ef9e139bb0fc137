"""How somebody comes to data: by a policy, by an agreement, by asking, or not at all."""

from __future__ import annotations

from enum import StrEnum


class Opening(StrEnum):
    """Whether somebody who may discover a dataset may read rows of it; keep sorted."""

    AGREED = "agreed"
    """An agreement lets them."""
    CLOSED = "closed"
    """A policy forbids it, or the token that they have does."""
    ON_REQUEST = "on_request"
    """Nothing lets them, and they may ask."""
    OPEN = "open"
    """A policy lets them, without anybody having to ask."""
