"""What changed between two versions of a dataset's contract, and what of it breaks those who rely on it. Pure.

Breaking is what can make a statement fail or mean something else, or show less than before: a column that is gone or
of another type, values that may be NULL now, a stricter classification, a tag that masks, another key, and a rule of
severity `error` that is promised no longer. A wider type of the same kind keeps every value, and breaks nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ghala.model.classification import classification_of, is_stricter
from ghala.model.contract import RuleKind, Severity
from ghala.model.difference import Change, ChangeKind
from ghala.model.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.model.contract import Column, Dataset, Rule
    from ghala.model.types import DataType

_WIDER = {(Kind.INTEGER, Kind.BIGINT), (Kind.REAL, Kind.DOUBLE)}
_MASKING = ("pii", "secret")


def changes(before: Dataset, after: Dataset) -> tuple[Change, ...]:
    """Return every change of columns, key and rules; columns and rules are known by their names.

    >>> from ghala.model.contract import Column, Dataset
    >>> from ghala.model.names import DatasetName
    >>> from ghala.model.types import parse_type
    >>> old = Dataset(DatasetName("sales", "orders"), "orders", (Column("id", parse_type("bigint")),))
    >>> new = Dataset(old.name, old.id, (Column("id", parse_type("integer")), Column("day", parse_type("date"))))
    >>> [(one.kind.value, one.is_breaking, one.after) for one in changes(old, new)]
    [('column:retyped', True, 'INTEGER'), ('column:added', False, 'DATE')]
    """
    return (*_columns(before, after), *_key(before, after), *_rules(before, after))


def _columns(before: Dataset, after: Dataset) -> Iterator[Change]:
    for old in before.columns:
        new = after.column(old.name)
        if new is None:
            yield Change(
                ChangeKind.COLUMN_REMOVED, (old.name,), is_breaking=True, before=str(old.type)
            )
        else:
            yield from _column(old, new)
    for new in after.columns:
        if before.column(new.name) is None:
            yield Change(
                ChangeKind.COLUMN_ADDED, (new.name,), is_breaking=False, after=str(new.type)
            )


def _column(old: Column, new: Column) -> Iterator[Change]:
    name = (new.name,)
    if old.type != new.type:
        yield Change(
            ChangeKind.COLUMN_RETYPED,
            name,
            is_breaking=not _is_wider(old.type, new.type),
            before=str(old.type),
            after=str(new.type),
        )
    if old.required != new.required:
        kind = ChangeKind.COLUMN_MADE_REQUIRED if new.required else ChangeKind.COLUMN_MADE_OPTIONAL
        yield Change(kind, name, is_breaking=old.required)
    words = classification_of(old.classification), classification_of(new.classification)
    if words[0] is not words[1]:
        yield Change(
            ChangeKind.COLUMN_RECLASSIFIED,
            name,
            is_breaking=is_stricter(words[1], words[0]),
            before=old.classification,
            after=new.classification,
        )
    if set(old.tags) != set(new.tags):
        added = {tag.lower() for tag in new.tags} - {tag.lower() for tag in old.tags}
        yield Change(
            ChangeKind.COLUMN_RETAGGED,
            name,
            is_breaking=any(tag.partition(".")[0] in _MASKING for tag in added),
            before=_listed(old.tags),
            after=_listed(new.tags),
        )


def _is_wider(old: DataType, new: DataType) -> bool:
    if old.kind is new.kind is Kind.DECIMAL:
        return old.scale == new.scale and new.precision >= old.precision
    return (old.kind, new.kind) in _WIDER


def _key(before: Dataset, after: Dataset) -> Iterator[Change]:
    if before.primary_key != after.primary_key:
        yield Change(
            ChangeKind.KEY_CHANGED,
            tuple(dict.fromkeys((*before.primary_key, *after.primary_key))),
            is_breaking=bool(before.primary_key),
            before=_listed(before.primary_key),
            after=_listed(after.primary_key),
        )


def _rules(before: Dataset, after: Dataset) -> Iterator[Change]:
    old, new = _told_apart(before, after), _told_apart(after, before)
    for name in sorted(old.keys() | new.keys()):
        rule = old.get(name) or new[name]
        change = _rule(name, rule, old.get(name), new.get(name))
        if change is not None:
            yield change


def _told_apart(one: Dataset, other: Dataset) -> dict[str, Rule]:
    """Return the rules that no change of a column or of the key tells already, without what only people read."""
    return {
        rule.id: replace(rule, description="")
        for rule in one.rules
        if rule.kind not in {RuleKind.PRIMARY_KEY, RuleKind.REQUIRED}
        and (not rule.columns or any(other.column(name) for name in rule.columns))
    }


def _rule(name: str, any_of_both: Rule, old: Rule | None, new: Rule | None) -> Change | None:
    if old == new:
        return None
    kind = ChangeKind.RULE_CHANGED
    if old is None or new is None:
        kind = ChangeKind.RULE_ADDED if old is None else ChangeKind.RULE_REMOVED
    columns = tuple(
        dict.fromkeys(column for rule in (old, new) if rule is not None for column in rule.columns)
    )
    return Change(
        kind,
        columns,
        is_breaking=old is not None and old.severity is Severity.ERROR,
        before=None if old is None else f"{old.kind}, {old.severity}",
        after=None if new is None else f"{new.kind}, {new.severity}",
        rule=name,
        # A rule without columns, such as one in SQL, may be about any.
        concerns_all=not any_of_both.columns,
    )


def _listed(names: tuple[str, ...]) -> str | None:
    return ", ".join(names) or None
