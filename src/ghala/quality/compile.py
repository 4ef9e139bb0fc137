"""A dataset's rules as SQL trees: what each rule means for one row, one key or the whole. Pure.

A row's predicate is true where the row breaks the rule, and false or NULL where it does not: a NULL cell breaks only
the rules that are about NULL. Predicates name columns as `ROWS.<column>`, so that nothing they are joined with can
capture a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.contract import Column, OnFail, Operator, RuleKind, Severity, Unit
from ghala.model.types import Kind
from ghala.quality.literal import FLOATING, NESTED, Bound, breach, value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.model.contract import Dataset, Rule

ROWS = "checked_rows"
"""The name under which every query of the checks reads the rows that it looks at."""

_KEY_KINDS = frozenset({RuleKind.DUPLICATE_VALUES, RuleKind.PRIMARY_KEY, RuleKind.UNIQUE})
_WHOLE_KINDS = frozenset({RuleKind.ROW_COUNT, RuleKind.SQL})


@dataclass(frozen=True, slots=True)
class KeySet:
    """Columns whose values together must not repeat; `names` in the order of the rule that asked first."""

    names: tuple[str, ...]

    def is_whole(self) -> exp.Expr:
        """Return the predicate for rows that have no NULL in these columns: only those can be duplicates."""
        parts: list[exp.Expr] = [
            exp.Not(this=exp.Is(this=cell(name), expression=exp.null())) for name in self.names
        ]
        return reduce(_both, parts[1:], parts[0])


@dataclass(frozen=True, slots=True)
class Test:
    """One rule, ready to be measured. Exactly one of `predicate`, `keys` and `fault` is set, none for a whole rule.

    `number` is the rule's place in the dataset's list. `is_strict`: not a single row may break it, so a broken row can
    be named and moved out; otherwise a threshold is compared. `null_column` is set where the predicate is only
    "this column is NULL", which file statistics often answer without reading the column. `key_nulls` is the
    predicate for rows that break a key rule without being duplicates.
    """

    number: int
    rule: Rule
    is_strict: bool
    on_fail: OnFail
    predicate: exp.Expr | None = None
    null_column: str | None = None
    keys: KeySet | None = None
    key_nulls: exp.Expr | None = None
    fault: str | None = None

    @property
    def may_quarantine(self) -> bool:
        """Whether rows that break this rule are moved out."""
        is_error = self.rule.severity is Severity.ERROR
        return self.is_strict and is_error and self.on_fail is OnFail.QUARANTINE


def compile_rules(dataset: Dataset, on_fail: OnFail | None = None) -> tuple[Test, ...]:
    """Return one test for each rule, in order; a rule that means nothing becomes a test with a `fault`.

    `on_fail` is the step's word for rules that say nothing themselves; without either, a broken rule blocks.
    """
    key_sets: dict[frozenset[str], KeySet] = {}
    return tuple(
        _test(number, rule, dataset, on_fail, key_sets) for number, rule in enumerate(dataset.rules)
    )


def cell(name: str) -> exp.Column:
    """Return a column of the rows that are looked at."""
    return exp.column(name, table=ROWS, quoted=True)


def is_strict(rule: Rule) -> bool:
    """Return whether no row at all may break the rule.

    >>> from ghala.model.contract import Comparison, Rule
    >>> is_strict(Rule("a", RuleKind.NULL_VALUES, ("x",), Comparison(Operator.MUST_BE, 0)))
    True
    >>> is_strict(Rule("a", RuleKind.NULL_VALUES, ("x",), Comparison(Operator.MUST_BE_LESS_THAN, 5)))
    False
    """
    if rule.kind in _WHOLE_KINDS:
        return False
    comparison = rule.comparison
    if comparison is None:
        return True
    match comparison.operator:
        case Operator.MUST_BE | Operator.MUST_BE_LESS_OR_EQUAL_TO:
            return comparison.low == 0
        case Operator.MUST_BE_LESS_THAN:
            return comparison.unit is Unit.ROWS and 0 < comparison.low <= 1
        case Operator.MUST_BE_BETWEEN:
            return comparison.low == 0 and comparison.high == 0
        case _:
            return False


def _test(
    number: int,
    rule: Rule,
    dataset: Dataset,
    step_on_fail: OnFail | None,
    key_sets: dict[frozenset[str], KeySet],
) -> Test:
    strict = is_strict(rule)
    effective = OnFail.BLOCK
    if strict and rule.severity is Severity.ERROR:
        effective = rule.on_fail or step_on_fail or OnFail.BLOCK
    test = partial(Test, number=number, rule=rule, is_strict=strict, on_fail=effective)
    try:
        if rule.kind in _WHOLE_KINDS:
            if rule.comparison is None:
                raise ValueError("the rule says nothing to compare with")  # noqa: TRY301 - one place for faults
            return test()
        columns = _columns(rule, dataset)
        if rule.kind in _KEY_KINDS:
            return _key_test(rule, columns, key_sets, test)
        predicate = reduce(_either, [_COMPILERS[rule.kind](rule, column) for column in columns])
        is_about_null = rule.kind in (RuleKind.REQUIRED, RuleKind.NULL_VALUES) and len(columns) == 1
        return test(predicate=predicate, null_column=columns[0].name if is_about_null else None)
    except ValueError as error:
        return test(fault=str(error))


def _columns(rule: Rule, dataset: Dataset) -> list[Column]:
    if not rule.columns:
        raise ValueError("the rule names no column")
    columns = []
    for name in rule.columns:
        column = dataset.column(name)
        if column is None:
            raise ValueError(f"there is no column `{name}`")
        columns.append(column)
    return columns


def _key_test(
    rule: Rule,
    columns: Sequence[Column],
    key_sets: dict[frozenset[str], KeySet],
    test: Callable[..., Test],
) -> Test:
    for column in columns:
        if column.type.kind in NESTED:
            raise ValueError(f"`{column.name}` is {column.type}, which cannot be a key")
    names = tuple(dict.fromkeys(column.name for column in columns))
    keys = key_sets.setdefault(frozenset(names), KeySet(names))
    nulls = None
    if rule.kind is RuleKind.PRIMARY_KEY:
        nulls = reduce(_either, [_is_null(column) for column in columns])
    return test(keys=keys, key_nulls=nulls)


def _is_null(column: Column) -> exp.Expr:
    return exp.Is(this=cell(column.name), expression=exp.null())


def _required(_: Rule, column: Column) -> exp.Expr:
    return _is_null(column)


def _missing(rule: Rule, column: Column) -> exp.Expr:
    if not rule.missing_values:
        raise ValueError("the rule lists no value that counts as missing")
    parts: list[exp.Expr] = []
    if None in rule.missing_values:
        parts.append(_is_null(column))
    values = []
    for text in rule.missing_values:
        if text is None or column.type.kind in NESTED or column.type.kind is Kind.BLOB:
            continue
        try:
            literal = value(text, column.type)
        except ValueError:
            # A list such as NULL, '', 'n/a' is written once for columns of all types.
            continue
        if literal is not None:
            values.append(literal)
    if values:
        parts.append(exp.In(this=cell(column.name), expressions=values))
    return reduce(_either, parts) if parts else exp.false()


def _enum(rule: Rule, column: Column) -> exp.Expr:
    if not rule.valid_values:
        raise ValueError("the rule lists no valid value")
    literals = [value(text, column.type) for text in rule.valid_values]
    possible = [literal for literal in literals if literal is not None]
    if not possible:
        return exp.Not(this=_is_null(column))
    return exp.Not(this=exp.In(this=cell(column.name), expressions=possible))


def _range(rule: Rule, column: Column) -> exp.Expr:
    bounds = {
        Bound.BELOW: rule.minimum,
        Bound.AT_OR_BELOW: rule.exclusive_minimum,
        Bound.ABOVE: rule.maximum,
        Bound.AT_OR_ABOVE: rule.exclusive_maximum,
    }
    name = cell(column.name)
    parts = [
        breach(name, bound, text, column.type) for bound, text in bounds.items() if text is not None
    ]
    if not parts:
        raise ValueError("the rule has neither a minimum nor a maximum")
    if column.type.kind in FLOATING:
        # NaN lies in no range. It sorts above every number, but the engine believes file statistics, and some writers
        # leave NaN out of those.
        parts.append(exp.IsNan(this=name.copy()))
    return reduce(_either, parts)


def _length(rule: Rule, column: Column) -> exp.Expr:
    _need_text(column)
    length = exp.Length(this=cell(column.name))
    parts: list[exp.Expr] = []
    if rule.min_length is not None:
        parts.append(exp.LT(this=length.copy(), expression=exp.Literal.number(rule.min_length)))
    if rule.max_length is not None:
        parts.append(exp.GT(this=length.copy(), expression=exp.Literal.number(rule.max_length)))
    if not parts:
        raise ValueError("the rule has neither a minimum nor a maximum length")
    return reduce(_either, parts)


def _pattern(rule: Rule, column: Column) -> exp.Expr:
    _need_text(column)
    if rule.pattern is None:
        raise ValueError("the rule has no pattern")
    matches = exp.Anonymous(
        this="regexp_matches", expressions=[cell(column.name), exp.Literal.string(rule.pattern)]
    )
    return exp.Not(this=matches)


def _invalid(rule: Rule, column: Column) -> exp.Expr:
    has_range = any(
        bound is not None
        for bound in (rule.minimum, rule.maximum, rule.exclusive_minimum, rule.exclusive_maximum)
    )
    has_length = rule.min_length is not None or rule.max_length is not None
    parts = [
        compiler(rule, column)
        for compiler, is_asked in (
            (_enum, bool(rule.valid_values)),
            (_range, has_range),
            (_length, has_length),
            (_pattern, rule.pattern is not None),
        )
        if is_asked
    ]
    if not parts:
        raise ValueError("the rule does not say which values are valid")
    return reduce(_either, parts)


def _need_text(column: Column) -> None:
    if column.type.kind is not Kind.VARCHAR:
        raise ValueError(f"`{column.name}` is {column.type}; only text has a length and a pattern")


def _either(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Or(this=left, expression=right)


def _both(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.And(this=left, expression=right)


_COMPILERS: Mapping[RuleKind, Callable[[Rule, Column], exp.Expr]] = {
    RuleKind.ENUM: _enum,
    RuleKind.INVALID_VALUES: _invalid,
    RuleKind.LENGTH: _length,
    RuleKind.MISSING_VALUES: _missing,
    RuleKind.NULL_VALUES: _required,
    RuleKind.PATTERN: _pattern,
    RuleKind.RANGE: _range,
    RuleKind.REQUIRED: _required,
}
