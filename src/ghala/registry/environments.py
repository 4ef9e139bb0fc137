"""Environments: where releases go. One is there as soon as something ran in it; `prod` always is."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqlalchemy import select, union

from ghala.errors import NotFoundError
from ghala.model.release import PROD
from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from ghala.registry.registry import Registry


@contextmanager
def read(registry: Registry, environment: str) -> Iterator[Connection]:
    """Open a transaction that reads about an environment.

    Raises:
        NotFoundError: there is none of that name.
    """
    with registry.read() as connection:
        require(connection, environment)
        yield connection


def require(connection: Connection, environment: str) -> None:
    """Let an environment pass in which something ran or was released.

    What an environment lacks is read from prod: without this, a mistyped one would answer from there.

    Raises:
        NotFoundError: there is none of that name.
    """
    if environment == PROD:
        return
    query = union(*(select(table.c.environment) for table in (tables.runs, tables.releases)))
    known = {PROD, *connection.execute(query).scalars()}
    if environment in known:
        return
    close = get_close_matches(environment, sorted(known), 1)
    hint = (
        f"did you mean `{close[0]}`?"
        if close
        else f"there is {', '.join(f'`{name}`' for name in sorted(known))}; "
        "`ghala run --environment NAME` makes another"
    )
    raise NotFoundError(f"there is no environment `{environment[:80]}`", hint=hint)
