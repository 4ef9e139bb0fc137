"""Tells which values are written so plainly that an ordinary cast is strict enough: nearly all, nearly always.

A glance at the bytes costs a fraction of what casting back does. Plain means that the cast either takes the value
exactly or refuses it: range and calendar are left to the cast. A value that is not plain is not wrong: it meets the
exact rules of `cast`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ghala.model.types import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from ghala.model.product import SourceColumn

_NUMBERS = frozenset({Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE, Kind.INTEGER})
_DAY = "dddd-dd-dd"
_SHAPES = {
    Kind.DATE: (_DAY,),
    Kind.TIMESTAMP: tuple(f"{_DAY} dd:dd:dd{fraction}" for fraction in ("", ".ddd", ".dddddd")),
}
_ZERO, _NINE, _DASH, _DOT = ord("0"), ord("9"), ord("-"), ord(".")
_LONGEST_NUMBER = 300
"""A number of at most so many characters without exponent does not become infinite, nor zero, as a double."""


def has_plain_form(column: SourceColumn) -> bool:
    """Return whether `slow_values` knows how plain values of a column look."""
    if column.type.kind in _NUMBERS:
        return column.decimal == "." and not column.grouping
    return column.type.kind in _SHAPES and not column.formats


def slow_values(
    texts: pa.RecordBatch, columns: Sequence[SourceColumn]
) -> list[NDArray[np.bool_] | None]:
    """Return, by column, which values are not written in the column's plain form; None if all are or it has none."""
    return [_slow(array, column) for array, column in zip(texts.columns, columns, strict=True)]


def _slow(array: pa.Array, column: SourceColumn) -> NDArray[np.bool_] | None:
    if not len(array) or not has_plain_form(column):
        return None
    values = _Values.of(array)
    slow = np.zeros(len(array), np.bool_)
    if column.type.kind in _NUMBERS:
        _mark_numbers(values, column, slow)
    else:
        _mark_shapes(values, _SHAPES[column.type.kind], slow)
    return slow if slow.any() else None


@dataclass(frozen=True, slots=True)
class _Values:
    """The bytes of a column of strings: value `i` is `text[starts[i]:ends[i]]`; NULL is an empty one."""

    text: NDArray[np.uint8]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @classmethod
    def of(cls, array: pa.Array) -> _Values:
        _, offsets, data = array.buffers()
        if data is None or not len(array):
            nothing = np.zeros(len(array), np.int32)
            return cls(np.zeros(1, np.uint8), nothing, nothing)
        bounds = np.frombuffer(offsets, np.int32, len(array) + 1, 4 * array.offset)
        first, last = int(bounds[0]), int(bounds[-1])
        text = (
            np.frombuffer(data, np.uint8, last)[first:] if last > first else np.zeros(1, np.uint8)
        )
        return cls(text, bounds[:-1] - first, bounds[1:] - first)

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows in which some bytes lie."""
        return np.searchsorted(self.ends, places, side="right")


def _mark_numbers(values: _Values, column: SourceColumn, slow: NDArray[np.bool_]) -> None:
    text, starts, ends = values.text, values.starts, values.ends
    last = len(text) - 1
    begin = starts
    lengths = ends - starts
    whole_ends = ends
    count = 0
    # Least and greatest need no memory: most whole numbers are known by them alone.
    if ends[-1] and not (text.min() >= _ZERO and text.max() <= _NINE):
        is_other = (text - _ZERO) > 9  # noqa: PLR2004 - unsigned: everything but digits is above
        count = int(np.count_nonzero(is_other))
    if count:
        # The usual cases need no search for the rows: a sign or none, and as many places as the type has.
        signs = (text[np.minimum(starts, last)] == _DASH) & (lengths > 1)
        begin = starts + signs
        count -= int(np.count_nonzero(signs))
        scale = column.type.scale
        if count == len(ends) and scale and bool((lengths > scale + 1).all()):
            dots = ends - (scale + 1)
            if bool((text[dots] == _DOT).all()) and bool((dots > begin).all()):
                count, whole_ends = 0, dots
    if count:
        others = np.flatnonzero(is_other)
        marks = text[others]
        is_inside = (marks == _DASH) & (others != begin[values.rows(others)] - 1)
        slow[values.rows(others[is_inside | ((marks != _DASH) & (marks != _DOT))])] = True
        if len(dots := others[marks == _DOT]):
            whole_ends = _mark_places(values, dots, begin, column, slow)
    first = text[np.minimum(begin, last)]
    slow |= (first == _ZERO) & (whole_ends - begin > 1)
    slow |= lengths > _LONGEST_NUMBER


def _mark_places(
    values: _Values,
    dots: NDArray[np.int64],
    begin: NDArray[np.int32],
    column: SourceColumn,
    slow: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Mark values whose decimal point stands wrong, or before too many places; return where the whole part ends."""
    ends = values.ends
    most = {Kind.DECIMAL: column.type.scale, Kind.DOUBLE: _LONGEST_NUMBER}
    most_places = most.get(column.type.kind, 0)
    rows = values.rows(dots)
    whole_ends = ends.copy()
    whole_ends[rows] = dots
    places = ends[rows] - dots - 1
    is_bad = (places < 1) | (places > most_places) | (dots <= begin[rows])
    is_bad[1:] |= rows[1:] == rows[:-1]
    slow[rows[is_bad]] = True
    return whole_ends


def _mark_shapes(values: _Values, shapes: Sequence[str], slow: NDArray[np.bool_]) -> None:
    lengths = values.ends - values.starts
    present = np.flatnonzero(lengths)
    if not len(present):
        return
    width = int(lengths[present[0]])
    shape = next((shape for shape in shapes if len(shape) == width), None)
    if shape is None:
        slow[present] = True
        return
    if len(present) * width == len(values.text) and bool((lengths[present] == width).all()):
        rows, table = present, values.text.reshape(-1, width)
    else:
        rows = present[lengths[present] == width]
        slow[present[lengths[present] != width]] = True
        table = values.text[values.starts[rows][:, None] + np.arange(width, dtype=np.int32)]
    is_digit = (table - _ZERO) <= 9  # noqa: PLR2004 - unsigned
    marks = [place for place, mark in enumerate(shape) if mark != "d"]
    is_plain = np.ones(len(rows), np.bool_)
    for place in marks:
        is_plain &= table[:, place] == ord(shape[place])
    if int(np.count_nonzero(is_digit)) != len(rows) * (width - len(marks)):
        is_plain &= is_digit.sum(axis=1) == width - len(marks)
    # Year 0 and hour 24 are what the cast takes though they do not come back the same.
    is_plain &= table[:, 0] != _ZERO
    if width > len(_DAY):
        is_plain &= (table[:, 11] < ord("2")) | (table[:, 12] < ord("4"))
    slow[rows[~is_plain]] = True
