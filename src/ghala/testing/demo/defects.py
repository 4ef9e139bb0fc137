"""What is wrong with the silos' files, placed by rule and counted, so that nothing can go missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Defect(StrEnum):
    """What can be wrong with a record; keep sorted."""

    BAD_DATE = "bad_date"
    BROKEN_JSON = "broken_json"
    DUPLICATE = "duplicate"
    MISSING = "missing"
    NEGATIVE = "negative"
    ORPHAN = "orphan"
    RAGGED = "ragged"
    RESENT = "resent"
    TOO_PRECISE = "too_precise"
    UNKNOWN_CODE = "unknown_code"


AT_SOURCE = frozenset({Defect.BAD_DATE, Defect.BROKEN_JSON, Defect.RAGGED, Defect.TOO_PRECISE})
"""Defects for which a record never lands: it cannot be read as what its source promises."""
AT_CHECK = frozenset({Defect.DUPLICATE, Defect.MISSING, Defect.ORPHAN, Defect.UNKNOWN_CODE})
"""Defects for which a row lands, breaks a rule of its contract, and is kept out of the release."""


@dataclass(frozen=True, slots=True)
class FileTally:
    """What was written into one file: `records` after the header, and how many of them carry which defect.

    Each record carries one defect at most. Both records of a duplicated key carry `DUPLICATE`; of an
    event that was sent twice, only the second carries `RESENT`.
    """

    path: str
    records: int
    defects: Mapping[Defect, int] = field(default_factory=Counter)

    @property
    def unreadable(self) -> int:
        """How many records a strict reader must put aside.

        >>> FileTally("a.csv", 9, Counter({Defect.BAD_DATE: 2, Defect.DUPLICATE: 4})).unreadable
        2
        """
        return sum(count for defect, count in self.defects.items() if defect in AT_SOURCE)

    @property
    def unacceptable(self) -> int:
        """How many rows land but break a rule under which they are kept out."""
        return sum(count for defect, count in self.defects.items() if defect in AT_CHECK)
