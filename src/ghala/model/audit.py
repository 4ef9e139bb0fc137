"""Audit entries: one line each of the audit chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class AuditTag(StrEnum):
    """What happened, `object:verb` with the verb in the past; keep sorted."""

    DATASET_READ = "dataset:read"
    DATASET_READ_DENIED = "dataset:read_denied"
    DATASET_READ_FINISHED = "dataset:read_finished"
    ORPHANS_SWEPT = "orphans:swept"
    RELEASE_PUBLISHED = "release:published"
    RELEASE_REFUSED = "release:refused"
    RUN_FAILED = "run:failed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which objects, and how it went; never a cell value."""

    tag: AuditTag
    principal: str
    purpose: str
    objects: tuple[str, ...]
    detail: Mapping[str, object] = field(default_factory=dict)
