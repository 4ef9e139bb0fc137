"""What a catalog shows beside the definitions: current releases, how the last checks went, who uses what, stars."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from ghala.model.release import PROD
from ghala.model.run import RunState
from ghala.registry import tables
from ghala.registry.runs import tells

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

_CHECKED = (RunState.PUBLISHED.value, RunState.REFUSED.value)
_AT_ONCE = 500


class CurrentRelease(NamedTuple):
    """The number of a product's newest current release, and its time in microseconds."""

    number: int
    at_us: int


class LastRun(NamedTuple):
    """How a run ended, and when in microseconds; None while it goes on."""

    id: str
    state: RunState
    finished_us: int | None


def current_releases(connection: Connection) -> dict[str, CurrentRelease]:
    """Return for each product the newest of its releases that consumers read."""
    pointers, releases = tables.pointers, tables.releases
    query = (
        select(pointers.c.product, func.max(releases.c.number), func.max(releases.c.created_at))
        .join(
            releases,
            (releases.c.environment == pointers.c.environment)
            & (releases.c.product == pointers.c.product)
            & (releases.c.number == pointers.c.release),
        )
        .where(pointers.c.environment == PROD)
        .group_by(pointers.c.product)
    )
    return {
        product: CurrentRelease(number, at) for product, number, at in connection.execute(query)
    }


def last_runs(
    connection: Connection, products: Collection[str], *, checked: bool = False
) -> dict[str, LastRun]:
    """Return the last run of each of some products; or the last one whose rows were checked."""
    table = tables.runs
    found: dict[str, LastRun] = {}
    for some in _portions(products):
        where = (table.c.environment == PROD) & table.c.product.in_(some) & tells()
        if checked:
            where &= table.c.state.in_(_CHECKED)
        last = (
            select(table.c.product, func.max(table.c.started_at).label("started_at"))
            .where(where)
            .group_by(table.c.product)
            .subquery()
        )
        query = (
            select(table.c.product, table.c.id, table.c.state, table.c.finished_at)
            .join(
                last,
                (last.c.product == table.c.product) & (last.c.started_at == table.c.started_at),
            )
            .where(where)
        )
        for product, run, state, finished in connection.execute(query):
            found[product] = LastRun(run, RunState(state), finished)
    return found


def kept_contracts(connection: Connection) -> dict[str, bool]:
    """Return whether the rows of each product kept its contract when they were checked last."""
    table = tables.runs
    where = (table.c.environment == PROD) & table.c.state.in_(_CHECKED) & tells()
    last = (
        select(table.c.product, func.max(table.c.started_at).label("started_at"))
        .where(where)
        .group_by(table.c.product)
        .subquery()
    )
    query = (
        select(table.c.product, table.c.state)
        .join(last, (last.c.product == table.c.product) & (last.c.started_at == table.c.started_at))
        .where(where)
    )
    return {
        product: state == RunState.PUBLISHED.value for product, state in connection.execute(query)
    }


def reports_of(connection: Connection, runs: Collection[str]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the reports of some runs, as they were stored."""
    table = tables.runs
    found: dict[str, list[Mapping[str, Any]]] = {}
    for some in _portions(runs):
        query = select(table.c.id, table.c.reports).where(table.c.id.in_(some))
        found |= {run: list(reports or ()) for run, reports in connection.execute(query)}
    return found


def grantees(
    connection: Connection, now_us: int, dataset_ids: Collection[str] | None = None
) -> dict[str, frozenset[str]]:
    """Return with whom there are agreements in force about datasets, by the id of each: of some, or of all."""
    table = tables.agreements
    query = select(table.c.dataset_id, table.c.grantee).where(
        (table.c.since <= now_us) & (table.c.until > now_us) & table.c.revoked_at.is_(None)
    )
    found: dict[str, set[str]] = defaultdict(set)
    portions = [None] if dataset_ids is None else _portions(dataset_ids)
    for some in portions:
        asked = query if some is None else query.where(table.c.dataset_id.in_(some))
        for dataset_id, grantee in connection.execute(asked):
            found[dataset_id].add(grantee)
    return {dataset_id: frozenset(them) for dataset_id, them in found.items()}


def stars(connection: Connection) -> dict[str, tuple[int, float]]:
    """Return how many people rated each product, and the mean of their stars."""
    table = tables.ratings
    query = select(table.c.product, func.count(), func.sum(table.c.stars)).group_by(table.c.product)
    return {
        product: (count, round(int(total) / count, 2))
        for product, count, total in connection.execute(query)
    }


def _portions(names: Collection[str]) -> list[list[str]]:
    ordered = sorted(names)
    return [ordered[begin : begin + _AT_ONCE] for begin in range(0, len(ordered), _AT_ONCE)]
