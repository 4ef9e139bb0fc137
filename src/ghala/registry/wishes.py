"""Wishes, and what happened to each: entries are added, and nothing is ever removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, literal, select, update

from ghala.model.wish import Wish, WishEntry, WishEvent, WishState
from ghala.registry import tables
from ghala.registry.agreements import as_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, Row, Select

_wishes = tables.wishes
_ABOUT = "wish:"


def about(wish: str) -> str:
    """Return what votes for a wish are about."""
    return f"{_ABOUT}{wish}"


def add(connection: Connection, wish: Wish) -> None:
    """Keep a new wish."""
    connection.execute(
        insert(_wishes).values(
            id=wish.id,
            title=wish.title,
            reason=wish.reason,
            words=wish.words,
            wished_by=wish.wished_by,
            wished_at=as_us(wish.wished_at),
            **_changeable(wish),
        )
    )


def change(connection: Connection, wish: Wish) -> None:
    """Keep what changed of a wish."""
    connection.execute(update(_wishes).where(_wishes.c.id == wish.id).values(_changeable(wish)))


def add_entry(connection: Connection, wish: str, entry: WishEntry) -> None:
    """Add what happened to a wish."""
    connection.execute(
        insert(tables.wish_events).values(
            wish=wish, at=as_us(entry.at), by=entry.by, event=entry.event.value, text=entry.text
        )
    )


def find(connection: Connection, wish: str) -> Wish | None:
    """Return a wish with its votes and all that happened to it; None if there is none."""
    row = connection.execute(_voted().where(_wishes.c.id == wish)).first()
    if row is None:
        return None
    entries = tables.wish_events
    said = select(entries).where(entries.c.wish == wish).order_by(entries.c.number)
    history = tuple(
        WishEntry(as_time(one["at"]), one["by"], WishEvent(one["event"]), one["text"])
        for one in connection.execute(said).mappings()
    )
    return replace(_wish(row), history=history)


def same(connection: Connection, words: str) -> str | None:
    """Return the id of the oldest open wish with the same words; None if there is none."""
    query = (
        select(_wishes.c.id)
        .where(_wishes.c.words == words, _wishes.c.state.in_(_open_states()))
        .order_by(_wishes.c.wished_at, _wishes.c.id)
        .limit(1)
    )
    found: str | None = connection.execute(query).scalar()
    return found


def listed(
    connection: Connection, states: Iterable[WishState], domains: Collection[str] | None, most: int
) -> tuple[Wish, ...]:
    """Return wishes in some states, of some domains or all, the most wanted first, without what happened to them."""
    votes = _voted()
    query = votes.where(_wishes.c.state.in_([state.value for state in states]))
    if domains is not None:
        query = query.where(_wishes.c.domain.in_(sorted(domains)))
    ordered = query.order_by(
        votes.selected_columns["votes"].desc(), _wishes.c.wished_at.desc(), _wishes.c.id
    )
    return tuple(_wish(row) for row in connection.execute(ordered.limit(most)))


def open_count(connection: Connection, wished_by: str) -> int:
    """Return how many wishes of somebody are open."""
    which = (_wishes.c.wished_by == wished_by) & _wishes.c.state.in_(_open_states())
    return connection.execute(select(func.count()).where(which)).scalar_one()


def _open_states() -> list[str]:
    return [state.value for state in WishState if state.is_open]


def _voted() -> Select[Any]:
    given = tables.votes
    count = (
        select(func.count())
        .where(given.c.about == literal(_ABOUT) + _wishes.c.id)
        .scalar_subquery()
    )
    return select(_wishes, count.label("votes"))


def _changeable(wish: Wish) -> dict[str, object]:
    return {
        "domain": wish.domain,
        "state": wish.state.value,
        "answer": wish.answer,
        "roadmap_item": wish.roadmap_item,
        "dataset": wish.dataset,
        "merged_into": wish.merged_into,
        "changed_at": as_us(wish.changed_at),
    }


def _wish(row: Row[tuple[object, ...]]) -> Wish:
    known = row._mapping  # noqa: SLF001 - the way to a row's columns by name
    return Wish(
        id=known["id"],
        title=known["title"],
        reason=known["reason"],
        words=known["words"],
        domain=known["domain"],
        wished_by=known["wished_by"],
        wished_at=as_time(known["wished_at"]),
        state=WishState(known["state"]),
        changed_at=as_time(known["changed_at"]),
        answer=known["answer"],
        roadmap_item=known["roadmap_item"],
        dataset=known["dataset"],
        merged_into=known["merged_into"],
        votes=known["votes"],
    )
