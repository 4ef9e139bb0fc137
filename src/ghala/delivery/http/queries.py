"""`/queries` and `/me/statements`: questions that people keep, and what one asked lately."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from ghala.delivery.http.ask import answering, sent
from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.forms import FORMS, accepted_form
from ghala.delivery.http.query_shapes import (
    ListedQueries,
    NewQuery,
    QueryList,
    QueryShape,
    RunQuery,
    StatementList,
    StatementShape,
)
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.shapes import Page, Question
from ghala.delivery.http.sync import call
from ghala.query.asked import KEPT

router = APIRouter(tags=["queries"], route_class=RepeatableRoute)
running = APIRouter(tags=["queries"])
"""Its answers are too large to be kept for a repeated request."""
QueryId = Annotated[str, Path(min_length=12, max_length=12, pattern="^[0-9A-Za-z]+$")]


@router.post("/queries", status_code=201)
async def save(asked: NewQuery, asker: WhoAsks, parts: GivenParts) -> QueryShape:
    """Keep a question under a name that none of one's other queries has."""
    saved = await call(parts.lookups, parts.saved.save, by=asker.principal, **dict(asked))
    return QueryShape.model_validate(saved)


@router.get("/queries")
async def queries(
    asker: WhoAsks, parts: GivenParts, asked: Annotated[ListedQueries, Query()]
) -> QueryList:
    """List one's own queries, and the shared ones of others that read nothing which one may not read."""
    find = parts.saved.queries
    found = await call(parts.lookups, find, by=asker.principal, **dict(asked))
    return QueryList(queries=[QueryShape.model_validate(one) for one in found])


@router.get("/queries/{query_id}")
async def query(query_id: QueryId, asker: WhoAsks, parts: GivenParts) -> QueryShape:
    """Show one query."""
    found = await call(parts.lookups, parts.saved.find, query_id, by=asker.principal)
    return QueryShape.model_validate(found)


@router.put("/queries/{query_id}")
async def change(
    query_id: QueryId, asked: NewQuery, asker: WhoAsks, parts: GivenParts
) -> QueryShape:
    """Change a query of one's own, all of it."""
    verb = parts.saved.save
    saved = await call(parts.lookups, verb, by=asker.principal, query_id=query_id, **dict(asked))
    return QueryShape.model_validate(saved)


@router.delete("/queries/{query_id}", status_code=204, response_class=Response)
async def remove(query_id: QueryId, asker: WhoAsks, parts: GivenParts) -> None:
    """Forget a query of one's own."""
    await call(parts.lookups, parts.saved.remove, query_id, by=asker.principal)


@running.post(
    "/queries/{query_id}/answer",
    response_model=Page,
    responses={200: {"content": FORMS, "description": "The answer; of JSON its first page."}},
)
async def run(
    query_id: QueryId, asked: RunQuery, asker: WhoAsks, request: Request, parts: GivenParts
) -> Response:
    """Ask a saved query, as oneself: decided and recorded like `POST /sql`, in the form that `Accept` chooses."""
    accepted = accepted_form(request.headers.get("accept"))
    found = await call(parts.lookups, parts.saved.begin, query_id, by=asker.principal)
    question = Question(
        sql=found.sql,
        environment=found.environment,
        limit=asked.limit,
        page_rows=asked.page_rows,
    )
    parts.asked.note(asker.principal, question.sql, question.environment)
    return await sent(answering(question, parts, accepted), asker, request, parts, accepted)


@router.get("/me/statements")
async def statements(
    asker: WhoAsks, parts: GivenParts, limit: Annotated[int, Query(ge=1, le=KEPT)] = 50
) -> StatementList:
    """List what one asked lately, newest first; nobody sees what others asked."""
    find = parts.asked.statements
    found = await call(parts.lookups, find, by=asker.principal, limit=limit)
    return StatementList(statements=[StatementShape.model_validate(one) for one in found])


@router.delete("/me/statements", status_code=204, response_class=Response)
async def forget(asker: WhoAsks, parts: GivenParts) -> None:
    """Forget what one asked; the audit has it, without the text."""
    await call(parts.lookups, parts.asked.forget, by=asker.principal)


router.include_router(running)
