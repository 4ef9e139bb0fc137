"""What a release says of service levels: the time before it in which they were missed is noted with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.incident import level_key
from ghala.model.service_level import LevelKind, missed_span
from ghala.publish.incident import resolve_levels
from ghala.registry import incidents, levels
from ghala.registry.levels import LastRelease

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.names import DatasetName
    from ghala.model.product import Product
    from ghala.model.release import Release
    from ghala.model.service_level import PromisedLevel, Span
    from ghala.registry.identity import Transaction

_US = 1_000_000


def note_levels(
    connection: Transaction,
    product: Product,
    release: Release,
    created_at_us: int,
    before: Mapping[str, LastRelease],
) -> None:
    """Note of each dataset of a release whether it came in time, as the contract promises that it is released under.

    `before` has the last release of each dataset before this one, by its identity.
    """
    now_s = created_at_us // _US
    promised = {dataset.id: dataset.levels for dataset in product.datasets}
    for dataset in release.datasets:
        last = before.get(dataset.dataset_id)
        last_s = now_s if last is None else last.at_s
        found = promised.get(dataset.dataset_id, ())
        environment, name = release.environment, dataset.name
        this = LastRelease(release.product, release.number, now_s)
        spans: dict[LevelKind, Span] = {}
        for level in found:
            newest_s = _newest_s(connection, level, environment, last, name)
            span = missed_span(level, last_s, now_s, newest_s)
            if span is not None:
                spans[level.kind] = span
        levels.note_release(
            connection, environment, dataset.dataset_id, levels=found, missed=spans, now_s=now_s
        )
        for level in found:
            key = level_key(environment, dataset.dataset_id, level.kind)
            missed = incidents.of_key(connection, key) if level.has_budget else None
            newest_s = _newest_s(connection, level, environment, this, name)
            # One that came too late is no end of being late.
            if missed is not None and level.due_s(now_s, newest_s) > now_s:
                resolve_levels(connection, product, missed, created_at_us)


def _newest_s(
    connection: Transaction,
    level: PromisedLevel,
    environment: str,
    release: LastRelease | None,
    dataset: DatasetName,
) -> int | None:
    """Return the newest moment in the column that a level looks at; None where it looks at none."""
    if level.kind is not LevelKind.LATENCY or release is None:
        return None
    return levels.newest_s(connection, environment, release, dataset, level.column)
