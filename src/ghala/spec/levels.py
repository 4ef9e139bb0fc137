"""`slaProperties` of ODCS: which service levels Ghala measures, and for which datasets."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ghala.model.classification import Classification, classification_of
from ghala.model.service_level import TARGET_PERCENT, LevelKind, PromisedLevel
from ghala.model.types import Kind
from ghala.spec.columns import LEVEL_TARGET, custom_properties
from ghala.spec.fields import Fields, number
from ghala.spec.finding import FindingCode
from ghala.spec.node import ScalarNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.contract import Dataset
    from ghala.spec.finding import Findings
    from ghala.spec.node import Node

_DATES = frozenset({"generalavailability", "endofsupport", "endoflife"})
"""What a contract says of its own life: dates for people, which nothing is measured against."""
_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 24 * 3600),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 24 * 3600),
}
_MONTHS = {
    **dict.fromkeys(("mo", "month", "months"), 1),
    **dict.fromkeys(("y", "yr", "year", "years"), 12),
}
_LONGEST = 1_000_000
_MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?(?:(Z)|([+-])(\d\d):(\d\d))?")


def with_levels(
    contract: Fields, datasets: Sequence[Dataset], findings: Findings
) -> tuple[Dataset, ...]:
    """Return the datasets of a contract, each with the service levels that are promised for it and measured."""
    target = _target(contract, findings)
    levels: dict[str, list[PromisedLevel]] = {dataset.name.dataset: [] for dataset in datasets}
    for item in contract.items("slaProperties"):
        fields = Fields(item, findings, what="a service level")
        level = _read(fields, findings)
        if level is None:
            continue
        if level.kind is LevelKind.LATENCY:
            found = _latencies(level, fields, datasets, findings)
            for name, one in found.items():
                if level.kind not in {other.kind for other in levels[name]}:
                    levels[name].append(replace(one, target_percent=target))
            continue
        for name in _named(fields, list(levels)):
            # The first of two about the same counts: what it is called is what it is known by.
            if level.kind not in {one.kind for one in levels[name]}:
                levels[name].append(replace(level, target_percent=target))
    return tuple(replace(one, levels=tuple(levels[one.name.dataset])) for one in datasets)


def _read(fields: Fields, findings: Findings) -> PromisedLevel | None:
    said = fields.text("property")
    kinds = {kind.value.lower(): kind for kind in LevelKind}
    kind = kinds.get(said.strip().lower())
    if kind is None:
        if said.strip().lower() not in _DATES:
            measured = ", ".join(f"`{one}`" for one in LevelKind)
            message = f"the service level `{said[:80]}` is not measured"
            hint = f"Ghala measures {measured}"
            findings.warning(FindingCode.ODCS_NOT_CHECKED, fields.at("property"), message, hint)
        return None
    level = _at_time(fields) if kind is LevelKind.TIME_OF_AVAILABILITY else _within(fields, kind)
    if level is None:
        message = f"the service level `{said[:80]}` is not measured: it does not say for how long"
        hint = "`value: 1` and `unit: d`, or s, min, h, w, mo, y"
        if kind is LevelKind.TIME_OF_AVAILABILITY:
            message = (
                f"the service level `{said[:80]}` is not measured: it names no time of the day"
            )
            hint = '`value: "06:00Z"`, or with another offset: "09:00+03:00"'
        findings.warning(FindingCode.ODCS_NOT_CHECKED, fields.at("value"), message, hint)
    return level


def _latencies(
    level: PromisedLevel, fields: Fields, datasets: Sequence[Dataset], findings: Findings
) -> dict[str, PromisedLevel]:
    """Return a promise of latency for each dataset of which it names a column that says when something happened."""
    named = [part.strip().partition(".") for part in fields.text("element").split(",")]
    found: dict[str, PromisedLevel] = {}
    for dataset in datasets:
        for name, _, label in named:
            column = dataset.column(label) if name.lower() == dataset.name.dataset else None
            # Whether it came in time would tell of values that some may not know of.
            is_told = (
                column is not None
                and classification_of(column.classification) is not Classification.RESTRICTED
            )
            if column is not None and is_told and column.type.kind in _MOMENTS:
                found.setdefault(name.lower(), replace(level, column=column.name))
    if not found:
        message = "the service level `latency` is not measured: it names no column that says when something happened"
        hint = "`element: orders.ordered_at`, a date or timestamp that is not restricted"
        findings.warning(FindingCode.ODCS_NOT_CHECKED, fields.at("element"), message, hint)
    return found


def _within(fields: Fields, kind: LevelKind) -> PromisedLevel | None:
    node, unit = fields.get("value"), fields.text("unit").strip().lower()
    value = None if node is None else _amount(node)
    if value is None or not 0 < value <= _LONGEST:
        return None
    words = f"{value:g} {unit}"
    if unit in _SECONDS and (seconds := round(value * _SECONDS[unit])):
        return PromisedLevel(kind, words, seconds=seconds, place=fields.place)
    if unit in _MONTHS and (months := value * _MONTHS[unit]) == int(months):
        return PromisedLevel(kind, words, months=int(months), place=fields.place)
    return None


def _at_time(fields: Fields) -> PromisedLevel | None:
    found = _TIME.fullmatch(fields.text("value").strip())
    if found is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    offset = int(found[6] or 0) * 3600 + int(found[7] or 0) * 60
    if hour > 23 or minute > 59 or second > 59 or offset >= 24 * 3600:  # noqa: PLR2004 - a clock's numbers
        return None
    local_s = hour * 3600 + minute * 60 + second
    utc_s = (local_s - (offset if found[5] != "-" else -offset)) % (24 * 3600)
    kind = LevelKind.TIME_OF_AVAILABILITY
    return PromisedLevel(kind, found[0], second_of_day=utc_s, place=fields.place)


def _amount(node: Node) -> float | None:
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        # The standard lets a value be a text.
        return float(node.value) if re.fullmatch(r"\d{1,7}(\.\d{1,6})?", node.value) else None
    return number(node)


def _named(fields: Fields, known: Sequence[str]) -> Sequence[str]:
    """Return the datasets that a level is about: those whose columns it names, or all."""
    names = {part.strip().split(".")[0].lower() for part in fields.text("element").split(",")}
    return [name for name in known if name.lower() in names] or known


def _target(contract: Fields, findings: Findings) -> float:
    node = custom_properties(contract, findings).get(LEVEL_TARGET)
    if node is None:
        return TARGET_PERCENT
    value = _amount(node)
    if value is None or not 0 < value <= 100:  # noqa: PLR2004 - per cent
        message = f"`{LEVEL_TARGET}` is a percentage above 0, such as 99.5"
        findings.error(FindingCode.VALUE_NOT_ALLOWED, node.place, message)
        return TARGET_PERCENT
    return value
