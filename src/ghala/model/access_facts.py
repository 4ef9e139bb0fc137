"""Requests, agreements and their histories as plain values, as `--json` and the HTTP API have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ghala.model.plain import plain
from ghala.model.predicate import to_json

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.agreement import Agreement
    from ghala.model.agreement_history import HistoryEntry
    from ghala.model.request import Request

Facts = dict[str, Any]
"""Plain values, ready for JSON."""


def request_facts(request: Request) -> Facts:
    """Return a request with its decisions."""
    terms = request.terms
    return {
        "id": request.id,
        "state": request.state.value,
        "grantee": request.grantee,
        "dataset": str(terms.dataset),
        "columns": sorted(terms.columns),
        "rows": None if terms.rows is None else to_json(terms.rows),
        "purpose": terms.purpose,
        "until": plain(terms.until),
        "justification": request.justification,
        "requested_by": request.requested_by,
        "on_behalf_of": request.on_behalf_of,
        "requested_at": plain(request.requested_at),
        "levels": request.levels,
        "decisions": plain(request.decisions),
    }


def agreement_facts(agreement: Agreement, now: datetime) -> Facts:
    """Return an agreement as it stands at a moment."""
    rows = agreement.rows
    return {
        "id": agreement.id,
        "state": agreement.state(now).value,
        "grantee": agreement.grantee,
        "dataset": str(agreement.dataset),
        "columns": sorted(agreement.columns),
        "rows": None if rows is None else to_json(rows),
        "purpose": agreement.purpose,
        "since": plain(agreement.since),
        "until": plain(agreement.until),
        "reassess_at": plain(agreement.reassess_at),
        "revoked_at": plain(agreement.revoked_at),
    }


def history_facts(entry: HistoryEntry) -> Facts:
    """Return one thing that happened."""
    return {
        "at": plain(entry.at),
        "event": entry.event.value,
        "by": entry.by,
        "detail": plain(entry.detail),
    }
