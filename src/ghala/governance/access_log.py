"""What every change of a request or an agreement leaves: a row of its history and an entry of the audit chain."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from ghala.governance.administration import record
from ghala.model.agreement_history import AgreementEvent, HistoryEntry
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.notification import Notification, NotificationKind
from ghala.model.purpose import ADMINISTRATION
from ghala.registry import agreements, audit, outbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ghala.model.agreement import Agreement
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction

_TAGS = {
    AgreementEvent.APPROVED: AuditTag.AGREEMENT_APPROVED,
    AgreementEvent.DENIED: AuditTag.AGREEMENT_DENIED,
    AgreementEvent.NARROWED: AuditTag.AGREEMENT_NARROWED,
    AgreementEvent.REASSESSED: AuditTag.AGREEMENT_REASSESSED,
    AgreementEvent.RENEWED: AuditTag.AGREEMENT_RENEWED,
    AgreementEvent.REQUESTED: AuditTag.AGREEMENT_REQUESTED,
    AgreementEvent.REVOKED: AuditTag.AGREEMENT_REVOKED,
    AgreementEvent.WITHDRAWN: AuditTag.AGREEMENT_WITHDRAWN,
}
_TIME = "time"
"""Who ends what comes to its end by itself."""
_KINDS = {
    AgreementEvent.APPROVED: NotificationKind.AGREEMENT_APPROVED,
    AgreementEvent.DENIED: NotificationKind.AGREEMENT_DENIED,
    AgreementEvent.NARROWED: NotificationKind.AGREEMENT_NARROWED,
    AgreementEvent.RENEWED: NotificationKind.AGREEMENT_RENEWED,
    AgreementEvent.REQUESTED: NotificationKind.AGREEMENT_REQUESTED,
    AgreementEvent.REVOKED: NotificationKind.AGREEMENT_REVOKED,
}


def note(  # noqa: PLR0917 - one fact each
    connection: Transaction,
    event: AgreementEvent,
    agreement: str,
    about: tuple[DatasetName, str],
    by: Principal,
    at: datetime,
    detail: Mapping[str, object],
    *,
    decided_by: str | None = None,
) -> None:
    """Write what happened to an agreement about a dataset with a grantee, in the caller's transaction.

    `decided_by` names a policy that decided instead of `by`.
    """
    acting = decided_by or by.id
    agreements.add_event(connection, HistoryEntry(agreement, at, event, acting, detail))
    objects = [agreement, str(about[0]), about[1]]
    told = _without_values(detail) | ({"decided_by": decided_by} if decided_by else {})
    record(connection, _TAGS[event], by, objects, told)
    if event in _KINDS:
        made = _notification(event, agreement, about, acting, detail)
        outbox.add(connection, made, agreements.as_us(at))


def note_expired(connection: Transaction, agreement: Agreement, at: datetime) -> None:
    """Write that an agreement's time has passed, in the caller's transaction; nobody did it."""
    entry = HistoryEntry(agreement.id, at, AgreementEvent.EXPIRED, _TIME)
    agreements.add_event(connection, entry)
    audit.append(
        connection,
        AuditEntry(
            tag=AuditTag.AGREEMENT_EXPIRED,
            principal=_TIME,
            purpose=ADMINISTRATION.name,
            objects=(agreement.id, str(agreement.dataset), agreement.grantee),
            detail={"until": agreement.until.isoformat()},
        ),
    )


def _notification(
    event: AgreementEvent,
    agreement: str,
    about: tuple[DatasetName, str],
    acting: str,
    detail: Mapping[str, object],
) -> Notification:
    """Return what people are told: neither rows nor reasons, which may hold anything."""
    kind = _KINDS[event]
    if event is AgreementEvent.APPROVED and "since" not in detail:
        # Not in force yet: somebody decides at the next level.
        kind = NotificationKind.AGREEMENT_REQUESTED
    facts: dict[str, str | int] = {"agreement": agreement, "grantee": about[1]}
    if "until" in detail:
        facts["until"] = str(detail["until"])
    columns = detail.get("columns")
    if isinstance(columns, list):
        facts["columns"] = len(columns)
    return Notification(
        kind=kind,
        subject=agreement,
        domain=about[0].domain,
        by=acting,
        datasets=(str(about[0]),),
        facts=facts,
    )


def _without_values(detail: Mapping[str, object]) -> dict[str, object]:
    """Return a detail for the audit chain: a row predicate holds values, so its hash stands for it."""
    kept = {key: value for key, value in detail.items() if key != "rows"}
    if detail.get("rows") is not None:
        text = json.dumps(detail["rows"], sort_keys=True, ensure_ascii=False)
        kept["rows_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return kept
