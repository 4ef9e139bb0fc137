"""What a release says of service levels: the time before it in which they were missed is noted with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.incident import level_key
from ghala.model.service_level import missed_span
from ghala.publish.incident import resolve_levels
from ghala.registry import incidents, levels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.product import Product
    from ghala.model.release import Release
    from ghala.registry.identity import Transaction
    from ghala.registry.levels import LastRelease

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
        spans = {level.kind: missed_span(level, last_s, now_s) for level in found}
        levels.note_release(
            connection,
            release.environment,
            dataset.dataset_id,
            levels=found,
            missed={kind: span for kind, span in spans.items() if span is not None},
            now_s=now_s,
        )
        for level in found:
            key = level_key(release.environment, dataset.dataset_id, level.kind)
            missed = incidents.of_key(connection, key) if level.has_budget else None
            if missed is not None:
                resolve_levels(connection, product, missed, created_at_us)
