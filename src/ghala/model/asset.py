"""Assets: everything that a search can find, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class AssetKind(StrEnum):
    """What can be found; keep sorted."""

    COLUMN = "column"
    DATASET = "dataset"
    OWNER = "owner"
    PRODUCT = "product"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing that can be found.

    `name` is the whole name, `label` the part of it that people look for; `context` has further words by which it is
    known: its domain, its dataset, its synonyms.
    """

    kind: AssetKind
    name: str
    label: str
    domain: str = ""
    owner: str = ""
    title: str = ""
    context: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; `is_match` where a searched word stands."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An asset that was found. `highlights` has the texts of the fields in which a searched word stands, in parts.

    `links` are the datasets and columns of a term, as far as the principal may know them.
    """

    kind: AssetKind
    name: str
    title: str
    domain: str
    owner: str
    description: str
    tags: tuple[str, ...]
    highlights: Mapping[str, tuple[Part, ...]]
    links: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """Words that somebody looked for in vain; `domain` is the one that they looked in, empty for all."""

    words: str
    domain: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Denial:
    """How often reading a dataset was denied."""

    dataset: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said with their stars; not who."""

    stars: int
    text: str


@dataclass(frozen=True, slots=True)
class Rated:
    """What people think of a product: the mean of 1 to 5 stars, and their comments, newest first."""

    product: str
    count: int
    stars: float
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people wish for: what they did not find, what they were denied, and how good they find what there is."""

    misses: tuple[Miss, ...] = ()
    denials: tuple[Denial, ...] = ()
    ratings: tuple[Rated, ...] = ()
