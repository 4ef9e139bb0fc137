"""What a server refuses, as the errors that a local workspace raises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ghala import errors
from ghala.errors import DeniedError, GhalaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROBLEM_TYPE = "application/problem+json"
_LONGEST = 2_000

Facts = dict[str, Any]
"""Plain values, as the server's JSON has them."""


class ServerError(GhalaError):
    """The server failed, or what answered is no Ghala server."""

    code = "server"


class UnreachableError(GhalaError):
    """The server cannot be reached, did not answer in time, or its certificate is not trusted."""

    code = "unreachable"


def mapping(value: object) -> Facts:
    """Return a JSON object.

    Raises:
        ServerError: it is none.
    """
    if not isinstance(value, dict):
        raise ServerError("the server answered something else than was asked for")
    return value


def listed(value: object, key: str) -> list[Facts]:
    """Return the list that stands in a JSON object.

    Raises:
        ServerError: it has none.
    """
    found = mapping(value).get(key)
    if not isinstance(found, list):
        raise ServerError("the server answered something else than was asked for")
    return found


def error_of(status: int, media_type: str, body: bytes) -> GhalaError:
    """Return a refusal as an error: the class of its code, with the server's words.

    >>> raised = error_of(404, PROBLEM_TYPE, b'{"code": "not_found", "detail": "there is no dataset `a.b`"}')
    >>> type(raised).__name__, raised.message
    ('NotFoundError', 'there is no dataset `a.b`')
    >>> error_of(302, "text/html", b"<html>").code
    'server'
    """
    problem = _problem(body) if media_type == PROBLEM_TYPE else None
    if problem is None:
        return ServerError(
            f"the server answered with status {status}, not as Ghala does",
            hint="check the address: it is what `ghala up` prints",
        )
    code = _text(problem, "code")
    detail = _text(problem, "detail") or f"the server answered with status {status}"
    hint = _text(problem, "hint") or None
    reasons = problem.get("reasons")
    told = [str(one)[:_LONGEST] for one in reasons] if isinstance(reasons, list) else []
    kind = _kinds().get(code)
    if kind is DeniedError or code == "forged":
        return DeniedError(
            detail, reasons=told, hint=hint, code=code, request_id=_text(problem, "request_id")
        )
    if kind is None:
        # The server's own words for a request that it does not take, or of a newer server.
        kind = ServerError if status >= 500 else errors.UsageError  # noqa: PLR2004 - of the server's making
    return kind(
        detail,
        hint=hint,
        reasons=tuple(told),
        code=code,
        status=status,
        request_id=_text(problem, "request_id"),
    )


def _kinds() -> dict[str, type[GhalaError]]:
    return {kind.code: kind for kind in _below(GhalaError) if kind.__module__ == errors.__name__}


def _below(kind: type[GhalaError]) -> Iterator[type[GhalaError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _problem(body: bytes) -> Mapping[str, object] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _text(problem: Mapping[str, object], key: str) -> str:
    value = problem.get(key)
    return value[:_LONGEST] if isinstance(value, str) else ""
