"""Audit entries: one line each of the audit chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class AuditTag(StrEnum):
    """What happened, `object:verb` with the verb in the past; keep sorted."""

    AGREEMENT_APPROVED = "agreement:approved"
    AGREEMENT_DENIED = "agreement:denied"
    AGREEMENT_EXPIRED = "agreement:expired"
    AGREEMENT_NARROWED = "agreement:narrowed"
    AGREEMENT_REASSESSED = "agreement:reassessed"
    AGREEMENT_RENEWED = "agreement:renewed"
    AGREEMENT_REQUESTED = "agreement:requested"
    AGREEMENT_REVOKED = "agreement:revoked"
    AGREEMENT_WITHDRAWN = "agreement:withdrawn"
    AUDIT_EXPORTED = "audit:exported"
    AUDIT_SEARCHED = "audit:searched"
    CHANNEL_TESTED = "channel:tested"
    DATASET_READ = "dataset:read"
    DATASET_READ_CUT = "dataset:read_cut"
    DATASET_READ_DENIED = "dataset:read_denied"
    DATASET_READ_FINISHED = "dataset:read_finished"
    DECLARATION_MADE = "declaration:made"
    DECLARATION_WITHDRAWN = "declaration:withdrawn"
    DELIVERY_RETRIED = "delivery:retried"
    DOMAIN_OWNED = "domain:owned"
    INCIDENT_ACKNOWLEDGED = "incident:acknowledged"
    INCIDENT_NOTED = "incident:noted"
    INCIDENT_OPENED = "incident:opened"
    INCIDENT_RESOLVED = "incident:resolved"
    INVITATION_MADE = "invitation:made"
    ORPHANS_SWEPT = "orphans:swept"
    PASSWORD_CHANGED = "password:changed"  # noqa: S105 - what happened, no secret
    POLICY_APPLIED = "policy:applied"
    PRODUCT_RATED = "product:rated"
    QUARANTINE_DISCARDED = "quarantine:discarded"
    QUARANTINE_FIXED = "quarantine:fixed"
    QUARANTINE_READ = "quarantine:read"
    QUARANTINE_RELEASED = "quarantine:released"
    QUERY_REMOVED = "query:removed"
    QUERY_SAVED = "query:saved"
    RATING_ANSWERED = "rating:answered"
    RATING_WITHDRAWN = "rating:withdrawn"
    RELEASE_PUBLISHED = "release:published"
    RELEASE_REFUSED = "release:refused"
    RELEASE_ROLLED_BACK = "release:rolled_back"
    ROLE_ASSIGNED = "role:assigned"
    ROLE_ENDED = "role:ended"
    ROLE_TAKEN = "role:taken"
    ROLE_WITHDRAWN = "role:withdrawn"
    RUN_FAILED = "run:failed"
    RUN_STARTED = "run:started"
    SESSION_BEGUN = "session:begun"
    SESSION_ENDED = "session:ended"
    SESSION_PURPOSE_CHANGED = "session:purpose_changed"
    SIGN_IN_REFUSED = "sign_in:refused"
    TEAM_CHANGED = "team:changed"
    TICKET_ANSWERED = "ticket:answered"
    TICKET_OPENED = "ticket:opened"
    TICKET_WITHDRAWN = "ticket:withdrawn"
    TOKEN_ISSUED = "token:issued"  # noqa: S105 - what happened, no secret
    TOKEN_REVOKED = "token:revoked"  # noqa: S105 - what happened, no secret
    USER_CREATED = "user:created"
    USER_DISABLED = "user:disabled"
    USER_ENABLED = "user:enabled"
    USER_LINKED = "user:linked"
    USER_UNLINKED = "user:unlinked"
    VOTE_GIVEN = "vote:given"
    VOTE_WITHDRAWN = "vote:withdrawn"
    WISH_CHANGED = "wish:changed"
    WISH_MADE = "wish:made"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which objects, and how it went; never a cell value."""

    tag: AuditTag
    principal: str
    purpose: str
    objects: tuple[str, ...]
    detail: Mapping[str, object] = field(default_factory=dict)
