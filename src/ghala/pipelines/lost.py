"""Runs whose process ended without a word: they are marked as failed, and told, without waiting for the next run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.publish.tell import tell_abandoned
from ghala.registry import runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

LOOKED_EVERY_S = 60.0


def settle_lost(registry: Registry, definitions: Callable[[], Definitions]) -> int:
    """Mark the runs that nobody runs any more, and return how many there were."""
    with registry.read() as connection:
        if not runs.lost(connection):
            return 0
    products = definitions().products
    with registry.write() as connection:
        # Asked again: whoever claimed one of their products meanwhile has marked it.
        found = runs.lost(connection)
        runs.give_up(connection, [run.id for run in found])
        for run in found:
            if run.product in products:
                tell_abandoned(connection, run, products[run.product], run.id)
    return len(found)
