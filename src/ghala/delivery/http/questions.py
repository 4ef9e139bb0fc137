"""`/questions`: long questions, which run while nobody waits, and whose answers are kept for an hour."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from ghala.delivery.http.ask import sent
from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.forms import FORMS, accepted_form
from ghala.delivery.http.question_shapes import (
    AskedQuestion,
    LongQuestion,
    QuestionFailure,
    Questions,
)
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.shapes import LONGEST_PAGE, PAGE_ROWS, Page
from ghala.delivery.http.spool import Spool, spooled_answer, spooled_page
from ghala.delivery.http.sync import call
from ghala.model.form import Form
from ghala.model.question import KeptQuestion
from ghala.query.asking import Going

router = APIRouter(prefix="/questions", tags=["sql"], route_class=RepeatableRoute)
QuestionId = Annotated[str, Path(min_length=32, max_length=32, pattern="^[0-9a-f]+$")]
PageRows = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
Start = Annotated[int, Query(ge=0, le=2**63 - 1, description="The row that a page begins with.")]


@router.post("", status_code=202)
async def begin(
    asked: LongQuestion, asker: WhoAsks, response: Response, parts: GivenParts
) -> AskedQuestion:
    """Begin a question; its state is at the address in `Location`."""
    if asked.is_noted:
        parts.asked.note(asker.principal, asked.sql, asked.environment)
    begun = await call(
        parts.lookups, parts.kept_questions.ask, asked.sql, asker.principal, asked.environment
    )
    response.headers["Location"] = f"/api/v1/questions/{begun.id}"
    return _shown(begun)


@router.get("")
async def questions(asker: WhoAsks, parts: GivenParts) -> Questions:
    """List the asker's questions, newest first."""
    found = await call(parts.lookups, parts.kept_questions.list, asker.principal)
    return Questions(questions=[_shown(one) for one in found])


@router.get("/{question}")
async def state(question: QuestionId, asker: WhoAsks, parts: GivenParts) -> AskedQuestion:
    """Say how far a question is."""
    return _shown(await call(parts.lookups, parts.kept_questions.find, question, asker.principal))


@router.get(
    "/{question}/answer",
    response_model=Page,
    responses={200: {"content": FORMS, "description": "The answer; of JSON its first page."}},
)
async def answer(
    question: QuestionId,
    asker: WhoAsks,
    request: Request,
    parts: GivenParts,
    *,
    page_rows: PageRows = PAGE_ROWS,
    start: Start = 0,
) -> Response:
    """Get the answer of a question, in the form that `Accept` chooses, while the asker may see the same.

    JSON comes in pages; `start` begins with any row, so that nobody reads a million rows to see the last ones. The
    other forms come whole.
    """
    accepted = accepted_form(request.headers.get("accept"))

    def answered(going: Going) -> Spool:
        if accepted.form is Form.JSON:
            with parts.kept_questions.rows(question, going, page_rows, start) as first:
                return spooled_page(first, parts.folder)
        with parts.kept_questions.rows(question, going) as whole:
            return spooled_answer(whole.schema, whole.batches, accepted, parts.folder)

    return await sent(answered, asker, request, parts, accepted)


@router.delete("/{question}", status_code=204, response_class=Response)
async def cancel(question: QuestionId, asker: WhoAsks, parts: GivenParts) -> None:
    """Stop a question if it still runs, and forget it and its answer."""
    await call(parts.lookups, parts.kept_questions.cancel, question, asker.principal)


def _shown(question: KeptQuestion) -> AskedQuestion:
    return AskedQuestion(
        id=question.id,
        state=question.state.value,
        environment=question.environment,
        asked_at=question.made_at,
        until=question.until,
        row_count=question.row_count,
        error=None if question.error is None else QuestionFailure.model_validate(question.error),
    )
