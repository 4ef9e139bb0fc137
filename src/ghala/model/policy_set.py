"""Sets of policies that are or were in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class AppliedSet:
    """One time that a set of policies was put in force; `number` counts from 1, the greatest is in force.

    `version` names the bytes: a set that was put in force again has the version of the first time.
    """

    number: int
    version: str
    applied_at: datetime
    applied_by: str
