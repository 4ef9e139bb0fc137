"""Writing a department's files, a few thousand records at a time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ghala.testing.demo.defects import Defect, FileTally

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable
    from pathlib import Path

RECORDS_AT_ONCE = 20_000


def write_records(
    landing: Path,
    path: str,
    records: Iterable[str],
    defects: Counter[Defect],
    *,
    header: str | None = None,
) -> FileTally:
    """Write one file below `landing`, a record per line, and return what is in it.

    `defects` is filled by whoever makes the records, while they are made.
    """
    file = landing / path
    file.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    remaining = iter(records)
    with file.open("w", encoding="utf-8", newline="") as stream:
        if header is not None:
            stream.write(header + "\n")
        while chunk := list(islice(remaining, RECORDS_AT_ONCE)):
            count += len(chunk)
            stream.write("\n".join(chunk))
            stream.write("\n")
    return FileTally(path, count, dict(sorted(defects.items())))
