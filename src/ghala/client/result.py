"""The answer of a server: Arrow, pandas, Polars or rows, whole or as a stream."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from ghala.client.faults import ServerError
from ghala.errors import MissingExtraError
from ghala.model.frames import Frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import TracebackType

    import pyarrow as pa

    from ghala.client.transport import Body


ARROW = "application/vnd.apache.arrow.stream"
"""The form in which answers come."""


class Result(Frames):
    """The answer to one question; asked when it is first used, and answered once.

    It has the surface of a local workspace's results: `arrow()`, `pandas()`, `polars()` and `rows()` take the whole
    answer; as a context manager it streams `batches()`.
    """

    def __init__(self, ask: Callable[[], AbstractContextManager[Body]]) -> None:
        self._ask = ask
        self._stack = ExitStack()
        self._reader: pa.RecordBatchStreamReader | None = None
        self._is_asked = False

    def __enter__(self) -> Self:
        """Ask."""
        if self._is_asked:
            raise RuntimeError("a result is answered once: keep what it gave, or ask again")
        self._is_asked = True
        arrow = _arrow()
        try:
            answer = self._stack.enter_context(self._ask())
            try:
                self._reader = arrow.ipc.open_stream(answer)
            except arrow.ArrowInvalid:
                raise ServerError(
                    "what the server sent is no Arrow stream",
                    hint="is something between it and us?",
                ) from None
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave what was not read."""
        self._reader = None
        self._stack.__exit__(kind, error, trace)

    @property
    def schema(self) -> pa.Schema:
        """The answer's columns; known once it was asked."""
        return self._open.schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows as record batches; needs the `with` block."""
        arrow = _arrow()
        try:
            yield from self._open
        except arrow.ArrowInvalid:
            # The answer ends before its own end: nobody must take it for whole.
            raise ServerError("the answer broke off on its way", hint="ask again") from None

    def arrow(self) -> pa.Table:
        """Return all rows as an Arrow table."""
        if self._reader is not None:
            return _arrow().Table.from_batches(list(self.batches()), self.schema)
        with self:
            return _arrow().Table.from_batches(list(self.batches()), self.schema)

    @property
    def _open(self) -> pa.RecordBatchStreamReader:
        if self._reader is None:
            raise RuntimeError(
                "read a result's stream inside `with connection.sql(...) as result:`"
            )
        return self._reader


def _arrow() -> Any:
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - lists need no Arrow, and start faster without
        import pyarrow.ipc  # noqa: PLC0415 - likewise
    except ModuleNotFoundError as error:
        raise MissingExtraError("answers need pyarrow", hint="pip install pyarrow") from error
    return pyarrow
