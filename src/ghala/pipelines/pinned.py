"""What a run begins with: the releases that it reads, pinned in one transaction, and what decides about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import StepError
from ghala.pipelines.lineage import descent_of
from ghala.registry import releases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.lake.scan import Scans
    from ghala.model.names import DatasetName
    from ghala.model.scan import PhysicalScan
    from ghala.pipelines.graph import Planned
    from ghala.pipelines.lineage import Descent
    from ghala.pipelines.reads import ProductReads, Rights
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin


@dataclass(frozen=True, slots=True)
class Pinned:
    """The inputs of one run, and its product's own current states by the datasets' identities."""

    pins: Sequence[Pin]
    own: Mapping[str, Pin]
    scans: Mapping[DatasetName, PhysicalScan]
    descent: Descent
    reads: ProductReads


def pin_inputs(
    registry: Registry,
    scans: Scans,
    rights: Rights,
    planned: Planned,
    environment: str,
) -> Pinned:
    """Pin what a product reads in an environment.

    Raises:
        StepError: something of it has no release yet.
    """
    product, plan = planned.product, planned.plan
    with registry.read() as connection:
        pins = releases.current(connection, environment, plan.datasets)
        own = releases.own(connection, environment, product)
        descent = descent_of(connection, product, pins, own)
        reads = rights.of(connection, product, pins, planned.definitions)
    missing = sorted(plan.datasets - set(pins))
    if missing:
        raise StepError(
            f"{product.name} reads {missing[0]}, which has no release yet",
            hint="run the product that makes it first: `ghala run` runs all in order",
        )
    used = [pins[name] for name in sorted(plan.datasets)]
    files = {
        pin.dataset.name: scans.of(pin.dataset.metadata_location, pin.dataset.snapshot_id)
        for pin in used
    }
    return Pinned(used, own, files, descent, reads)
