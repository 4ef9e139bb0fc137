"""Suggestions: what could be agreed more narrowly, or no longer, since nobody uses it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import DatasetName


class SuggestedChange(StrEnum):
    """What could be done with an agreement; keep sorted."""

    END = "end"
    NARROW = "narrow"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One change that use speaks for. `columns` are those that would stay; `last_used` is None if it never was used."""

    agreement: str
    grantee: str
    dataset: DatasetName
    change: SuggestedChange
    reads: int
    last_used: datetime | None
    columns: tuple[str, ...] = ()
    unused_columns: tuple[str, ...] = ()
