"""`/sql`: one question through the read door, in the form that the request accepts; JSON comes in pages."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from ghala.delivery.http.asker import Asker, GivenParts, WhoAsks
from ghala.delivery.http.forms import FORMS, SUFFIXES, Accepted, accepted_form
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.refused import naming_owner
from ghala.delivery.http.sent import SentAnswer, attended
from ghala.delivery.http.shapes import Page, Question
from ghala.delivery.http.spool import Spool, spooled_answer, spooled_page
from ghala.delivery.http.sync import call
from ghala.errors import DeniedError
from ghala.model.form import Form
from ghala.query.asking import Going

router = APIRouter(tags=["sql"])
Cursor = Annotated[str, Path(min_length=1, max_length=200)]


@router.post(
    "/sql",
    response_model=Page,
    responses={200: {"content": FORMS, "description": "The answer; of JSON its first page."}},
)
async def ask(question: Question, asker: WhoAsks, request: Request, parts: GivenParts) -> Response:
    """Ask one question in SQL: one SELECT over released datasets, as the asker may see them.

    `Accept` chooses the form. JSON comes in pages of `page_rows` rows: `next` leads to the following one. The other
    forms come whole. More rows than `limit` are an error, never a part of them. Who goes away ends the question.
    """
    accepted = accepted_form(request.headers.get("accept"))
    if question.is_noted:
        parts.asked.note(asker.principal, question.sql, question.environment)
    return await sent(answering(question, parts, accepted), asker, request, parts, accepted)


@router.get("/sql/pages/{cursor}", response_model=Page)
async def page(cursor: Cursor, asker: WhoAsks, request: Request, parts: GivenParts) -> Response:
    """Get a further page of an answer: for a quarter of an hour, for who asked it, while they may see the same."""

    def answered(going: Going) -> Spool:
        with parts.kept_questions.next_page(cursor, going) as page:
            return spooled_page(page, parts.folder)

    return await sent(answered, asker, request, parts, Accepted("application/json", Form.JSON))


def answering(question: Question, parts: Parts, accepted: Accepted) -> Callable[[Going], Spool]:
    """Return what answers a question in the form that is accepted."""

    def answered(going: Going) -> Spool:
        if accepted.form is Form.JSON:
            with parts.kept_questions.first_page(
                question.sql,
                going,
                question.page_rows,
                environment=question.environment,
                row_limit=question.limit,
            ) as page:
                return spooled_page(page, parts.folder)
        with parts.asking.answer(
            question.sql, going, environment=question.environment, row_limit=question.limit
        ) as answer:
            return spooled_answer(answer.schema, answer.batches(), accepted, parts.folder)

    return answered


async def sent(
    answered: Callable[[Going], Spool],
    asker: Asker,
    request: Request,
    parts: Parts,
    accepted: Accepted,
) -> Response:
    """Answer in a thread, and return what sends it; the asker's rights are watched until the last byte."""
    held = ExitStack()
    try:
        going = held.enter_context(parts.asking.going(asker.principal))
        async with attended(request, going):
            spool = await call(parts.questions, answered, going)
        held.callback(spool.close)
    except DeniedError as error:
        held.close()
        raise naming_owner(error, parts) from error
    except BaseException:
        held.close()
        raise
    headers = {}
    if accepted.form in SUFFIXES:
        headers["Content-Disposition"] = f'attachment; filename="answer.{SUFFIXES[accepted.form]}"'
    return SentAnswer(
        spool,
        going,
        held,
        parts.lookups,
        headers=headers,
        media_type=accepted.media_type,
        on_cut=lambda count: parts.asking.cut(going, count),
    )
