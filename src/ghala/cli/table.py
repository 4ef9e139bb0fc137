"""Aligned text tables: rows in, lines out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from ghala.cli.escape import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GAP = "  "
NARROWEST = 8
"""A column is never cut below this many characters; columns that then do not fit are left out."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide each shown column is; `hidden` counts the columns that found no room."""

    widths: tuple[int, ...]
    right: tuple[bool, ...]
    hidden: int

    @property
    def is_whole(self) -> bool:
        """Whether every column is shown."""
        return not self.hidden


def cell_text(value: object) -> str:
    r"""Return what a cell shows: NULL is visible, control characters are written out.

    >>> cell_text(None), cell_text(True), cell_text("a\tb")
    ('NULL', 'true', 'a\\tb')
    """
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case _:
            return escaped(str(value))


def shown_width(text: str) -> int:
    """Return how many terminal cells a text takes.

    >>> shown_width("abc"), shown_width("東京")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - only texts beyond ASCII need it

    return cell_len(text)


def lay_out(
    header: Sequence[str], sample: Sequence[Sequence[str]], right: Sequence[bool], room: int | None
) -> Layout:
    """Decide the columns' widths from a sample of rows; `room` is the terminal's width, None for no limit.

    >>> lay_out(["id", "note"], [["1", "x" * 40]], [True, False], 20).widths
    (2, 16)
    """
    widths = [
        max([shown_width(name), *(shown_width(row[index]) for row in sample)])
        for index, name in enumerate(header)
    ]
    if room is None:
        return Layout(tuple(widths), tuple(right), 0)
    while widths and _total(widths) > room and max(widths) > NARROWEST:
        widest = max(widths)
        index = widths.index(widest)
        following = max([width for width in widths if width < widest], default=NARROWEST)
        over = _total(widths) - room
        widths[index] = (
            max(NARROWEST, following, widest - over) if widths.count(widest) == 1 else widest - 1
        )
    shown = len(widths)
    while shown > 1 and _total(widths[:shown]) > room:
        shown -= 1
    return Layout(tuple(widths[:shown]), tuple(right[:shown]), len(widths) - shown)


def lines(layout: Layout, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Print rows of texts in a layout; a text that is too long ends in `…`."""
    for row in rows:
        cells = zip(row, layout.widths, layout.right, strict=False)
        yield GAP.join(_fit(*cell) for cell in cells).rstrip()


def rule(layout: Layout) -> str:
    """Return the line below the header."""
    return GAP.join("─" * width for width in layout.widths)


def table(
    header: Sequence[str], rows: Sequence[Sequence[object]], room: int | None = None
) -> Iterator[str]:
    """Print a small table whole: numbers to the right, all else to the left; what finds no room goes on below."""
    texts = [[cell_text(value) for value in row] for row in rows]
    right = [
        all(_is_number(row[index]) for row in rows) and bool(rows) for index in range(len(header))
    ]
    layout = lay_out(header, texts, right, room)
    yield from _folded(layout, header)
    yield rule(layout)
    for row in texts:
        yield from _folded(layout, row)


def _folded(layout: Layout, row: Sequence[str]) -> Iterator[str]:
    cells = [fold(text, width) for text, width in zip(row, layout.widths, strict=False)]
    yield from lines(layout, zip_longest(*cells, fillvalue=""))


def fold(text: str, width: int) -> list[str]:
    """Cut a text into lines that fit, after a space or a sign unless that makes a line very short.

    >>> fold("dataset:read_finished", 12), fold("", 3)
    (['dataset:', 'read_', 'finished'], [''])
    """
    folded = []
    while shown_width(text) > width:
        end = width
        while end > 1 and shown_width(text[:end]) > width:
            end -= 1
        signs = [at for at in range(end // 3 + 1, end + 1) if not text[at - 1].isalnum()]
        spaces = [at for at in signs if text[at - 1] == " "]
        end = max(spaces or signs, default=end)
        folded.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*folded, text]


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _fit(text: str, width: int, right: bool) -> str:  # noqa: FBT001 - a row of the layout
    excess = shown_width(text) - width
    if excess > 0:
        while shown_width(text) > width - 1:
            text = text[:-1]
        text += "…"
    padding = " " * (width - shown_width(text))
    return padding + text if right else text + padding
