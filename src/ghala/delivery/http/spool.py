"""Answers on their way: whole before the first byte is sent, so that no error comes behind a status that said well.

A worker is free again as soon as it has answered, however slowly a client reads.
"""

from __future__ import annotations

import io
import json
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from ghala.errors import LimitError
from ghala.model.plain import plain
from ghala.query.forms import Form, rows_of, write_form

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ghala.model.principal import Principal
    from ghala.query.answer import Answer
    from ghala.query.discover import Asking

MEMORY_BYTES = 4_000_000
"""Up to so many bytes an answer waits in memory, then in a file without a name."""
LONGEST_BYTES = 2**30
CHUNK_BYTES = 256 * 1024


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


def answered(
    asking: Asking,
    sql: str,
    principal: Principal,
    *,
    environment: str,
    row_limit: int | None,
    form: Form,
    folder: Path,
) -> Spool:
    """Answer a question whole; JSON is one page, with its columns and releases.

    Raises:
        GhalaError: there is no answer, or it is larger than allowed.
    """
    spool = Spool(folder)
    try:
        with asking.answer(sql, principal, environment=environment, row_limit=row_limit) as answer:
            if form is Form.JSON:
                _write_page(answer, spool)
            else:
                # Arrow closes what it wrote to; what is kept here is not yet sent.
                kept = cast("BinaryIO", _Open(spool))
                write_form(answer.schema, answer.batches(), form, kept)
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


def _write_page(answer: Answer, spool: Spool) -> None:
    columns = [{"name": field.name, "type": str(field.type)} for field in answer.schema]
    releases = {str(name): number for name, number in sorted(answer.releases.items())}
    spool.write(b'{"columns":%s,"releases":%s,"rows":[' % (_json(columns), _json(releases)))
    count = 0
    for row in rows_of(answer.batches()):
        spool.write((b"," if count else b"") + _json([plain(value) for value in row]))
        count += 1
    spool.write(b'],"row_count":%d}' % count)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
