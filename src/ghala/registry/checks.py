"""What the checks of each dataset found, run by run: the newest of them, by the dataset's identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, insert, select

from ghala.registry import tables
from ghala.registry.registry import now_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

KEPT = 100
"""So many checks of one dataset in one environment are kept."""


class Checked(NamedTuple):
    """One check of a dataset; `release` is None where nothing was published. `report` is plain."""

    run_id: str
    at: datetime
    release: int | None
    report: Mapping[str, Any]


def record(
    connection: Connection,
    environment: str,
    run_id: str,
    release: int | None,
    reports: Mapping[str, Mapping[str, Any]],
) -> None:
    """Record the reports of a run, by the identity of the dataset of each, and forget the oldest ones."""
    table, at_us = tables.dataset_checks, now_us()
    for dataset_id, report in reports.items():
        connection.execute(
            insert(table).values(
                run_id=run_id,
                dataset_id=dataset_id,
                environment=environment,
                dataset=str(report["dataset"]),
                at=at_us,
                release=release,
                report=dict(report),
            )
        )
        same = (table.c.environment == environment) & (table.c.dataset_id == dataset_id)
        newest = select(table.c.at).where(same).order_by(table.c.at.desc())
        oldest = connection.execute(newest.offset(KEPT - 1).limit(1)).scalar()
        if oldest is not None:
            connection.execute(delete(table).where(same & (table.c.at < oldest)))


def history(
    connection: Connection, environment: str, dataset_id: str, limit: int
) -> tuple[Checked, ...]:
    """Return the last checks of a dataset, newest first."""
    table = tables.dataset_checks
    query = (
        select(table)
        .filter_by(environment=environment, dataset_id=dataset_id)
        .order_by(table.c.at.desc(), table.c.run_id.desc())
        .limit(limit)
    )
    rows = connection.execute(query).mappings()
    return tuple(
        Checked(row["run_id"], as_time(row["at"]), row["release"], row["report"]) for row in rows
    )
