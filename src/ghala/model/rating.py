"""Ratings: how good those who read a product find it, and what its owner replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeptRating:
    """What somebody said of a product; `rated_at` is None before it is kept, `reply` empty while nobody replied."""

    id: str
    account: str
    stars: int
    comment: str
    rated_at: datetime | None = None
    reply: str = ""
    replied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GivenRating:
    """What somebody said of a product, as others see it: not who, but to themselves."""

    id: str
    stars: int
    comment: str
    rated_at: datetime | None
    reply: str
    replied_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ProductRatings:
    """How a product is rated: `given` has how often 1, 2, … stars were given, `stars` is their mean, None without any.

    `may_rate` and `may_reply` say what whoever looks may do.
    """

    product: str
    count: int
    stars: float | None
    given: tuple[int, ...]
    may_rate: bool
    may_reply: bool
    ratings: tuple[GivenRating, ...]
