"""Terms: what the organisation's words mean, and which data they speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghala.errors import Place


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the organisation's glossary; `links` are `domain.dataset` or `domain.dataset.column`."""

    name: str
    meaning: str
    synonyms: tuple[str, ...] = ()
    owner: str = ""
    links: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)
