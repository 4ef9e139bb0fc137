"""Audit entries as they are read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PastEntry:
    """One entry of the audit chains; `at_us` is in microseconds since 1970, UTC."""

    at_us: int
    tag: str
    principal: str
    purpose: str
    objects: tuple[str, ...]
    detail: Mapping[str, object]
