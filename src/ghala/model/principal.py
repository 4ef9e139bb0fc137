"""Principals: who asks, and for what purpose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PrincipalKind(StrEnum):
    """What a principal is; keep sorted."""

    AGENT = "agent"
    OWNER = "owner"
    PRODUCT = "product"
    SERVICE = "service"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, always with a declared purpose."""

    id: str
    kind: PrincipalKind
    purpose: str


OWNER_LOCAL = Principal("owner:local", PrincipalKind.OWNER, "administration")
"""Whoever can read the workspace's files is its owner; local use is recorded under this name."""
