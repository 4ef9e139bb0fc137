"""Claims: at most one run publishes a product at a time, and a run that lost its claim cannot publish."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from ghala.errors import LeaseLostError
from ghala.registry import tables
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from ghala.model.names import ProductName


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to publish one product; `fence` grows with every claim, so that an old holder can be told apart."""

    environment: str
    product: ProductName
    run_id: str
    fence: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the claim that somebody else wants, and until when in microseconds since 1970."""

    run_id: str
    name: str
    lease_until_us: int


def claim(
    connection: Connection, environment: str, product: ProductName, run_id: str, *, lease_s: float
) -> Claim | Holder:
    """Take the claim if it is free, expired or held by a process of this machine that is gone; else say who has it."""
    table = tables.claims
    key = (table.c.environment == environment) & (table.c.product == str(product))
    row = connection.execute(select(table).where(key)).mappings().first()
    now = now_us()
    values = {
        "run_id": run_id,
        "holder": _this_process(),
        "claimed_at": now,
        "lease_until": now + round(lease_s * 1_000_000),
    }
    if row is None:
        connection.execute(
            insert(table).values(environment=environment, product=str(product), fence=1, **values)
        )
        return Claim(environment, product, run_id, 1)
    if row["run_id"] is not None and row["lease_until"] > now and not _is_gone(row["holder"]):
        return Holder(row["run_id"], row["holder"], row["lease_until"])
    fence = int(row["fence"]) + 1
    connection.execute(update(table).where(key).values(fence=fence, **values))
    return Claim(environment, product, run_id, fence)


def of_run(
    connection: Connection, environment: str, product: ProductName, run_id: str
) -> Claim | None:
    """Return the claim that a run holds on a product; None if it holds none."""
    fence = connection.execute(
        select(tables.claims.c.fence).filter_by(
            environment=environment, product=str(product), run_id=run_id
        )
    ).scalar()
    return None if fence is None else Claim(environment, product, run_id, int(fence))


def extend(connection: Connection, held: Claim, *, lease_s: float) -> bool:
    """Extend a lease and return whether it is still held."""
    until = now_us() + round(lease_s * 1_000_000)
    result = connection.execute(update(tables.claims).where(_is(held)).values(lease_until=until))
    return result.rowcount == 1


def is_held(connection: Connection, held: Claim) -> bool:
    """Return whether nobody took the claim over; asked inside the transaction that publishes."""
    return connection.execute(select(tables.claims.c.fence).where(_is(held))).scalar() is not None


def require_held(connection: Connection, held: Claim) -> None:
    """Stop a transaction of a run whose claim somebody else took over.

    Raises:
        LeaseLostError: what it found is not how things are any more.
    """
    if not is_held(connection, held):
        raise LeaseLostError(
            f"{held.product}: another run took over while this one was busy",
            hint="run again; raise `runs.lease_s` in ghala.yaml if this machine stalls for long",
        )


def release(connection: Connection, held: Claim) -> None:
    """Give the claim back; a claim that was taken over stays with its new holder."""
    connection.execute(update(tables.claims).where(_is(held)).values(run_id=None, lease_until=0))


def oldest_open_us(connection: Connection) -> int | None:
    """Return when the oldest claim that is still held was taken; None when nobody holds one."""
    table = tables.claims
    rows = connection.execute(
        select(table.c.claimed_at, table.c.lease_until, table.c.holder).where(
            table.c.run_id.is_not(None)
        )
    )
    open_since = [
        int(row.claimed_at)
        for row in rows
        if row.lease_until > now_us() and not _is_gone(row.holder)
    ]
    return min(open_since, default=None)


def holder(connection: Connection, environment: str, product: ProductName) -> str | None:
    """Return the run that holds the claim of a product; None if none does."""
    found = connection.execute(
        select(tables.claims.c.run_id).filter_by(environment=environment, product=str(product))
    ).scalar()
    return found if found in open_runs(connection) else None


def open_runs(connection: Connection) -> frozenset[str]:
    """Return the runs whose claims are held by somebody who may live."""
    table = tables.claims
    rows = connection.execute(
        select(table.c.run_id, table.c.lease_until, table.c.holder).where(
            table.c.run_id.is_not(None)
        )
    )
    return frozenset(
        row.run_id for row in rows if row.lease_until > now_us() and not _is_gone(row.holder)
    )


def _is(held: Claim) -> ColumnElement[bool]:
    table = tables.claims
    return (
        (table.c.environment == held.environment)
        & (table.c.product == str(held.product))
        & (table.c.run_id == held.run_id)
        & (table.c.fence == held.fence)
    )


def _this_process() -> str:
    return f"{socket.gethostname()}/{_boot_id()}/{os.getpid()}/{_started(os.getpid())}"


def _is_gone(holder: str) -> bool:
    """Tell a holder that certainly ended from one that may live: only processes of this boot can be known."""
    host, boot, pid, started = holder.rsplit("/", 3)
    if (host, boot) != (socket.gethostname(), _boot_id()) or not boot:
        return False
    return _started(int(pid)) != started


def _boot_id() -> str:
    """Return which boot, and which space of process ids: containers of one machine count their own processes."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}:{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """Return when a process started, in the kernel's own count; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
