"""Options of a source: their shape in YAML, checked value by value."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ghala.ingest.source import Option, OptionKind
from ghala.model.fault import OptionFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMON = (Option("files", OptionKind.TEXTS), Option("zone", OptionKind.TEXT))
"""What every source may say, whatever its type: `zone` and the globs of its files."""


def option_values(given: Mapping[str, object], options: Sequence[Option]) -> dict[str, Any]:
    """Return every option's value, the default where it is absent; one text counts as a list of one."""
    values: dict[str, Any] = {}
    for option in options:
        value = given.get(option.name, option.default)
        if option.kind is OptionKind.TEXTS and isinstance(value, str):
            value = [value]
        values[option.name] = value
    return values


def option_faults(given: Mapping[str, object], options: Sequence[Option]) -> list[OptionFault]:
    """Return what is wrong with each known option by itself.

    >>> option_faults({"files": "a.csv", "trim": "ja"}, (*COMMON, Option("trim", OptionKind.FLAG, False)))
    [OptionFault(option='trim', message='`trim` must be `true` or `false`', hint=None)]
    """
    faults = [
        OptionFault(option.name, message)
        for option in options
        if option.name in given and (message := _fault(option, given[option.name]))
    ]
    patterns = given.get("files")
    if not patterns:
        faults.append(
            OptionFault("files", "the source names no `files`", "give one pattern or a list")
        )
    elif isinstance(patterns, (str, list, tuple)):
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            if isinstance(pattern, str) and (message := pattern_fault(pattern)):
                hint = "name a landing zone (`zone`) to read from another folder"
                faults.append(OptionFault("files", message, hint))
    return faults


def pattern_fault(pattern: str) -> str | None:
    """Return why a glob may not be followed; None if it may.

    >>> pattern_fault("../other/*.csv")
    '`files` must stay inside the folder: no `..`'
    >>> pattern_fault("2024/*.csv")
    """
    path = PurePosixPath(pattern)
    if not pattern.strip() or "\0" in pattern:
        return "`files` has an empty pattern"
    if path.is_absolute() or pattern.startswith("~") or "\\" in pattern:
        return "`files` must be relative to its folder, with `/` between names"
    if ".." in path.parts:
        return "`files` must stay inside the folder: no `..`"
    if any("**" in part and part != "**" for part in path.parts):
        return "`**` must stand alone between two `/`"
    return None


def _fault(option: Option, value: object) -> str | None:
    match option.kind:
        case OptionKind.FLAG:
            is_right, wanted = isinstance(value, bool), "`true` or `false`"
        case OptionKind.COUNT:
            is_right = isinstance(value, int) and not isinstance(value, bool) and value >= 0
            wanted = "a whole number, 0 or more"
        case OptionKind.CHARACTER:
            is_right = isinstance(value, str) and _is_character(value, option.may_be_empty)
            wanted = "one ASCII character" + (" or empty" if option.may_be_empty else "")
        case OptionKind.TEXT:
            is_right, wanted = isinstance(value, str), "a text"
            if option.choices:
                is_right, wanted = value in option.choices, f"one of {', '.join(option.choices)}"
        case OptionKind.TEXTS:
            is_right = isinstance(value, str) or (
                isinstance(value, (list, tuple)) and all(isinstance(text, str) for text in value)
            )
            wanted = "a text or a list of texts"
    return None if is_right else f"`{option.name}` must be {wanted}"


def _is_character(value: str, may_be_empty: bool) -> bool:  # noqa: FBT001 - a fact about the option
    if not value:
        return may_be_empty
    return len(value) == 1 and value.isascii() and value not in "\r\n\0"
