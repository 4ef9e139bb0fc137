"""Terms: what the organisation's words mean, and which data they speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghala.errors import Place
    from ghala.model.policy import Clearance


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the organisation's glossary; `links` are `domain.dataset` or `domain.dataset.column`.

    `related` are names of other terms.
    """

    name: str
    meaning: str
    synonyms: tuple[str, ...] = ()
    owner: str = ""
    links: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TermLink:
    """A dataset or column that a term speaks of; `column` and `type` are None for a dataset."""

    name: str
    dataset: str
    column: str | None
    type: str | None
    description: str


@dataclass(frozen=True, slots=True)
class TermExample:
    """A few values of a linked column, as whoever looks sees them: masked where it is masked for them."""

    dataset: str
    column: str
    clearance: Clearance
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenTerm:
    """A term as somebody sees it: with the links that exist for them. `related` goes both ways."""

    name: str
    meaning: str
    synonyms: tuple[str, ...]
    related: tuple[str, ...]
    owner: str
    links: tuple[TermLink, ...]
    example: TermExample | None
