"""The app, put together: routes, the error shape around them, and what holds for every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ghala.delivery.http import (
    agreements,
    ask,
    audit,
    catalog,
    compared,
    demand,
    domains,
    events,
    glossary,
    health,
    home,
    incidents,
    levels,
    lineage,
    lists,
    metrics,
    notifications,
    outside,
    own,
    policies,
    profiles,
    quarantine,
    queries,
    questions,
    ratings,
    requests,
    roadmaps,
    rollbacks,
    runs,
    search,
    server,
    session,
    tags,
    teams,
    tickets,
    usage,
    users,
    wishes,
)
from ghala.delivery.http.errors import of_framework, of_os, of_validation, response_of
from ghala.delivery.http.meters import Measured
from ghala.delivery.http.open_requests import OpenRequests
from ghala.delivery.http.openapi import description
from ghala.delivery.http.outer import Outer
from ghala.delivery.http.portal import Portal, bundle
from ghala.errors import GhalaError

if TYPE_CHECKING:
    from starlette.responses import Response

    from ghala.delivery.http.parts import Parts

PREFIX = "/api/v1"
_PARTS = (
    health,
    session,
    ask,
    questions,
    queries,
    lists,
    profiles,
    compared,
    lineage,
    tags,
    audit,
    search,
    glossary,
    demand,
    wishes,
    usage,
    ratings,
    roadmaps,
    tickets,
    metrics,
    own,
    outside,
    teams,
    users,
    policies,
    requests,
    agreements,
    runs,
    levels,
    incidents,
    rollbacks,
    quarantine,
    notifications,
    events,
    catalog,
    domains,
    home,
    server,
)


def routed_app() -> FastAPI:
    """Return the app with its routes alone: enough to be described, not to answer."""
    app = FastAPI(
        title="Ghala",
        openapi_url=f"{PREFIX}/openapi.json",
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for part in _PARTS:
        app.include_router(part.router, prefix=PREFIX)
    kept: dict[str, Any] = {}

    def describe() -> dict[str, Any]:
        if not kept:
            kept.update(description(app, PREFIX))
        return kept

    app.openapi = describe  # type: ignore[method-assign]  # as the framework's own pages say
    return app


def make_app(parts: Parts) -> FastAPI:
    """Return the app that answers with some parts."""
    app = routed_app()
    app.state.parts = parts
    app.add_exception_handler(GhalaError, _answer_error)
    app.add_exception_handler(OSError, _answer_error)
    app.add_exception_handler(HTTPException, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_error)
    app.add_middleware(Portal, bundle=bundle())
    app.add_middleware(
        Outer,
        origin=parts.origin,
        body_bytes=parts.body_bytes,
        open_requests=OpenRequests(parts.open_requests),
    )
    app.add_middleware(Measured, meters=parts.meters)
    return app


async def _answer_error(request: Request, error: Exception) -> Response:
    request_id = request.state.request_id
    if isinstance(error, HTTPException):
        return response_of(of_framework(error), request_id, error.headers)
    if isinstance(error, RequestValidationError):
        return response_of(of_validation(error), request_id)
    if isinstance(error, GhalaError):
        return response_of(error, request_id)
    if isinstance(error, OSError):
        return response_of(of_os(error), request_id)
    raise error
