"""One row that was kept out, as it was found again, and whether it can be edited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ghala.model.product import Materialisation
from ghala.model.quarantine import CHECK, KeptOutState

if TYPE_CHECKING:
    from ghala.model.contract import Dataset
    from ghala.model.outcome import Quarantined
    from ghala.model.product import Product
    from ghala.model.quarantine import Repair

LONGEST_SHOWN = 100_000
"""So many bytes of one record are shown; the rest is in the copy of its file."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row that was kept out. A record has its file and its raw bytes, a row that broke rules has its values."""

    id: str
    batch: Quarantined
    position: int
    reasons: tuple[str, ...]
    message: str
    column: str | None = None
    file: str | None = None
    record: int | None = None
    line: int | None = None
    raw: bytes | None = field(default=None, repr=False)
    values: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """A row that was found again, with what was decided about it.

    `is_published` says whether what its run published is in the data.
    """

    product: Product
    dataset: Dataset
    row: KeptRow
    repair: Repair | None
    is_published: bool

    @property
    def state(self) -> KeptOutState:
        """What became of it."""
        return KeptOutState.OPEN if self.repair is None else self.repair.state


def is_appended(product: Product, dataset: Dataset) -> bool:
    """Return whether runs add to a dataset what they make; otherwise each makes it anew."""
    steps = product.pipeline.steps if product.pipeline else ()
    return any(
        step.dataset == dataset.name and step.materialisation is Materialisation.APPEND
        for step in steps
    )


def why_not(one: Found) -> str | None:
    """Return why a row cannot be edited; None if it can."""
    if one.state is KeptOutState.RELEASED:
        release = one.repair.release if one.repair else None
        return f"it is in the data since release {release}"
    if one.row.raw is not None and len(one.row.raw) > LONGEST_SHOWN:
        return f"it is longer than {LONGEST_SHOWN:,} bytes: mend its file and run it again"
    if one.row.batch.kind != CHECK:
        return None
    if not is_appended(one.product, one.dataset):
        return "each run makes this dataset anew: mend its source or its steps, and run it again"
    if not one.is_published:
        return "its run published nothing that is in the data: mend its file and run it again"
    return None
