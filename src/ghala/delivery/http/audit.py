"""`/audit`: what was recorded, for those who have taken the role of an auditor or administrator."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.audit_shapes import (
    AskedExport,
    AskedPage,
    AuditAnchor,
    AuditPage,
    AuditVerificationFacts,
    next_of,
)
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.spool import Spool
from ghala.delivery.http.sync import call
from ghala.governance.audit_trail import AuditTrail
from ghala.model.audit_record import AuditFilter
from ghala.model.plain import plain
from ghala.model.principal import Principal

router = APIRouter(tags=["audit"])
NDJSON = "application/x-ndjson"


@router.get("/audit")
async def search(asker: WhoAsks, parts: GivenParts, asked: AskedPage) -> AuditPage:
    """Find entries, newest first. Looking is recorded too."""
    found = await call(
        parts.lookups,
        parts.audit.search,
        asked.wanted(asked.after),
        asked.limit,
        by=asker.principal,
    )
    entries = [plain(one) for one in found]
    return AuditPage.model_validate({"entries": entries, "next": next_of(found, asked.limit)})


@router.get("/audit/verification")
async def verification(asker: WhoAsks, parts: GivenParts) -> AuditVerificationFacts:
    """Check every entry of every chain, and the signed checkpoints."""
    found = await call(parts.questions, parts.audit.verify, by=asker.principal)
    return AuditVerificationFacts.model_validate(plain(found))


@router.get("/audit/anchor")
async def anchor(asker: WhoAsks, parts: GivenParts) -> AuditAnchor:
    """Sign the last entry of each chain; what is kept of it elsewhere shows whether any of them is changed later."""
    text = await call(parts.lookups, parts.audit.anchor, by=asker.principal)
    return AuditAnchor.model_validate(json.loads(text))


@router.get(
    "/audit/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {NDJSON: {"schema": {"type": "string", "format": "binary"}}},
            "description": "Entries as JSON, one a line, oldest first.",
        }
    },
)
async def export(asker: WhoAsks, parts: GivenParts, asked: AskedExport) -> StreamingResponse:
    """Export entries for other programs, oldest first."""
    spool = await call(
        parts.questions,
        _exported,
        parts.audit,
        asked.wanted(),
        asked.format,
        asker.principal,
        parts.folder,
    )
    headers = {
        "Content-Length": str(spool.size),
        "Content-Disposition": 'attachment; filename="audit.jsonl"',
    }
    # Also where the client went away before it read a byte.
    closed = BackgroundTask(spool.close)
    sent = _sent(parts, spool)
    return StreamingResponse(sent, headers=headers, media_type=NDJSON, background=closed)


def _exported(
    trail: AuditTrail, wanted: AuditFilter, form: str, by: Principal, folder: Path
) -> Spool:
    spool = Spool(folder)
    try:
        for line in trail.lines(wanted, form, by=by):
            spool.write(f"{line}\n".encode())
    except BaseException:
        spool.close()
        raise
    return spool


async def _sent(parts: Parts, spool: Spool) -> AsyncIterator[bytes]:
    try:
        chunks = spool.chunks()
        while chunk := await call(parts.lookups, next, chunks, b""):
            yield chunk
    finally:
        spool.close()
