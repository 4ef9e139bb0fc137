"""Promotion: every dataset's pointer moves from the state it was built upon to the staged one, or none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ghala.lake.stage import Sealed
    from ghala.model.release import ReleasedDataset


def promote(sealed: Sequence[Sealed], swap: Callable[[ReleasedDataset, str | None], bool]) -> None:
    """Swap all pointers inside the caller's transaction.

    Args:
        sealed: durable states; their files are never touched here, whatever happens.
        swap: moves one pointer if it still has the expected metadata path, and says whether it did.

    Raises:
        ConflictError: a pointer moved since its state was built; the caller's transaction must roll back.
    """
    for state in sealed:
        if not swap(state.dataset, state.base):
            raise ConflictError(
                f"{state.dataset.name} was published by somebody else in the meantime",
                hint="run again: the run will build upon the newer release",
                dataset=str(state.dataset.name),
            )
