"""The outbox: what is to be told, written with what happened, and each notification's way to each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from ghala.model.event import EventKind
from ghala.model.notification import (
    ABOUT_AGREEMENTS,
    Delivery,
    DeliveryState,
    Kept,
    Notification,
    NotificationKind,
)
from ghala.registry import events, tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

# What happened.

_EVENTS_OF_AGREEMENTS = ABOUT_AGREEMENTS - {NotificationKind.AGREEMENT_EXPIRING}
"""Their own history is told already."""


def add(connection: Connection, notification: Notification, now_us: int) -> None:
    """Keep what is to be told, in the transaction of what happened."""
    number = connection.execute(
        insert(tables.outbox)
        .values(
            at=now_us,
            event=notification.kind.value,
            subject=notification.subject,
            body={
                "domain": notification.domain,
                "by": notification.by,
                "product": notification.product,
                "datasets": list(notification.datasets),
                "dataset_ids": list(notification.dataset_ids),
                "facts": dict(notification.facts),
            },
            settled_at=None,
        )
        .returning(tables.outbox.c.number)
    ).scalar_one()
    if notification.kind not in _EVENTS_OF_AGREEMENTS:
        events.add(connection, EventKind.NOTIFICATION_TOLD, str(number), {}, now_us)


def find(connection: Connection, number: int) -> Kept | None:
    """Return a notification; None if it was forgotten."""
    row = connection.execute(select(tables.outbox).filter_by(number=number)).mappings().first()
    return None if row is None else Kept(row["number"], as_time(row["at"]), _notification(row))


def last_us(connection: Connection, kind: NotificationKind, subject: str) -> int | None:
    """Return when the same was last to be told; None if never."""
    table = tables.outbox
    same = (table.c.subject == subject) & (table.c.event == kind.value)
    found: int | None = connection.execute(select(func.max(table.c.at)).where(same)).scalar()
    return found


def unsettled(connection: Connection, limit: int) -> tuple[Kept, ...]:
    """Return the oldest notifications of which nobody has found out yet whom to tell."""
    table = tables.outbox
    query = select(table).where(table.c.settled_at.is_(None)).order_by(table.c.number).limit(limit)
    return tuple(
        Kept(row["number"], as_time(row["at"]), _notification(row))
        for row in connection.execute(query).mappings()
    )


def settle(connection: Connection, number: int, channels: Mapping[str, bool], now_us: int) -> None:
    """Put a notification on its way to channels, each with whether it may have names; not if somebody has already."""
    table = tables.outbox
    which = (table.c.number == number) & table.c.settled_at.is_(None)
    if connection.execute(update(table).where(which).values(settled_at=now_us)).rowcount != 1:
        return
    rows = [_row(number, channel, now_us, is_named=named) for channel, named in channels.items()]
    if rows:
        connection.execute(insert(tables.deliveries), rows)


# Its way to each channel.


def claim(
    connection: Connection,
    channels: Collection[str],
    holder: str,
    *,
    now_us: int,
    until_us: int,
    limit: int,
) -> tuple[Delivery, ...]:
    """Return deliveries that are due, the oldest first; until a moment nobody else tries them."""
    table = tables.deliveries
    is_due = (table.c.state == DeliveryState.WAITING.value) & (table.c.next_at <= now_us)
    query = select(table.c.number).where(is_due & table.c.channel.in_(sorted(channels)))
    numbers = list(
        connection.execute(query.order_by(table.c.next_at, table.c.number).limit(limit)).scalars()
    )
    if not numbers:
        return ()
    held = {"holder": holder, "next_at": until_us, "attempts": table.c.attempts + 1}
    connection.execute(update(table).where(table.c.number.in_(numbers)).values(held))
    return _deliveries(connection, table.c.number.in_(numbers), limit, newest_first=False)


def finish(
    connection: Connection,
    number: int,
    holder: str,
    state: DeliveryState,
    *,
    now_us: int,
    next_us: int,
    fault: str | None = None,
) -> None:
    """Note how a try ended, unless somebody else tries it by now."""
    table = tables.deliveries
    which = (table.c.number == number) & (table.c.holder == holder)
    is_done = state is DeliveryState.DELIVERED
    connection.execute(
        update(table)
        .where(which)
        .values(
            state=state.value,
            next_at=next_us,
            holder=None,
            delivered_at=now_us if is_done else None,
            fault=None if is_done else fault,
        )
    )


def give_back(connection: Connection, numbers: Collection[int], holder: str, now_us: int) -> None:
    """Let others try what one has claimed, and not tried."""
    table = tables.deliveries
    which = table.c.number.in_(list(numbers)) & (table.c.holder == holder)
    values = {"holder": None, "next_at": now_us, "attempts": table.c.attempts - 1}
    connection.execute(update(table).where(which).values(values))


def give_up(connection: Connection, before_us: int, now_us: int, fault: str) -> int:
    """Give up what waits since before a moment and nobody tries now, and return how many."""
    table = tables.deliveries
    is_old = (table.c.state == DeliveryState.WAITING.value) & (table.c.created_at < before_us)
    is_free = table.c.holder.is_(None) | (table.c.next_at <= now_us)
    values = {
        "state": DeliveryState.DEAD.value,
        "holder": None,
        "fault": func.coalesce(table.c.fault, fault),
    }
    return connection.execute(update(table).where(is_old & is_free).values(values)).rowcount


def revive(connection: Connection, number: int, now_us: int) -> bool:
    """Let a dead delivery be tried again, as if it were new; return whether there is one."""
    table = tables.deliveries
    which = (table.c.number == number) & (table.c.state == DeliveryState.DEAD.value)
    values = {
        "state": DeliveryState.WAITING.value,
        "attempts": 0,
        "created_at": now_us,
        "next_at": now_us,
        # Whoever it goes to may have lost the right to the names since.
        "is_named": int(False),
    }
    return connection.execute(update(table).where(which).values(values)).rowcount == 1


def forget(connection: Connection, before_us: int) -> None:
    """Forget what happened before a moment and is on its way nowhere."""
    outbox, table = tables.outbox, tables.deliveries
    waiting = select(table.c.notification).where(table.c.state == DeliveryState.WAITING.value)
    is_old = (outbox.c.at < before_us) & outbox.c.number.not_in(waiting)
    old = select(outbox.c.number).where(is_old)
    connection.execute(delete(table).where(table.c.notification.in_(old)))
    connection.execute(delete(outbox).where(is_old))


def deliveries(
    connection: Connection, state: DeliveryState | None, limit: int
) -> tuple[Delivery, ...]:
    """Return deliveries, newest first: all, or those in a state."""
    table = tables.deliveries
    where = table.c.number > 0 if state is None else table.c.state == state.value
    return _deliveries(connection, where, limit)


def find_delivery(connection: Connection, number: int) -> Delivery | None:
    """Return one delivery; None if there is none."""
    found = _deliveries(connection, tables.deliveries.c.number == number, 1)
    return found[0] if found else None


def counts(connection: Connection) -> dict[DeliveryState, int]:
    """Return how many deliveries are in each state."""
    table = tables.deliveries
    query = select(table.c.state, func.count()).group_by(table.c.state)
    found = {DeliveryState(state): int(count) for state, count in connection.execute(query)}
    return {state: found.get(state, 0) for state in DeliveryState}


def has_work(connection: Connection, channels: Collection[str], now_us: int) -> bool:
    """Return whether there is anything to find out or to deliver now."""
    outbox, table = tables.outbox, tables.deliveries
    is_due = (table.c.state == DeliveryState.WAITING.value) & (table.c.next_at <= now_us)
    queries = (
        select(outbox.c.number).where(outbox.c.settled_at.is_(None)),
        select(table.c.number).where(is_due & table.c.channel.in_(sorted(channels))),
    )
    return any(connection.execute(query.limit(1)).first() is not None for query in queries)


def _deliveries(
    connection: Connection, where: Any, limit: int, *, newest_first: bool = True
) -> tuple[Delivery, ...]:
    table, outbox = tables.deliveries, tables.outbox
    number = table.c.number.desc() if newest_first else table.c.number
    query = (
        select(table, outbox.c.event, outbox.c.subject, outbox.c.body)
        .join(outbox, outbox.c.number == table.c.notification)
        .where(where)
        .order_by(number)
        .limit(limit)
    )
    return tuple(_delivery(row) for row in connection.execute(query).mappings())


def _row(number: int, channel: str, now_us: int, *, is_named: bool) -> dict[str, object]:
    return {
        "notification": number,
        "channel": channel,
        "is_named": int(is_named),
        "state": DeliveryState.WAITING.value,
        "attempts": 0,
        "created_at": now_us,
        "next_at": now_us,
        "holder": None,
        "delivered_at": None,
        "fault": None,
    }


def _delivery(row: RowMapping) -> Delivery:
    delivered_at = row["delivered_at"]
    return Delivery(
        number=row["number"],
        channel=row["channel"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        created_at=as_time(row["created_at"]),
        next_at=as_time(row["next_at"]),
        delivered_at=None if delivered_at is None else as_time(delivered_at),
        fault=row["fault"],
        is_named=bool(row["is_named"]),
        notification=_notification(row),
    )


def _notification(row: RowMapping) -> Notification:
    body: Mapping[str, Any] = row["body"]
    texts: Sequence[str] = body["datasets"]
    return Notification(
        kind=NotificationKind(row["event"]),
        subject=row["subject"],
        domain=body["domain"],
        by=body["by"],
        product=body["product"],
        datasets=tuple(texts),
        dataset_ids=tuple(body["dataset_ids"]),
        facts=body["facts"],
    )
