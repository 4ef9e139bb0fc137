"""An answer as people want it: Arrow, pandas, Polars or plain rows."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from ghala.model.frames import Frames

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from ghala.query.answered import Answer


class Result(Frames):
    """The answer to one question; asked when it is first used, and answered once.

    `arrow()`, `pandas()`, `polars()` and `rows()` take the whole answer. To stream it, use the result as a context
    manager and read `batches()`; leaving the block early cancels the query.
    """

    def __init__(self, asking: AbstractContextManager[Answer]) -> None:
        self._asking = asking
        self._stack = ExitStack()
        self._answer: Answer | None = None
        self._is_asked = False

    def __enter__(self) -> Self:
        """Ask."""
        if self._is_asked:
            raise RuntimeError("a result is answered once: keep what it gave, or ask again")
        self._is_asked = True
        self._answer = self._stack.enter_context(self._asking)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cancel what was not read."""
        self._answer = None
        self._stack.__exit__(kind, error, trace)

    @property
    def schema(self) -> pa.Schema:
        """The answer's columns; known once it was asked."""
        return self._open.schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Return the rows as a stream of record batches; needs the `with` block."""
        return self._open.batches()

    def arrow(self) -> pa.Table:
        """Return all rows as an Arrow table."""
        if self._answer is not None:
            return pa.Table.from_batches(list(self.batches()), self.schema)
        with self:
            return pa.Table.from_batches(list(self.batches()), self.schema)

    @property
    def _open(self) -> Answer:
        if self._answer is None:
            raise RuntimeError("read a result's stream inside `with app.sql(...) as result:`")
        return self._answer
