"""Errors as `application/problem+json` (RFC 9457), in one shape: the only file that knows statuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from ghala import errors
from ghala.errors import DeniedError, GhalaError, StorageError, TooManyAttemptsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
_LONGEST_NAME = 80
_LISTED = 20


class RequestInvalidError(GhalaError):
    """The request is not what the endpoint takes."""

    code = "request_invalid"


class RouteUnknownError(GhalaError):
    """There is no such address."""

    code = "route_unknown"


class MethodNotAllowedError(GhalaError):
    """The address does not take this method."""

    code = "method_not_allowed"


class NotAcceptableError(GhalaError):
    """The answer does not come in any of the forms that the request accepts."""

    code = "not_acceptable"


class BodyTooLargeError(GhalaError):
    """The body of the request is larger than allowed."""

    code = "body_too_large"


class ForgedError(GhalaError):
    """The request does not prove that it comes from a page of this server."""

    code = "forged"


class HostUnknownError(GhalaError):
    """The request is for another server."""

    code = "host_unknown"


class InternalError(GhalaError):
    """A fault in Ghala itself."""

    code = "internal"


_STATUSES: Mapping[type[GhalaError], int] = {
    GhalaError: 500,
    errors.UsageError: 400,
    errors.NotFoundError: 404,
    errors.QueryRefusedError: 400,
    errors.NotSignedInError: 401,
    errors.TooManyAttemptsError: 429,
    errors.DeniedError: 403,
    errors.QueryError: 422,
    errors.BusyError: 503,
    errors.QuotaError: 429,
    errors.AlreadyRunningError: 409,
    errors.ConflictError: 409,
    errors.DefinitionError: 422,
    errors.ContractBrokenError: 409,
    errors.StorageError: 503,
    RequestInvalidError: 422,
    RouteUnknownError: 404,
    MethodNotAllowedError: 405,
    NotAcceptableError: 406,
    BodyTooLargeError: 413,
    ForgedError: 403,
    HostUnknownError: 421,
}
_OF_STATUS: Mapping[int, GhalaError] = {
    404: RouteUnknownError("there is no such address", hint="see /api/v1/openapi.json"),
    405: MethodNotAllowedError("this address does not take this method"),
    406: NotAcceptableError("the answer does not come in such a form"),
    413: BodyTooLargeError("the body is too large"),
}
"""What the framework raises by itself."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as a client sees it; `request_id` finds it in the server's log."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None
    code: str
    request_id: str
    reasons: Sequence[str] = ()


def status_of(error: GhalaError) -> int:
    """Return the status of an error: that of the nearest class above it that has one.

    >>> status_of(errors.LimitError("too many rows")), status_of(InternalError("oh"))
    (422, 500)
    """
    return next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)


def problem_of(error: GhalaError, request_id: str) -> Problem:
    """Return what a client is told of an error."""
    summary = (type(error).__doc__ or error.code).split("\n", 1)[0]
    reasons = error.evidence.get("reasons", ())
    return Problem(
        type=f"urn:ghala:problem:{error.code}",
        title=summary.rstrip("."),
        status=status_of(error),
        detail=str(error),
        hint=error.hint,
        code=error.code,
        request_id=request_id,
        reasons=[str(reason) for reason in reasons] if isinstance(reasons, (list, tuple)) else [],
    )


def response_of(
    error: GhalaError, request_id: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an error as a response."""
    problem = problem_of(error, request_id)
    fields = {name: getattr(problem, name) for name in Problem.__dataclass_fields__}
    more = dict(headers or {})
    is_conflict = isinstance(error, (errors.AlreadyRunningError, errors.ConflictError))
    is_busy = isinstance(error, errors.BusyError) and not is_conflict
    if is_busy or isinstance(error, TooManyAttemptsError):
        more["Retry-After"] = str(error.evidence.get("retry_after_s", 1))
    elif isinstance(error, errors.NotSignedInError):
        more["WWW-Authenticate"] = 'Bearer realm="ghala"'
    # ASCII alone: a name that somebody made of half a character must not break the answer about it.
    body = json.dumps(fields).encode()
    return Response(body, problem.status, more, MEDIA_TYPE)


def of_framework(error: HTTPException) -> GhalaError:
    """Return what the framework raised as an error of ours."""
    known = _OF_STATUS.get(error.status_code)
    return known or RequestInvalidError(
        "the request cannot be read", hint="see /api/v1/openapi.json"
    )


def of_validation(error: RequestValidationError) -> GhalaError:
    """Return what is wrong with a request: where and why, never what stood there, which may be a secret."""
    found = [f"{_place(one['loc'])}: {one['msg']}" for one in error.errors()[:_LISTED]]
    return RequestInvalidError(
        "the request is not what this address takes",
        hint="see /api/v1/openapi.json",
        reasons=tuple(found),
    )


def of_os(_error: OSError) -> GhalaError:
    """Return what the operating system refused, without the name of a file."""
    return StorageError("the machine refused to keep the answer until it was sent")


def with_owner(error: DeniedError, owner: str | None) -> DeniedError:
    """Return a refusal that says whom to ask."""
    how = "POST /api/v1/requests"
    hint = f"ask its owner, the team `{owner}`: {how}" if owner else "ask an administrator"
    return DeniedError(error.message, reasons=error.reasons, hint=hint)


def _place(parts: Sequence[object]) -> str:
    return ".".join(str(part)[:_LONGEST_NAME] for part in parts)
