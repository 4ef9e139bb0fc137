"""One record of a file, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghala.ingest.reason import Reason


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in its file.

    `number` counts from 1 without header and skipped blank lines; `byte_offset` counts from 0, `line` (the physical
    line on which it begins) from 1; `raw` has its bytes without the line end.
    """

    number: int
    byte_offset: int
    line: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """One record that cannot become a row, and why. The message never has a cell value."""

    record: Record
    reason: Reason
    message: str
    column: str | None = None
