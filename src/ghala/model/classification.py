"""Classifications: how far a column's values may go."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Classification(StrEnum):
    """How far a column's values may go; keep sorted. An unknown word counts as `restricted`."""

    CONFIDENTIAL = "confidential"
    INTERNAL = "internal"
    PUBLIC = "public"
    RESTRICTED = "restricted"


_STRICTNESS = (
    Classification.PUBLIC,
    Classification.INTERNAL,
    Classification.CONFIDENTIAL,
    Classification.RESTRICTED,
)


@lru_cache(maxsize=1024)
def classification_of(word: str | None) -> Classification:
    """Return what a contract's word means; None is `internal`.

    >>> [str(classification_of(word)) for word in (None, "Public", "cosmic")]
    ['internal', 'public', 'restricted']
    """
    text = (word or Classification.INTERNAL).lower()
    return Classification(text) if text in _STRICTNESS else Classification.RESTRICTED


def is_stricter(one: Classification, other: Classification) -> bool:
    """Return whether values may go less far under one classification than under another.

    >>> is_stricter(Classification.RESTRICTED, Classification.PUBLIC)
    True
    """
    return _STRICTNESS.index(one) > _STRICTNESS.index(other)


def strictest(words: Iterable[str | None]) -> Classification:
    """Return the strictest of some contracts' words; `restricted` if there is none.

    >>> [str(strictest(words)) for words in (["public", None], ["odd", "internal"], [])]
    ['internal', 'restricted', 'restricted']
    """
    found = map(classification_of, words)
    return max(found, key=_STRICTNESS.index, default=Classification.RESTRICTED)
