"""`/sql`: one question through the read door, in the form that the request accepts."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.errors import with_owner
from ghala.delivery.http.forms import MEDIA_TYPES, SUFFIXES, accepted_form
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.shapes import PAGE_ROWS, Page, Question
from ghala.delivery.http.spool import Spool, answered
from ghala.delivery.http.sync import call
from ghala.errors import DeniedError
from ghala.query.forms import Form

router = APIRouter(tags=["sql"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FORMS = {name: _BINARY for name, form in MEDIA_TYPES.items() if form is not Form.JSON}


@router.post(
    "/sql",
    response_model=Page,
    responses={200: {"content": _FORMS, "description": "The whole answer."}},
)
async def ask(
    question: Question, asker: WhoAsks, request: Request, parts: GivenParts
) -> StreamingResponse:
    """Ask one question in SQL: one SELECT over released datasets, as the asker may see them.

    The answer comes whole or not at all: more rows than the limit are an error. `Accept` chooses its form.
    """
    media_type, form = accepted_form(request.headers.get("accept"))
    limit = question.limit
    try:
        spool = await call(
            parts.questions,
            answered,
            parts.asking,
            question.sql,
            asker.principal,
            environment=question.environment,
            row_limit=PAGE_ROWS if limit is None and form is Form.JSON else limit,
            form=form,
            folder=parts.folder,
        )
    except DeniedError as error:
        raise with_owner(error, _owner(parts, error)) from error
    headers = {"Content-Length": str(spool.size)}
    if form in SUFFIXES:
        headers["Content-Disposition"] = f'attachment; filename="answer.{SUFFIXES[form]}"'
    sent = _sent(parts, spool)
    # Also where the client went away before it read a byte.
    closed = BackgroundTask(spool.close)
    return StreamingResponse(sent, headers=headers, media_type=media_type, background=closed)


def _owner(parts: Parts, error: DeniedError) -> str | None:
    datasets = error.evidence.get("datasets")
    first = datasets[0] if isinstance(datasets, tuple) and datasets else None
    return parts.discovery.owner(first) if first else None


async def _sent(parts: Parts, spool: Spool) -> AsyncIterator[bytes]:
    try:
        chunks = spool.chunks()
        while chunk := await call(parts.lookups, next, chunks, b""):
            yield chunk
    finally:
        spool.close()
