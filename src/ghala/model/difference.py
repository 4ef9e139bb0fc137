"""Differences between what two releases promised: each change of a contract, and whether it breaks its consumers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
"""What became of a row."""


class ChangeKind(StrEnum):
    """What became of a contract, `object:verb`; keep sorted."""

    COLUMN_ADDED = "column:added"
    COLUMN_MADE_OPTIONAL = "column:made_optional"
    COLUMN_MADE_REQUIRED = "column:made_required"
    COLUMN_RECLASSIFIED = "column:reclassified"
    COLUMN_REMOVED = "column:removed"
    COLUMN_RETAGGED = "column:retagged"
    COLUMN_RETYPED = "column:retyped"
    KEY_CHANGED = "key:changed"
    RULE_ADDED = "rule:added"
    RULE_CHANGED = "rule:changed"
    RULE_REMOVED = "rule:removed"


class Bump(StrEnum):
    """Which part of a version moved, or must move; keep sorted.

    `major` something that consumers rely on is gone, `minor` something was added, `patch` nothing that they see.
    """

    MAJOR = "major"
    MINOR = "minor"
    NONE = "none"
    PATCH = "patch"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `columns` are those that it is about, all of them visible to whoever is told of it.

    `rule` is set for changes of rules. `before` and `after` are in the contract's words, None where there was nothing.
    """

    kind: ChangeKind
    columns: tuple[str, ...]
    is_breaking: bool
    before: str | None = None
    after: str | None = None
    rule: str | None = None
    concerns_all: bool = False


_ORDER = (Bump.NONE, Bump.PATCH, Bump.MINOR, Bump.MAJOR)


def suffices(made: Bump, needed: Bump) -> bool:
    """Return whether a version moved as far as it must.

    >>> suffices(Bump.MAJOR, Bump.MINOR), suffices(Bump.PATCH, Bump.MAJOR)
    (True, False)
    """
    return _ORDER.index(made) >= _ORDER.index(needed)


def bump_of(before: str, after: str) -> Bump:
    """Return which part of a version moved first; `none` for the same version, `major` where one is no version.

    >>> [bump_of("1.2.0", after).value for after in ("2.0.0", "1.3.0", "1.2.1", "1.2.0", "next")]
    ['major', 'minor', 'patch', 'none', 'major']
    """
    if before == after:
        return Bump.NONE
    old, new = before.split("."), after.split(".")
    for part, bump in ((0, Bump.MAJOR), (1, Bump.MINOR)):
        if old[part : part + 1] != new[part : part + 1]:
            return bump
    return Bump.PATCH


def needed_bump(changes: tuple[Change, ...]) -> Bump:
    """Return how far a version must move for some changes.

    >>> needed_bump((Change(ChangeKind.COLUMN_ADDED, ("a",), is_breaking=False),)).value
    'minor'
    >>> needed_bump(())
    <Bump.NONE: 'none'>
    """
    if any(change.is_breaking for change in changes):
        return Bump.MAJOR
    return Bump.MINOR if changes else Bump.NONE
