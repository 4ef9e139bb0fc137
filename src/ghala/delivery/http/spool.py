"""Answers on their way: whole before the first byte is sent, so that no error comes behind a status that said well.

A worker is free again as soon as it has answered, however slowly a client reads.
"""

from __future__ import annotations

import io
from json import JSONEncoder
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from ghala.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from ghala.delivery.http.forms import Accepted
    from ghala.query.questions import RowPage

MEMORY_BYTES = 4_000_000
"""Up to so many bytes an answer waits in memory, then in a file without a name."""
LONGEST_BYTES = 2**30
CHUNK_BYTES = 256 * 1024
PAGES = "/api/v1/sql/pages"
ROWS_AT_ONCE = 4096
"""So many rows become JSON in one piece."""
_ENCODER = JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Spool(io.RawIOBase):
    """An answer that was written and waits to be sent; `close` it."""

    def __init__(self, folder: Path, longest_bytes: int = LONGEST_BYTES) -> None:
        super().__init__()
        self._kept = SpooledTemporaryFile(MEMORY_BYTES, dir=str(folder))  # noqa: SIM115 - closed by `close`
        self._longest_bytes = longest_bytes
        self.size = 0

    def writable(self) -> bool:
        """Return that it takes bytes."""
        return True

    def write(self, data: Any, /) -> int:
        """Take bytes.

        Raises:
            LimitError: there are more than an answer may have.
        """
        count = memoryview(data).nbytes
        if self.size + count > self._longest_bytes:
            raise LimitError(
                f"the answer has more than {self._longest_bytes:,} bytes",
                hint="aggregate, filter or LIMIT it",
                reason="bytes",
            )
        self._kept.write(data)
        self.size += count
        return count

    @property
    def is_in_memory(self) -> bool:
        """Whether reading it waits for no disk."""
        return self.size <= MEMORY_BYTES

    def chunks(self) -> Iterator[bytes]:
        """Yield what was written, from the beginning."""
        self._kept.seek(0)
        while chunk := self._kept.read(CHUNK_BYTES):
            yield chunk

    def close(self) -> None:
        """Forget the answer."""
        if not self.closed:
            self._kept.close()
        super().close()


def spooled_answer(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], accepted: Accepted, folder: Path
) -> Spool:
    """Write a whole answer.

    Raises:
        GhalaError: it came to no good end, or is larger than allowed.
    """
    from ghala.query.forms import write_form  # noqa: PLC0415 - it needs Arrow, an idle server does not

    spool = Spool(folder)
    try:
        # Arrow closes what it wrote to; what is kept here is not yet sent.
        kept = cast("BinaryIO", _Open(spool))
        write_form(schema, batches, accepted.form, kept, is_guarded=accepted.is_guarded)
    except BaseException:
        spool.close()
        raise
    return spool


def spooled_page(page: RowPage, folder: Path) -> Spool:
    """Write a page as JSON, with its columns and releases.

    Raises:
        GhalaError: it came to no good end, or is larger than allowed.
    """
    spool = Spool(folder)
    try:
        _write_page(page, spool)
    except BaseException:
        spool.close()
        raise
    return spool


class _Open(io.RawIOBase):
    """A file that stays open when a writer closes it."""

    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self._spool = spool

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return self._spool.write(data)


def _write_page(page: RowPage, spool: Spool) -> None:
    from ghala.query.forms import plain_values  # noqa: PLC0415 - it needs Arrow, an idle server does not

    columns = [{"name": field.name, "type": str(field.type)} for field in page.schema]
    releases = {str(name): number for name, number in page.pins}
    spool.write(b'{"columns":%s,"releases":%s,"rows":[' % (_json(columns), _json(releases)))
    count = 0
    for part in _parts(page.batches):
        rows = list(zip(*map(plain_values, part.columns), strict=True))
        # Its brackets are those of the whole list.
        spool.write((b"," if count else b"") + _json(rows)[1:-1])
        count += part.num_rows
    following = None if page.next is None else f"{PAGES}/{page.next}"
    spool.write(
        b'],"row_count":%d,"total_rows":%d,"next":%s,"cursor":%s}'
        % (count, page.total, _json(following), _json(page.next))
    )


def _parts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cut batches, without those that have nothing to show."""
    for batch in batches:
        if batch.num_columns:
            for start in range(0, batch.num_rows, ROWS_AT_ONCE):
                yield batch.slice(start, ROWS_AT_ONCE)


def _json(value: object) -> bytes:
    return _ENCODER.encode(value).encode("utf-8", "replace")
