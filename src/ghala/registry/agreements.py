"""Requests and agreements in the registry, and the history from which any past state is rebuilt."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from ghala.model.agreement import Agreement
from ghala.model.agreement_history import AgreementEvent, HistoryEntry, replay
from ghala.model.event import EventKind
from ghala.model.names import DatasetName
from ghala.model.predicate import from_json, to_json
from ghala.model.request import Request, RequestDecision, RequestState, Terms
from ghala.registry import events, tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from ghala.model.page import ListPlace
    from ghala.model.predicate import Predicate

_MOST_NAMED = 500
"""So many ids one statement names; all are read where there are more."""

# Requests.


def add_request(connection: Connection, request: Request) -> None:
    """Keep a request that is not there yet."""
    connection.execute(
        insert(tables.access_requests).values(
            id=request.id,
            grantee=request.grantee,
            dataset_id=request.dataset_id,
            **_terms(request.terms),
            justification=request.justification,
            requested_by=request.requested_by,
            on_behalf_of=request.on_behalf_of,
            requested_at=as_us(request.requested_at),
            levels=request.levels,
            state=request.state.value,
        )
    )


def find_request(connection: Connection, request: str) -> Request | None:
    """Return a request with its decisions; None if there is none."""
    return next(iter(requests(connection, among=[request])), None)


def requests(
    connection: Connection,
    state: RequestState | None = None,
    *,
    among: Collection[str] | None = None,
    after: ListPlace | None = None,
    most: int | None = None,
) -> tuple[Request, ...]:
    """Return requests with their decisions, newest first: all, those `among` ids, or in a state; `most` at once."""
    table = tables.access_requests
    query = select(table).order_by(table.c.requested_at.desc(), table.c.id).limit(most)
    if state is not None:
        query = query.where(table.c.state == state.value)
    if among is not None:
        query = query.where(table.c.id.in_(sorted(among)))
    if after is not None:
        query = query.where(_is_behind(table.c.requested_at, table.c.id, after))
    return _requests(connection, connection.execute(query).mappings().all())


def change_terms(connection: Connection, request: Request) -> None:
    """Keep what is asked for in the place of what it was: less of it."""
    table = tables.access_requests
    connection.execute(update(table).where(table.c.id == request.id).values(_terms(request.terms)))


def open_requests(connection: Connection, requested_by: str) -> tuple[Request, ...]:
    """Return the requests of somebody that are not decided yet."""
    table = tables.access_requests
    is_open = table.c.state == RequestState.REQUESTED.value
    query = select(table).where((table.c.requested_by == requested_by) & is_open)
    return _requests(connection, connection.execute(query).mappings().all())


def add_decision(
    connection: Connection, request: str, decision: RequestDecision, state: RequestState
) -> None:
    """Keep what was decided at a level, and where the request stands since."""
    connection.execute(
        insert(tables.access_decisions).values(
            request=request,
            level=decision.level,
            is_approved=int(decision.is_approved),
            by=decision.by,
            at=as_us(decision.at),
            reason=decision.reason,
        )
    )
    set_state(connection, request, state)


def set_state(connection: Connection, request: str, state: RequestState) -> None:
    """Note where a request stands."""
    table = tables.access_requests
    connection.execute(update(table).where(table.c.id == request).values(state=state.value))


# Agreements.


def add_agreement(connection: Connection, agreement: Agreement) -> None:
    """Keep an agreement that is not there yet: it is in force from its `since` on."""
    connection.execute(
        insert(tables.agreements).values(
            id=agreement.id,
            grantee=agreement.grantee,
            domain=agreement.dataset.domain,
            dataset=agreement.dataset.dataset,
            dataset_id=agreement.dataset_id,
            purpose=agreement.purpose,
            since=as_us(agreement.since),
            **_changeable(agreement),
        )
    )


def change_agreement(connection: Connection, agreement: Agreement) -> None:
    """Keep an agreement in the place of what it was; whom it is with and what for stays."""
    table = tables.agreements
    changed = update(table).where(table.c.id == agreement.id).values(**_changeable(agreement))
    connection.execute(changed)


def find_agreement(connection: Connection, agreement: str) -> Agreement | None:
    """Return an agreement; None if there is none."""
    table = tables.agreements
    row = connection.execute(select(table).where(table.c.id == agreement)).mappings().first()
    return None if row is None else _agreement(row)


def agreements(
    connection: Connection,
    *,
    dataset: str | None = None,
    after: ListPlace | None = None,
    most: int | None = None,
) -> tuple[Agreement, ...]:
    """Return agreements, also those that have ended, newest first: all, or `most` behind a place.

    With `dataset` only those that were made about one of that name.
    """
    table = tables.agreements
    query = select(table).order_by(table.c.since.desc(), table.c.id).limit(most)
    if dataset is not None:
        query = query.where(table.c.domain + "." + table.c.dataset == dataset.lower())
    if after is not None:
        query = query.where(_is_behind(table.c.since, table.c.id, after))
    return tuple(map(_agreement, connection.execute(query).mappings()))


def not_ended(
    connection: Connection, dataset_id: str, grantees: Collection[str], purpose: str, now_us: int
) -> tuple[Agreement, ...]:
    """Return the agreements about a dataset with one of some grantees, for one purpose, that have not ended."""
    table = tables.agreements
    about = (table.c.dataset_id == dataset_id) & (table.c.purpose == purpose)
    query = (
        select(table)
        .where(about & table.c.grantee.in_(sorted(grantees)))
        .where((table.c.until > now_us) & table.c.revoked_at.is_(None))
        .order_by(table.c.since, table.c.id)
    )
    return tuple(map(_agreement, connection.execute(query).mappings()))


def datasets_agreed(
    connection: Connection, grantees: Collection[str], purpose: str, now_us: int
) -> frozenset[str]:
    """Return the ids of the datasets about which `not_ended` has an agreement."""
    known = tables.agreements.c
    query = (
        select(known.dataset_id)
        .distinct()
        .where((known.purpose == purpose) & known.grantee.in_(sorted(grantees)))
        .where((known.until > now_us) & known.revoked_at.is_(None))
    )
    return frozenset(connection.execute(query).scalars())


def with_anybody(
    connection: Connection, dataset_ids: Collection[str], now_us: int
) -> tuple[Agreement, ...]:
    """Return the agreements about some datasets that are in force."""
    table = tables.agreements
    is_current = (table.c.since <= now_us) & (table.c.until > now_us) & table.c.revoked_at.is_(None)
    about = table.c.dataset_id.in_(sorted(dataset_ids))
    query = select(table).where(is_current & about).order_by(table.c.since, table.c.id)
    return tuple(map(_agreement, connection.execute(query).mappings()))


def ending(connection: Connection, now_us: int, before_us: int) -> tuple[Agreement, ...]:
    """Return the agreements that are in force and end before a moment, the next to end first."""
    table = tables.agreements
    ends = (table.c.until > now_us) & (table.c.until <= before_us) & table.c.revoked_at.is_(None)
    query = select(table).where(ends).order_by(table.c.until, table.c.id)
    return tuple(map(_agreement, connection.execute(query).mappings()))


def to_reassess(connection: Connection, now_us: int) -> tuple[Agreement, ...]:
    """Return the agreements in force at which somebody should have looked by now, the longest due first."""
    table = tables.agreements
    query = select(table).where(table.c.reassess_at <= now_us, table.c.until > now_us)
    query = query.where(table.c.revoked_at.is_(None)).order_by(table.c.reassess_at, table.c.id)
    return tuple(map(_agreement, connection.execute(query).mappings()))


def expired(connection: Connection, now_us: int, most: int) -> tuple[Agreement, ...]:
    """Return agreements whose time has passed and in whose history that does not stand yet, oldest end first."""
    table, events = tables.agreements, tables.agreement_events
    is_noted = (
        select(events.c.number)
        .where((events.c.agreement == table.c.id) & (events.c.at >= table.c.until))
        .where(events.c.event == AgreementEvent.EXPIRED.value)
        .exists()
    )
    query = (
        select(table)
        .where((table.c.until <= now_us) & table.c.revoked_at.is_(None) & ~is_noted)
        .order_by(table.c.until, table.c.id)
        .limit(most)
    )
    return tuple(map(_agreement, connection.execute(query).mappings()))


def at(
    connection: Connection,
    dataset_id: str,
    grantees: Collection[str],
    purpose: str,
    time: datetime,
) -> tuple[Agreement, ...]:
    """Return the agreements that were in force at a time, with the columns and rows that they had then.

    They are rebuilt from the history alone. `dataset_id` is the dataset's identity, `Dataset.id`.
    """
    table, events = tables.agreements, tables.agreement_events
    about = (table.c.dataset_id == dataset_id) & (table.c.purpose == purpose)
    ids = select(table.c.id).where(about & table.c.grantee.in_(sorted(grantees)))
    query = (
        select(events)
        .where(events.c.agreement.in_(ids) & (events.c.at <= as_us(time)))
        .order_by(events.c.agreement, events.c.number)
    )
    entries = map(_entry, connection.execute(query).mappings())
    made = [replay(group) for _, group in groupby(entries, key=attrgetter("agreement"))]
    found = [one for one in made if one is not None and one.is_in_force(time)]
    return tuple(sorted(found, key=attrgetter("since", "id")))


# History.


def add_event(connection: Connection, entry: HistoryEntry) -> None:
    """Add what happened to the end of a history."""
    connection.execute(
        insert(tables.agreement_events).values(
            agreement=entry.agreement,
            at=as_us(entry.at),
            event=entry.event.value,
            by=entry.by,
            detail=dict(entry.detail),
        )
    )
    kind = EventKind(f"agreement:{entry.event.value}")
    events.add(connection, kind, entry.agreement, {"by": entry.by}, as_us(entry.at))


def next_time_us(connection: Connection, agreement: str, now_us: int) -> int:
    """Return the time of what happens next: now, or that of the last where the clock was set back."""
    table = tables.agreement_events
    last = connection.execute(select(func.max(table.c.at)).where(table.c.agreement == agreement))
    return max(now_us, int(last.scalar() or 0))


def history(connection: Connection, agreement: str) -> tuple[HistoryEntry, ...]:
    """Return everything that happened to an agreement, from the request on."""
    table = tables.agreement_events
    query = select(table).where(table.c.agreement == agreement).order_by(table.c.number)
    return tuple(map(_entry, connection.execute(query).mappings()))


def as_us(moment: datetime) -> int:
    """Return a moment in the registry's unit of time.

    >>> as_us(as_time(1_800_000_000_123_456))
    1800000000123456
    """
    return round(moment.timestamp() * 1_000_000)


def _is_behind(
    at: ColumnElement[int], id_: ColumnElement[str], place: ListPlace
) -> ColumnElement[bool]:
    return (at < place.at_us) | ((at == place.at_us) & (id_ > place.id))


def _terms(terms: Terms) -> dict[str, object]:
    return {
        "domain": terms.dataset.domain,
        "dataset": terms.dataset.dataset,
        "columns": sorted(terms.columns),
        "rows": None if terms.rows is None else to_json(terms.rows),
        "purpose": terms.purpose,
        "until": as_us(terms.until),
    }


def _changeable(agreement: Agreement) -> dict[str, object]:
    reassess_at, revoked_at = agreement.reassess_at, agreement.revoked_at
    return {
        "columns": sorted(agreement.columns),
        "rows": None if agreement.rows is None else to_json(agreement.rows),
        "until": as_us(agreement.until),
        "reassess_at": None if reassess_at is None else as_us(reassess_at),
        "revoked_at": None if revoked_at is None else as_us(revoked_at),
    }


def _requests(connection: Connection, rows: Iterable[RowMapping]) -> tuple[Request, ...]:
    found = list(rows)
    table = tables.access_decisions
    query = select(table).order_by(table.c.request, table.c.level)
    if len(found) <= _MOST_NAMED:
        query = query.where(table.c.request.in_([row["id"] for row in found]))
    decided: dict[str, list[RequestDecision]] = {}
    for row in connection.execute(query).mappings() if found else ():
        decision = RequestDecision(
            row["level"], bool(row["is_approved"]), row["by"], as_time(row["at"]), row["reason"]
        )
        decided.setdefault(row["request"], []).append(decision)
    return tuple(_request(row, decided.get(row["id"], ())) for row in found)


def _request(row: RowMapping, decisions: Iterable[RequestDecision]) -> Request:
    return Request(
        id=row["id"],
        grantee=row["grantee"],
        terms=Terms(
            dataset=DatasetName(row["domain"], row["dataset"]),
            columns=frozenset(row["columns"]),
            purpose=row["purpose"],
            until=as_time(row["until"]),
            rows=_predicate(row["rows"]),
        ),
        dataset_id=row["dataset_id"],
        justification=row["justification"],
        requested_by=row["requested_by"],
        on_behalf_of=row["on_behalf_of"],
        requested_at=as_time(row["requested_at"]),
        levels=row["levels"],
        state=RequestState(row["state"]),
        decisions=tuple(decisions),
    )


def _agreement(row: RowMapping) -> Agreement:
    return Agreement(
        id=row["id"],
        grantee=row["grantee"],
        dataset=DatasetName(row["domain"], row["dataset"]),
        columns=frozenset(row["columns"]),
        purpose=row["purpose"],
        since=as_time(row["since"]),
        until=as_time(row["until"]),
        rows=_predicate(row["rows"]),
        dataset_id=row["dataset_id"],
        reassess_at=None if row["reassess_at"] is None else as_time(row["reassess_at"]),
        revoked_at=None if row["revoked_at"] is None else as_time(row["revoked_at"]),
    )


def _entry(row: RowMapping) -> HistoryEntry:
    return HistoryEntry(
        agreement=row["agreement"],
        at=as_time(row["at"]),
        event=AgreementEvent(row["event"]),
        by=row["by"],
        detail=row["detail"],
    )


def _predicate(data: Any) -> Predicate | None:
    return None if data is None else from_json(data)
