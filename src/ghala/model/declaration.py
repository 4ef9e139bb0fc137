"""Declarations: what an owner says that a column does not carry on from the columns that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.names import DatasetName


@dataclass(frozen=True, slots=True)
class Declaration:
    """One recorded decision about one column: it does not carry `tag`, or it is `classification`.

    It holds for `origins` alone, the columns from which that would have come when it was declared: what comes in later
    is not covered. It stays on record after it was withdrawn.
    """

    id: str
    dataset: DatasetName
    dataset_id: str
    column: str
    tag: str | None
    classification: str | None
    origins: tuple[str, ...]
    reason: str
    declared_by: str
    declared_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether it holds."""
        return self.withdrawn_at is None

    def was_in_force(self, at: datetime) -> bool:
        """Return whether it held at a time."""
        return self.declared_at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)
