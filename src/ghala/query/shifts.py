"""What moved between two profiles, as far as both were shown to whoever asks. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ghala.model.profile import Shift

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ghala.query.discover import Facts

_SHOWN = ("null_share", "approximate_distinct", "minimum", "maximum", "mean")
_NULLS = 0.01
_FEWER, _MORE = 0.8, 1.25
_OF_DEVIATION = 0.25
_OTHER_VALUES = 0.1


def shifts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Facts]:
    """Return the columns of which something moved, with what was and what is. Both are facts of a profile.

    >>> one = {"name": "n", "null_share": 0.0, "approximate_distinct": 10, "minimum": "1", "maximum": "9", "mean": 5.0}
    >>> one |= {"standard_deviation": 2.0, "top": []}
    >>> found = shifts({"columns": [one]}, {"columns": [one | {"mean": 6.0, "null_share": 0.2}]})
    >>> [(column["name"], [str(sign) for sign in column["shifts"]]) for column in found]
    [('n', ['mean', 'nulls'])]
    """
    old = {one["name"].lower(): one for one in before["columns"]}
    found: list[Facts] = []
    for new in after["columns"]:
        one = old.get(new["name"].lower())
        signs = [] if one is None else sorted(_signs(one, new))
        if one is not None and signs:
            sides = {"before": one, "after": new}
            shown = {side: {name: of[name] for name in _SHOWN} for side, of in sides.items()}
            found.append({"name": new["name"], "shifts": signs, **shown})
    return found


def _signs(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Shift]:
    def both(name: str) -> tuple[Any, Any] | None:
        pair = old[name], new[name]
        return None if None in pair else pair

    if (nulls := both("null_share")) and abs(nulls[1] - nulls[0]) >= _NULLS:
        yield Shift.NULLS
    if distinct := both("approximate_distinct"):
        ratio = distinct[1] / distinct[0] if distinct[0] else 1.0 + distinct[1]
        if not _FEWER < ratio < _MORE:
            yield Shift.DISTINCT
    if any((pair := both(name)) and pair[0] != pair[1] for name in ("minimum", "maximum")):
        yield Shift.RANGE
    if mean := both("mean"):
        least = _OF_DEVIATION * (old["standard_deviation"] or 0.0)
        if mean[0] != mean[1] and abs(mean[1] - mean[0]) >= least:
            yield Shift.MEAN
    if old["top"] and new["top"] and _other_values(old, new) >= _OTHER_VALUES:
        yield Shift.VALUES


def _other_values(old: Mapping[str, Any], new: Mapping[str, Any]) -> float:
    """Return which share of the rows went from one of the most frequent values to another."""
    before, after = (_shares(one) for one in (old, new))
    values = before.keys() | after.keys()
    return sum(abs(before.get(value, 0.0) - after.get(value, 0.0)) for value in values) / 2


def _shares(column: Mapping[str, Any]) -> dict[str, float]:
    return {str(top["value"]): float(top["share"] or 0.0) for top in column["top"]}
