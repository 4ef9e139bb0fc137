"""Decides which quotes open and close well-formed fields, and which lines they spoil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ghala.ingest.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LF, CR = 10, 13
_NARROW = 64
"""How many quotes are looked at after a malformed one; doubled twice with each clean look."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the quotes of a buffer mean.

    `ends` are the line ends that end a record; `quotes` are those of well-formed fields, alternately opening and
    closing; `reasons` says, by start, which records are malformed: each ends with its physical line.
    """

    ends: NDArray[np.int64]
    quotes: NDArray[np.int64]
    reasons: Mapping[int, Reason]


@dataclass(slots=True)
class _Search:
    data: bytes
    view: NDArray[np.uint8]
    newlines: NDArray[np.int64]
    quotes: NDArray[np.int64]
    delimiter: int
    terminator: int

    def first_bad(self, segment: int, begin: int, end: int, origin: int) -> int | None:
        """Return the index of the first quote in [begin, end) that stands where none may; None if all are right.

        Quotes alternate from index `segment` on, which opens; `origin` is where the segment's first record begins.
        """
        quotes = self.quotes[begin:end]
        opening, closing = quotes[0::2], quotes[1::2]
        before = self.view[np.maximum(opening - 1, 0)]
        is_right = (before == self.delimiter) | (before == self.terminator) | (opening == origin)
        previous = np.empty_like(opening)
        previous[0] = self.quotes[begin - 1] if begin > segment else -2
        previous[1:] = closing[: len(opening) - 1]
        is_right |= previous == opening - 1
        worst = [begin + 2 * int(np.argmin(is_right))] if not is_right.all() else []
        if len(closing):
            padded = self.view
            last = len(self.data) - 1
            after = padded[np.minimum(closing + 1, last)]
            is_right = (after == self.delimiter) | (after == self.terminator) | (closing >= last)
            if self.terminator == LF:
                second = padded[np.minimum(closing + 2, last)]
                is_right |= (after == CR) & ((second == LF) | (closing + 1 >= last))
            following = np.empty_like(closing)
            following[:-1] = opening[1 : len(closing)]
            rest = begin + 2 * len(closing)
            following[-1] = self.quotes[rest] if rest < len(self.quotes) else -1
            is_right |= following == closing + 1
            if not is_right.all():
                worst.append(begin + 2 * int(np.argmin(is_right)) + 1)
        return min(worst) if worst else None

    def reason(self, segment: int, bad: int) -> Reason:
        """Return in what way a quote is wrong."""
        if (bad - segment) % 2 == 0:
            place = int(self.quotes[bad])
            before = self.view[place - 1] if place else self.terminator
            is_doubled = bad > segment and int(self.quotes[bad - 1]) == place - 1
            is_opening = before in (self.delimiter, self.terminator) or is_doubled
            return Reason.QUOTE_UNCLOSED if is_opening else Reason.QUOTE_IN_FIELD
        low, high = np.searchsorted(self.newlines, self.quotes[bad - 1 : bad + 1])
        return Reason.TEXT_AFTER_QUOTE if low == high else Reason.QUOTE_UNCLOSED

    def record_start(self, segment: int, opening: int, origin: int) -> tuple[int, int]:
        """Return where the record with an opening quote begins, and the index of that record's first quote."""
        while True:
            low = int(self.quotes[opening - 1]) if opening > segment else origin - 1
            line_end = int(np.searchsorted(self.newlines, self.quotes[opening])) - 1
            if line_end >= 0 and int(self.newlines[line_end]) > low:
                return int(self.newlines[line_end]) + 1, opening
            if opening == segment:
                return origin, opening
            opening -= 2


def settle(
    data: bytes,
    newlines: NDArray[np.int64],
    quotes: NDArray[np.int64],
    *,
    delimiter: int,
    terminator: int,
    longest: int,
) -> Settled:
    r"""Return what the quotes of a buffer that begins with a record mean.

    Quotes are right where RFC 4180 puts them: an opening one follows a delimiter or a line end, a closing one precedes
    one; two together inside a field stand for one. The first wrong quote spoils the physical line on which its record
    begins; that line's quotes are then forgotten and the rest is read as if it began on the next line. A last quote
    that stays open is wrong when more than `longest` bytes follow; until then the rest of the record may still come.

    >>> data = b'1,"a\nb"\n2,x"y\n3,"z"\n'
    >>> newlines, quotes = np.array([4, 7, 13, 19]), np.array([2, 6, 11, 16, 18])
    >>> found = settle(data, newlines, quotes, delimiter=44, terminator=10, longest=0)
    >>> found.ends.tolist(), dict(found.reasons)
    ([7, 13, 19], {8: <Reason.QUOTE_IN_FIELD: 'quote_in_field'>})
    """
    search = _Search(data, np.frombuffer(data, np.uint8), newlines, quotes, delimiter, terminator)
    kept: list[NDArray[np.int64]] = []
    reasons: dict[int, Reason] = {}
    segment = begin = origin = 0
    count = window = len(quotes)
    open_end: int | None = None
    while begin < count:
        end = min(begin + window, count)
        bad = search.first_bad(segment, begin, end, origin)
        is_odd = (end - begin) % 2 == 1
        if bad is None and is_odd and len(data) - int(quotes[end - 1]) > longest:
            bad = end - 1
        elif bad is None:
            begin = end
            window *= 4
            if begin == count:
                kept.append(quotes[segment : end - is_odd])
                open_end = int(quotes[end - 1]) if is_odd else None
            continue
        opening = bad - (bad - segment) % 2
        start, first = search.record_start(segment, opening, origin)
        kept.append(quotes[segment:first])
        line = int(np.searchsorted(newlines, start))
        if line >= len(newlines):
            # The line is not here in full: it is judged again with the next block.
            open_end = start
            break
        reasons[start] = search.reason(segment, bad)
        origin = int(newlines[line]) + 1
        segment = begin = int(np.searchsorted(quotes, origin))
        window = _NARROW
    settled = np.concatenate(kept) if kept else np.empty(0, np.int64)
    ends = newlines
    if len(settled):
        ends = newlines[np.searchsorted(settled, newlines) % 2 == 0]
    if open_end is not None:
        ends = ends[ends < open_end]
    return Settled(ends, settled, reasons)
