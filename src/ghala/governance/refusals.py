"""What is not asked for again, and not decided again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import ConflictError
from ghala.model.request import RequestState

if TYPE_CHECKING:
    from collections.abc import Collection

    from ghala.model.agreement import Agreement
    from ghala.model.request import Request

MOST_OPEN = 100
"""Requests that somebody may have open at once."""


def refuse_again(known: Collection[Request], request: Request) -> None:
    """Let a request pass that is not open already; `known` are the open ones of whoever asks.

    Raises:
        ConflictError: it is, or too many are.
    """
    same = (request.grantee, request.dataset_id, request.terms.purpose)
    for one in known:
        is_same = (one.grantee, one.dataset_id, one.terms.purpose) == same
        if is_same and (one.terms.columns, one.terms.rows) == (
            request.terms.columns,
            request.terms.rows,
        ):
            raise ConflictError(
                f"the same is asked for already: {one.id}",
                hint=f"withdraw it first, or wait for {one.terms.dataset.domain}'s owner",
            )
    if len(known) >= MOST_OPEN:
        raise ConflictError(
            f"{MOST_OPEN} requests wait for a decision already", hint="withdraw some"
        )


def refuse_given(agreed: Collection[Agreement], request: Request) -> None:
    """Let a request pass that asks for more than was agreed with the grantee.

    Raises:
        ConflictError: it does not.
    """
    terms = request.terms
    for one in agreed:
        is_given = terms.columns <= one.columns and one.rows in {None, terms.rows}
        if is_given and terms.until <= one.until:
            raise ConflictError(
                f"the same is agreed already: {one.id}",
                hint="ask for what it does not give, or for longer",
            )


def refuse_closed(request: Request) -> None:
    """Let a request pass that is open.

    Raises:
        ConflictError: it is decided or withdrawn.
    """
    if request.state is not RequestState.REQUESTED:
        raise ConflictError(
            f"the request `{request.id}` is {request.state} already", hint="make a new one"
        )
