"""Questions that outlive their request, and what principals took in a day. Times are microseconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, func, insert, select, update

from ghala.model.question import KeptQuestion, QuestionState
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

_OPEN = (QuestionState.RUNNING.value, QuestionState.WAITING.value)
_FINISHED = QuestionState.FINISHED.value
_IS_WHOLE = (tables.questions.c.state != _FINISHED) | tables.questions.c.rows.is_not(None)
"""An answer in pages is added before it is written: until it is whole nobody finds it."""


def add(connection: Connection, question: KeptQuestion, now_us: int, until_us: int) -> None:
    """Add a question."""
    connection.execute(
        insert(tables.questions).values(
            id=question.id,
            principal=question.principal,
            purpose=question.purpose,
            environment=question.environment,
            statement_sha256=question.statement_sha256,
            server=question.server,
            state=question.state.value,
            releases=_releases(question),
            decided_sha256=question.decided_sha256,
            rows=question.row_count,
            bytes=question.byte_count,
            made_at=now_us,
            seen_at=now_us,
            until=until_us,
        )
    )


def find(connection: Connection, which: str, now_us: int, lost_us: int) -> KeptQuestion | None:
    """Return a question; None if there is none, or its time is over.

    One that nobody has worked on since `lost_us` shows as interrupted.
    """
    table = tables.questions
    query = select(table).where((table.c.id == which) & (table.c.until > now_us) & _IS_WHOLE)
    row = connection.execute(query).mappings().first()
    return None if row is None else _question(row, lost_us)


def of_principal(
    connection: Connection, principal: str, now_us: int, lost_us: int
) -> tuple[KeptQuestion, ...]:
    """Return the questions of a principal whose time is not over, newest first."""
    table = tables.questions
    mine = (table.c.principal == principal) & (table.c.until > now_us) & _IS_WHOLE
    rows = connection.execute(
        select(table).where(mine).order_by(table.c.made_at.desc(), table.c.id)
    )
    return tuple(_question(row, lost_us) for row in rows.mappings())


@dataclass(frozen=True, slots=True)
class Share:
    """What one principal has of the questions and kept answers, and the bytes that all have."""

    kept: int
    open: int
    bytes: int
    bytes_of_all: int


def share(
    connection: Connection, principal: str, now_us: int, lost_us: int, *, besides: str = ""
) -> Share:
    """Return what a principal has, besides one question; one on which nobody works any more takes no room."""
    table = tables.questions.c
    is_mine = table.principal == principal
    is_worked_on = table.state.in_(_OPEN) & (table.seen_at >= lost_us)
    size = case((is_worked_on | (table.state == _FINISHED), func.coalesce(table.bytes, 0)), else_=0)
    row = connection.execute(
        select(
            func.count(case((is_mine, 1))),
            func.count(case((is_mine & is_worked_on, 1))),
            func.coalesce(func.sum(case((is_mine, size), else_=0)), 0),
            func.coalesce(func.sum(size), 0),
        ).where((table.until > now_us) & (table.id != besides))
    ).one()
    return Share(*map(int, row))


def grow(connection: Connection, which: str, byte_count: int) -> None:
    """Note how much room an answer takes that is being written."""
    table = tables.questions
    connection.execute(update(table).where(table.c.id == which).values(bytes=byte_count))


def begin(connection: Connection, which: str, now_us: int) -> bool:
    """Note that a question runs; False if it is gone, or no longer waits."""
    table = tables.questions
    waits = (table.c.id == which) & (table.c.state == QuestionState.WAITING.value)
    values = {"state": QuestionState.RUNNING.value, "seen_at": now_us}
    return connection.execute(update(table).where(waits).values(**values)).rowcount == 1


def finish(connection: Connection, question: KeptQuestion, until_us: int) -> bool:
    """Note that a question was answered; False if it is gone, and its answer with it."""
    table = tables.questions
    is_wanted = (table.c.id == question.id) & (table.c.state.in_(_OPEN) | ~_IS_WHOLE)
    values = {
        "state": _FINISHED,
        "releases": _releases(question),
        "decided_sha256": question.decided_sha256,
        "rows": question.row_count,
        "bytes": question.byte_count,
        "until": until_us,
    }
    return connection.execute(update(table).where(is_wanted).values(**values)).rowcount == 1


def fail(
    connection: Connection, which: str, state: QuestionState, error: Mapping[str, str | None] | None
) -> bool:
    """Note that there will be no answer; False if the question is gone."""
    table = tables.questions
    is_open = (table.c.id == which) & table.c.state.in_(_OPEN)
    values = {
        "state": state.value,
        "bytes": None,
        "error": None if error is None else dict(error),
    }
    return connection.execute(update(table).where(is_open).values(**values)).rowcount == 1


def see(connection: Connection, server: str, now_us: int) -> None:
    """Note that a server still works on its questions."""
    table = tables.questions
    mine = (table.c.server == server) & table.c.state.in_(_OPEN)
    connection.execute(update(table).where(mine).values(seen_at=now_us))


def forget(connection: Connection, which: str) -> None:
    """Forget a question."""
    connection.execute(delete(tables.questions).where(tables.questions.c.id == which))


def forget_old(connection: Connection, now_us: int) -> Sequence[str]:
    """Forget the questions whose time is over, and return their ids."""
    old = tables.questions.c.until <= now_us
    found = connection.execute(select(tables.questions.c.id).where(old)).scalars().all()
    connection.execute(delete(tables.questions).where(old))
    return found


def taken(connection: Connection, principal: str, purpose: str, day: int) -> int:
    """Return how many bytes a principal took on a day for a purpose."""
    table = tables.taken_bytes
    which = (table.c.principal == principal) & (table.c.purpose == purpose) & (table.c.day == day)
    return int(connection.execute(select(table.c.bytes).where(which)).scalar() or 0)


def take(connection: Connection, principal: str, purpose: str, day: int, count: int) -> None:
    """Count bytes that a principal took; what was taken on days before is forgotten."""
    table = tables.taken_bytes
    connection.execute(delete(table).where(table.c.day < day))
    who = {"principal": principal, "purpose": purpose, "day": day}
    before = taken(connection, principal, purpose, day)
    which = (table.c.principal == principal) & (table.c.purpose == purpose) & (table.c.day == day)
    connection.execute(delete(table).where(which))
    connection.execute(insert(table).values(**who, bytes=before + count))


def _question(row: RowMapping, lost_us: int) -> KeptQuestion:
    state = QuestionState(row["state"])
    return KeptQuestion(
        id=row["id"],
        principal=row["principal"],
        purpose=row["purpose"],
        environment=row["environment"],
        statement_sha256=row["statement_sha256"],
        server=row["server"],
        state=QuestionState.INTERRUPTED if state.is_open and row["seen_at"] < lost_us else state,
        made_at=as_time(row["made_at"]),
        until=as_time(row["until"]),
        releases=[(name, number) for name, number, *_ in row["releases"]],
        decided_sha256=row["decided_sha256"],
        row_count=row["rows"],
        byte_count=row["bytes"],
        error=row["error"],
        shown={name: shown for name, _, *more in row["releases"] for shown in more},
    )


def _releases(question: KeptQuestion) -> list[list[object]]:
    """Return the releases that an answer was made from, each with what of it is shown where that is known."""
    shown = {name: [facts] for name, facts in question.shown.items()}
    return [[name, number, *shown.get(name, ())] for name, number in question.releases]
