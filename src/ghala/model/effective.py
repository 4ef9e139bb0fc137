"""Effective settings: what each is in a running program, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SettingSource(StrEnum):
    """Where a setting comes from; keep sorted."""

    DEFAULT = "default"
    ENVIRONMENT = "environment"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """One setting: `key` as in `ghala.yaml`, and the variable that overrides it, "" if none does.

    A secret is `***`; what is not set is None.
    """

    key: str
    variable: str
    value: str | float | None
    source: SettingSource
    meaning: str


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What runs here, with which settings, and how much room there is for what it stores."""

    workspace: str
    versions: tuple[tuple[str, str], ...]
    storage: str
    free_bytes: int
    total_bytes: int
    settings: tuple[EffectiveSetting, ...]
