"""What became of rows that were kept out: edits, discards, and the releases that took them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from ghala.model.names import ProductName
from ghala.model.quarantine import KeptOutState, Place, Repair, RowFault
from ghala.registry import tables
from ghala.registry.parts import parts
from ghala.registry.registry import now_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from ghala.model.release import Release


def of_product(connection: Connection, environment: str, product: ProductName) -> dict[str, Repair]:
    """Return all that was decided about rows of a product, by the rows' ids."""
    table = tables.quarantine_repairs
    query = select(table).filter_by(environment=environment, product=str(product))
    return {row["row"]: _repair(row) for row in connection.execute(query).mappings()}


def of_run(
    connection: Connection, environment: str, product: ProductName, chosen: Collection[str]
) -> dict[str, Repair]:
    """Return the repairs of rows of a product that are in the data, and of those that are chosen and wait for it."""
    table = tables.quarantine_repairs
    query = select(table).filter_by(environment=environment, product=str(product))
    which = [table.c.state == KeptOutState.RELEASED.value]
    which += [
        table.c.row.in_(part) & (table.c.state == KeptOutState.FIXED.value)
        for part in parts(chosen)
    ]
    return {
        row["row"]: _repair(row)
        for one in which
        for row in connection.execute(query.where(one)).mappings()
    }


def waiting(connection: Connection, environment: str, product: ProductName) -> list[str]:
    """Return the rows of a product that were edited and wait to be released."""
    table = tables.quarantine_repairs
    key = {"environment": environment, "product": str(product), "state": KeptOutState.FIXED.value}
    return list(connection.execute(select(table.c.row).filter_by(**key)).scalars())


def find(connection: Connection, row: str) -> Repair | None:
    """Return what was decided about a row; None if nothing was."""
    query = select(tables.quarantine_repairs).filter_by(row=row)
    found = connection.execute(query).mappings().first()
    return None if found is None else _repair(found)


def put(connection: Connection, repair: Repair) -> None:
    """Record what is decided about a row, in the place of what was decided before."""
    table = tables.quarantine_repairs
    connection.execute(delete(table).where(table.c.row == repair.row))
    connection.execute(
        insert(table).values(
            row=repair.row,
            environment=repair.place.environment,
            product=str(repair.place.product),
            place=repair.place.name,
            kind=repair.kind,
            path=repair.path,
            position=repair.position,
            file=repair.file,
            record=repair.record,
            state=repair.state.value,
            fixed=repair.fixed,
            note=repair.note,
            release=repair.release,
            at=round(repair.at.timestamp() * 1_000_000),
            principal=repair.by,
            **_told(repair.fault),
        )
    )


def changed(connection: Connection, known: Mapping[str, Repair]) -> frozenset[str]:
    """Return which repairs are not any more what they were when they were read; the others stay so in a transaction."""
    table = tables.quarantine_repairs
    left = set(known)
    for part in parts(known):
        query = select(table.c.row, table.c.state, table.c.at).where(table.c.row.in_(part))
        for row, state, at in connection.execute(query.with_for_update()):
            if (known[row].state.value, known[row].at) == (state, as_time(at)):
                left.remove(row)
    return frozenset(left)


def released(connection: Connection, release: Release, rows: Mapping[str, bytes | None]) -> None:
    """Record that a release has some rows, each as it was edited; None where that is no more on record."""
    if not rows:
        return
    connection.execute(
        insert(tables.quarantine_releases),
        [
            {**_key(release), "row": row, "release": release.number, "fixed": fixed}
            for row, fixed in rows.items()
        ],
    )
    _set(connection, rows, KeptOutState.RELEASED, release.number)


def refused(connection: Connection, faults: Mapping[str, RowFault]) -> None:
    """Record that edited rows could still not be taken, and why."""
    table = tables.quarantine_repairs
    for row, fault in faults.items():
        state = KeptOutState.OPEN.value
        values = {"state": state, "release": None, "at": now_us(), **_told(fault)}
        connection.execute(update(table).where(table.c.row == row).values(**values))


def ended(connection: Connection, release: Release, rows: Collection[str]) -> None:
    """Record that some rows are not in the data any more, from a release on."""
    table = tables.quarantine_releases
    query = update(table).filter_by(**_key(release), ended_by=None)
    for part in parts(rows):
        connection.execute(query.where(table.c.row.in_(part)).values(ended_by=release.number))


def rewind(connection: Connection, release: Release, to: int) -> None:
    """Set the repairs of a product to what was in the data as of release `to`, in the transaction of `release`.

    Rows that later releases took wait to be released again; those that were in it then are in it again, as they were
    edited then.
    """
    table, repairs = tables.quarantine_releases, tables.quarantine_repairs
    spans = connection.execute(select(table).filter_by(**_key(release))).mappings().all()
    now = {span["row"]: span for span in spans if span["ended_by"] is None}
    then = {
        span["row"]: span
        for span in spans
        if span["release"] <= to and (span["ended_by"] is None or span["ended_by"] > to)
    }
    stays = {row for row, span in now.items() if row in then and then[row]["id"] == span["id"]}
    ended(connection, release, now.keys() - stays)
    _set(connection, now.keys() - then.keys(), KeptOutState.FIXED, None)
    again = {row: span["fixed"] for row, span in then.items() if row not in stays}
    released(connection, release, again)
    for row, fixed in again.items():
        if fixed is not None:
            connection.execute(update(repairs).where(repairs.c.row == row).values(fixed=fixed))


def _set(
    connection: Connection, rows: Collection[str], state: KeptOutState, release: int | None
) -> None:
    table = tables.quarantine_repairs
    values = {"state": state.value, "release": release, "at": now_us(), "note": None}
    for part in parts(rows):
        query = update(table).where(table.c.row.in_(part))
        connection.execute(query.values(**values, **_told(None)))


def _key(release: Release) -> dict[str, str]:
    return {"environment": release.environment, "product": str(release.product)}


def _told(fault: RowFault | None) -> dict[str, str | None]:
    if fault is None:
        return {"reason": None, "message": None, "fault_column": None}
    return {"reason": fault.reason, "message": fault.message, "fault_column": fault.column}


def _repair(row: Any) -> Repair:
    fault = None
    if row["reason"] is not None:
        fault = RowFault(row["reason"], row["message"], row["fault_column"])
    return Repair(
        row=row["row"],
        place=Place(row["environment"], ProductName.parse(row["product"]), row["place"]),
        kind=row["kind"],
        path=row["path"],
        position=row["position"],
        state=KeptOutState(row["state"]),
        at=as_time(row["at"]),
        by=row["principal"],
        file=row["file"],
        record=row["record"],
        fixed=None if row["fixed"] is None else bytes(row["fixed"]),
        note=row["note"],
        fault=fault,
        release=row["release"],
    )
