"""The beginning of a CSV file: encoding, line end, skipped lines, header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ghala.ingest.source import FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.product import SourceColumn

BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def refuse_other_encodings(head: bytes, encoding: str) -> None:
    """Raise if a file begins with the mark of another encoding.

    Raises:
        FileRefusedError: the file is UTF-16 or UTF-32, or UTF-8 while something else is declared.
    """
    for mark, name in _OTHER_BOMS.items():
        if head.startswith(mark):
            raise FileRefusedError(f"the file is {name}: save it as UTF-8")
    if head.startswith(BOM) and encoding != "utf-8":
        raise FileRefusedError(f"the file begins with the mark of UTF-8, not {encoding}")


def first_terminator(head: bytes, quote: str | None, *, is_last: bool) -> bytes | None:
    r"""Return the first line end outside quotes: LF, CR LF or CR; None if more of the file is needed.

    >>> first_terminator(b'a,"b\rc"\r\n1', '"', is_last=False)
    b'\r\n'
    >>> first_terminator(b"a,b\r", '"', is_last=False)
    >>> first_terminator(b"a,b", '"', is_last=True)
    b'\n'
    """
    pattern = rb"\r\n|\n|\r"
    if quote:
        mark = re.escape(quote.encode())
        pattern = mark + rb"[^" + mark + rb"]*" + mark + rb"|" + pattern
    for match in re.finditer(pattern, head):
        found = match.group()
        if found == b"\r" and match.end() == len(head) and not is_last:
            return None
        if found in {b"\n", b"\r\n", b"\r"}:
            return found
    return b"\n" if is_last else None


def skip_lines(head: bytes, terminator: bytes, count: int) -> int | None:
    r"""Return where the line after the first `count` physical lines begins; None if it is not there yet.

    >>> skip_lines(b"made by x\n\na,b\n", b"\n", 2)
    11
    """
    offset = 0
    for _ in range(count):
        found = head.find(terminator[-1:], offset)
        if found < 0:
            return None
        offset = found + 1
    return offset


def field_positions(
    columns: Sequence[SourceColumn], names: Sequence[str] | None
) -> tuple[int, tuple[int, ...]]:
    """Return how many fields a record has, and which of them feeds each column.

    Without a header (`names` is None) the columns are the fields in order, unless `from` is a number, which then is the
    field's place, counted from 1; a record has as many fields as the last of them needs.

    Raises:
        FileRefusedError: the header names a column twice, or not at all.
    """
    if names is None:
        wanted = tuple(
            int(column.origin) - 1 if column.origin.isdecimal() and int(column.origin) else place
            for place, column in enumerate(columns)
        )
        return max(wanted) + 1, wanted
    places = {name: place for place, name in enumerate(names)}
    if len(places) < len(names):
        repeated = len(names) - len(places)
        raise FileRefusedError(f"the header repeats {repeated} of its {len(names)} names")
    missing = [column.origin for column in columns if column.origin not in places]
    if missing:
        shown = ", ".join(f"`{name}`" for name in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""  # noqa: PLR2004 - a screenful
        raise FileRefusedError(f"the header has no column {shown}{more}" + _nearly(missing, places))
    return len(names), tuple(places[column.origin] for column in columns)


def _nearly(missing: Sequence[str], places: dict[str, int]) -> str:
    """Return a remark if the header has the names but for case and blanks; it shows nothing of the file."""
    folded = {name.strip().casefold() for name in places}
    if any(name.strip().casefold() in folded for name in missing):
        return " (but one that differs in case or blanks only)"
    return ""
