"""An answer: the rows of one question, and the releases that they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ghala.model.names import DatasetName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

Pinned: TypeAlias = tuple[DatasetName, int]
"""A dataset in one of its releases."""


@dataclass(slots=True)
class Answer:
    """The rows of one question, to be read once, and the releases of datasets that they come from."""

    schema: pa.Schema
    pins: Sequence[Pinned]
    stream: Iterator[pa.RecordBatch] = field(repr=False)

    @property
    def releases(self) -> Mapping[DatasetName, int]:
        """The release of each dataset; the newest, where a statement names several."""
        return dict(self.pins)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows as record batches, as they are made."""
        return self.stream
