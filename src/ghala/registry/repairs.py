"""What became of rows that were kept out: edits, discards, and the releases that took them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from ghala.model.names import ProductName
from ghala.model.quarantine import KeptOutState, Place, Repair, RowFault
from ghala.registry import tables
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


def released(connection: Connection, release: Release, rows: Collection[str]) -> None:
    """Record that a release has some rows, as they were edited."""
    if not rows:
        return
    connection.execute(
        insert(tables.quarantine_releases),
        [{**_key(release), "row": row, "release": release.number} for row in rows],
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
    if rows:
        connection.execute(
            update(table)
            .filter_by(**_key(release), ended_by=None)
            .where(table.c.row.in_(list(rows)))
            .values(ended_by=release.number)
        )


def rewind(connection: Connection, release: Release, to: int) -> None:
    """Set the repairs of a product to what was in the data as of release `to`, in the transaction of `release`.

    Rows that later releases took wait to be released again; those that were in it then are in it again.
    """
    table = tables.quarantine_releases
    key = _key(release)
    spans = connection.execute(select(table).filter_by(**key)).mappings().all()
    now = {span["row"] for span in spans if span["ended_by"] is None}
    then = {
        span["row"]
        for span in spans
        if span["release"] <= to and (span["ended_by"] is None or span["ended_by"] > to)
    }
    if gone := now - then:
        ended(connection, release, gone)
        _set(connection, gone, KeptOutState.FIXED, None)
    released(connection, release, then - now)


def _set(
    connection: Connection, rows: Collection[str], state: KeptOutState, release: int | None
) -> None:
    table = tables.quarantine_repairs
    values = {"state": state.value, "release": release, "at": now_us(), **_told(None)}
    connection.execute(update(table).where(table.c.row.in_(list(rows))).values(**values))


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
