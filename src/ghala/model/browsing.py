"""Browsing the catalog: what it is narrowed to, in which order it comes, and what there is of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Facet(StrEnum):
    """By what products are told apart; keep sorted."""

    ACCESS = "access"
    DOMAIN = "domain"
    OWNER = "owner"
    PERSONAL = "personal"
    RELEASED = "released"
    STATUS = "status"
    TAG = "tag"
    TRUST = "trust"


class Freshness(StrEnum):
    """How long ago the last release was; keep sorted."""

    DAY = "day"
    MONTH = "month"
    NEVER = "never"
    OLDER = "older"
    WEEK = "week"


class Order(StrEnum):
    """In which order products come; keep sorted."""

    FIT = "fit"
    """The best fit for the words that were looked for; by title where there are none."""
    NAME = "name"
    NEWEST = "newest"
    POPULAR = "popular"
    RATED = "rated"


class Trust(StrEnum):
    """Whether a product kept its contract when its rows were checked last; keep sorted."""

    BROKEN = "broken"
    KEPT = "kept"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Browse:
    """What is asked of the catalog: words, for each facet the values of which one has to fit, and an order."""

    text: str = ""
    chosen: Mapping[Facet, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    order: Order = Order.FIT
    is_typing: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: how many products would be left with it, and whether it is chosen."""

    value: str
    count: int
    is_chosen: bool
