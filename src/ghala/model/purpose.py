"""Purposes: what data may be used for. Every session and token states one of a closed list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LegalBasis(StrEnum):
    """Why personal data may be processed, in the words of the GDPR's article 6; keep sorted."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTERESTS = "legitimate_interests"
    NOT_PERSONAL = "not_personal"
    """The purpose needs no personal data."""
    PUBLIC_TASK = "public_task"
    VITAL_INTERESTS = "vital_interests"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose; results that were made for it are kept `retention_days` at most."""

    name: str
    legal_basis: LegalBasis
    retention_days: int
    description: str


ADMINISTRATION = Purpose(
    "administration",
    LegalBasis.LEGITIMATE_INTERESTS,
    365,
    "Keeping the workspace itself in order: users, policies, runs.",
)
"""Always on the list, since the workspace's owner works under it."""

PRODUCTION = Purpose(
    "production",
    LegalBasis.LEGITIMATE_INTERESTS,
    365,
    "Making data products from those of others, in the runs of their pipelines.",
)
"""Always on the list, since products read under it; a workspace may say more of it in its own file."""

BUILT_IN = (
    ADMINISTRATION,
    PRODUCTION,
    Purpose(
        "analytics",
        LegalBasis.LEGITIMATE_INTERESTS,
        365,
        "Answering questions about the business; no decisions about single people.",
    ),
    Purpose(
        "operations",
        LegalBasis.CONTRACT,
        90,
        "Running the business day by day: orders, deliveries, support.",
    ),
    Purpose(
        "reporting",
        LegalBasis.LEGAL_OBLIGATION,
        3650,
        "Reports that the law or an auditor asks for.",
    ),
)
"""The purposes of a workspace that has no `policies/purposes.yaml`."""
