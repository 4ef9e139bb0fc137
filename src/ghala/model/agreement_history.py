"""The history of an agreement: everything that ever happened to it, and its state at any time, rebuilt from that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ghala.model.agreement import Agreement
from ghala.model.names import DatasetName
from ghala.model.predicate import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ghala.model.request import Request, Terms


class AgreementEvent(StrEnum):
    """What can happen to a request and to the agreement that it becomes; keep sorted."""

    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    """Nobody did it: it follows from the time, and is noted by whichever process sees it first."""
    NARROWED = "narrowed"
    REASSESSED = "reassessed"
    RENEWED = "renewed"
    REQUESTED = "requested"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened, when, and who did it; `detail` has what changed, ready for JSON."""

    agreement: str
    at: datetime
    event: AgreementEvent
    by: str
    detail: Mapping[str, object] = field(default_factory=dict)


def replay(entries: Iterable[HistoryEntry]) -> Agreement | None:
    """Return the agreement that a history, or the beginning of one, makes; None if there is none (yet)."""
    made: Agreement | None = None
    for entry in entries:
        match entry.event:
            case AgreementEvent.APPROVED if "since" in entry.detail:
                made = _begun(entry.detail)
            case AgreementEvent.NARROWED | AgreementEvent.REASSESSED | AgreementEvent.RENEWED:
                made = None if made is None else _changed(made, entry.detail)
            case AgreementEvent.REVOKED:
                at = _moment(entry.detail["revoked_at"])
                made = None if made is None else replace(made, revoked_at=at)
            case _:
                pass
    return made


def requested_detail(request: Request) -> dict[str, object]:
    """Return what is kept of a request in its history."""
    terms = request.terms
    return {
        "grantee": request.grantee,
        "dataset": str(terms.dataset),
        "dataset_id": request.dataset_id,
        "columns": sorted(terms.columns),
        "rows": None if terms.rows is None else to_json(terms.rows),
        "purpose": terms.purpose,
        "until": terms.until.isoformat(),
        "justification": request.justification,
        "on_behalf_of": request.on_behalf_of,
        "levels": request.levels,
    }


def terms_detail(terms: Terms) -> dict[str, object]:
    """Return what is kept of terms that who approves made narrower."""
    return {
        "columns": sorted(terms.columns),
        "rows": None if terms.rows is None else to_json(terms.rows),
        "until": terms.until.isoformat(),
    }


def begun_detail(agreement: Agreement) -> dict[str, object]:
    """Return what is kept of an agreement in its history when it begins."""
    return {
        "id": agreement.id,
        "grantee": agreement.grantee,
        "dataset": str(agreement.dataset),
        "dataset_id": agreement.dataset_id,
        "purpose": agreement.purpose,
        "since": agreement.since.isoformat(),
        **changed_detail(agreement),
    }


def changed_detail(agreement: Agreement) -> dict[str, object]:
    """Return what can change of an agreement."""
    reassess_at = agreement.reassess_at
    return {
        "columns": sorted(agreement.columns),
        "rows": None if agreement.rows is None else to_json(agreement.rows),
        "until": agreement.until.isoformat(),
        "reassess_at": None if reassess_at is None else reassess_at.isoformat(),
    }


def _begun(detail: Mapping[str, object]) -> Agreement:
    first = Agreement(
        id=str(detail["id"]),
        grantee=str(detail["grantee"]),
        dataset=DatasetName.parse(str(detail["dataset"])),
        columns=frozenset(),
        purpose=str(detail["purpose"]),
        since=_moment(detail["since"]),
        until=_moment(detail["until"]),
        dataset_id=str(detail["dataset_id"]),
    )
    return _changed(first, detail)


def _changed(agreement: Agreement, detail: Mapping[str, object]) -> Agreement:
    columns, rows, reassess_at = detail["columns"], detail["rows"], detail["reassess_at"]
    return replace(
        agreement,
        columns=frozenset(map(str, columns if isinstance(columns, list) else ())),
        rows=None if rows is None else from_json(rows),
        until=_moment(detail["until"]),
        reassess_at=None if reassess_at is None else _moment(reassess_at),
    )


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
