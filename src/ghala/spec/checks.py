"""Checks: the quality rules of a contract, `library` and `sql`, as rules that can be run."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ghala.model.contract import Comparison, OnFail, Operator, Rule, RuleKind, Severity, Unit
from ghala.spec.columns import ON_FAIL, custom_properties
from ghala.spec.constraints import check_key, check_pattern, value_texts
from ghala.spec.fields import Fields, nearest, number
from ghala.spec.finding import FindingCode
from ghala.spec.node import ListNode, Node, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.model.contract import Column
    from ghala.spec.finding import Findings

MAX_PERCENT = 100
_METRICS = {
    "duplicateValues": RuleKind.DUPLICATE_VALUES,
    "invalidValues": RuleKind.INVALID_VALUES,
    "missingValues": RuleKind.MISSING_VALUES,
    "nullValues": RuleKind.NULL_VALUES,
    "rowCount": RuleKind.ROW_COUNT,
}
# What ODCS 3.0 wrote as `rule`.
_OLD_RULES = {
    "duplicateCount": "duplicateValues",
    "nullCheck": "nullValues",
    "rowCount": "rowCount",
    "uniqueCheck": "duplicateValues",
    "validValues": "invalidValues",
}
_BETWEEN = frozenset({Operator.MUST_BE_BETWEEN, Operator.MUST_NOT_BE_BETWEEN})
_WHOLE = frozenset({RuleKind.ROW_COUNT, RuleKind.SQL})
PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


class Checks:
    """Reads the quality rules of one dataset; `columns` are its columns by lower-case name."""

    def __init__(self, columns: Mapping[str, Column], findings: Findings) -> None:
        """Start with the columns that rules may name."""
        self._columns = columns
        self._findings = findings
        self._names: set[str] = set()

    def read(
        self, items: Sequence[Node], column: Column | None, on_fail: OnFail | None
    ) -> list[Rule]:
        """Return the rules of one `quality` list, of a property or (without `column`) of the dataset."""
        prefix = f"{column.name}." if column else ""
        rules = []
        for index, item in enumerate(items):
            fields = Fields(item, self._findings, what="a quality rule")
            rule = self._read_one(fields, column)
            if rule is not None:
                rule_id = fields.text("id") or self._name_of(fields) or f"{prefix}quality[{index}]"
                rules.append(self._finished(fields, rule, rule_id, on_fail))
        return rules

    def _name_of(self, fields: Fields) -> str:
        """Return a rule's name as its id, but only for the first rule of that name."""
        # Only an `id` is meant to be one; two rules called "no blanks" are nobody's mistake.
        name = fields.text("name")
        is_new = name not in self._names
        self._names.add(name)
        return name if is_new else ""

    def _read_one(self, fields: Fields, column: Column | None) -> Rule | None:
        kind = fields.text("type", "library")
        if kind == "sql":
            return self._sql(fields, column)
        if kind == "custom":
            hint = "write it as `type: sql`, or check it elsewhere"
            place = fields.at("type")
            message = "a quality rule of type `custom` is not checked"
            self._findings.warning(FindingCode.ODCS_NOT_CHECKED, place, message, hint)
        return self._library(fields, column) if kind == "library" else None

    def _finished(self, fields: Fields, rule: Rule, rule_id: str, on_fail: OnFail | None) -> Rule:
        severity = fields.choice("severity", Severity) if "severity" in fields else None
        custom = custom_properties(fields, self._findings)
        if ON_FAIL in custom:
            chosen = fields.chosen(custom[ON_FAIL], f"`{ON_FAIL}`", OnFail)
            on_fail = chosen or on_fail
            if chosen is OnFail.QUARANTINE and rule.kind in _WHOLE:
                message = "this rule is about the dataset as a whole: it cannot quarantine rows"
                place = custom[ON_FAIL].place
                self._findings.error(FindingCode.ODCS_ON_FAIL, place, message)
        return replace(
            rule,
            id=rule_id,
            severity=severity or Severity.ERROR,
            on_fail=OnFail.BLOCK if rule.kind in _WHOLE else on_fail,
            description=fields.text("description") or fields.text("name"),
            place=fields.at("id") if "id" in fields else fields.place,
        )

    def _library(self, fields: Fields, column: Column | None) -> Rule | None:
        metric = fields.text("metric") or _OLD_RULES.get(fields.text("rule"), fields.text("rule"))
        place = fields.at("metric") if "metric" in fields else fields.at("rule")
        if not metric:
            hint = "or `type: sql` with a `query`" if "query" in fields else None
            message = "a quality rule of type `library` needs `metric`"
            self._findings.error(FindingCode.KEY_MISSING, fields.place, message, hint)
            return None
        kind = _METRICS.get(metric)
        if kind is None:
            message = f"`metric` is one of {', '.join(f'`{name}`' for name in _METRICS)}"
            self._findings.error(
                FindingCode.VALUE_NOT_ALLOWED, place, message, nearest(metric, _METRICS)
            )
            return None
        columns = self._columns_of(fields, kind, column)
        comparison = self._comparison(fields, kind)
        rule = Rule("", kind, columns or (), comparison)
        if columns is None or comparison is None:
            return None
        return self._with_arguments(fields, rule, column)

    def _columns_of(
        self, fields: Fields, kind: RuleKind, column: Column | None
    ) -> tuple[str, ...] | None:
        if kind is RuleKind.ROW_COUNT:
            return ()
        named = (
            self._arguments(fields).texts("properties") if kind is RuleKind.DUPLICATE_VALUES else ()
        )
        columns = []
        for node in named:
            found = self._columns.get(str(node.value).lower())
            if found is None:
                message = f"there is no column `{str(node.value)[:80]}`"
                hint = nearest(str(node.value), self._columns)
                self._findings.error(FindingCode.ODCS_UNKNOWN_COLUMN, node.place, message, hint)
                return None
            check_key(found, node.place, self._findings)
            columns.append(found.name)
        if columns:
            return tuple(columns)
        if column is None:
            is_listed = kind is RuleKind.DUPLICATE_VALUES
            hint = (
                "name the columns in `arguments: {properties: […]}`"
                if is_listed
                else "move it to a property"
            )
            message = "this metric needs a column"
            self._findings.error(FindingCode.ODCS_UNKNOWN_COLUMN, fields.place, message, hint)
            return None
        if kind is RuleKind.DUPLICATE_VALUES:
            check_key(column, fields.place, self._findings)
        return (column.name,)

    def _with_arguments(self, fields: Fields, rule: Rule, column: Column | None) -> Rule:
        arguments = self._arguments(fields)
        if rule.kind is RuleKind.MISSING_VALUES:
            values = self._missing(arguments)
            if not values:
                self._refuse_lack(fields, "missingValues")
            return replace(rule, missing_values=values)
        if rule.kind is not RuleKind.INVALID_VALUES or column is None:
            return rule
        listed = arguments.items("validValues") or fields.items("validValues")
        pattern = arguments.get("pattern")
        if not listed and pattern is None:
            self._refuse_lack(fields, "validValues")
        return replace(
            rule,
            valid_values=value_texts(listed, column, self._findings),
            pattern=check_pattern(pattern, column, self._findings)
            if isinstance(pattern, ScalarNode)
            else None,
        )

    def _refuse_lack(self, fields: Fields, argument: str) -> None:
        message = f"this metric needs `arguments: {{{argument}: […]}}`"
        self._findings.error(FindingCode.KEY_MISSING, fields.place, message)

    def _missing(self, arguments: Fields) -> tuple[str | None, ...]:
        scalars = [
            node for node in arguments.items("missingValues") if isinstance(node, ScalarNode)
        ]
        return tuple(None if node.value is None else node.text for node in scalars)

    def _arguments(self, fields: Fields) -> Fields:
        return Fields(
            fields.mapping("arguments") or fields.node, self._findings, what="`arguments`"
        )

    def _sql(self, fields: Fields, column: Column | None) -> Rule | None:
        query = fields.text("query").strip()
        comparison = self._comparison(fields, RuleKind.SQL)
        if not query:
            message = "a quality rule of type `sql` needs `query`"
            self._findings.error(FindingCode.ODCS_QUERY, fields.place, message)
            return None
        known = {"object", "property"} if column else {"object"}
        for name in PLACEHOLDER.findall(query):
            if name not in known:
                message = f"`${{{name[:80]}}}` does not stand for anything here"
                hint = "write `${object}` for the dataset" + (
                    ", `${property}` for the column" if column else ""
                )
                self._findings.error(FindingCode.ODCS_QUERY, fields.at("query"), message, hint)
        columns = (column.name,) if column else ()
        if column:
            quoted = '"' + column.name.replace('"', '""') + '"'
            query = query.replace("${property}", quoted)
        return Rule("", RuleKind.SQL, columns, comparison, query=query) if comparison else None

    def _comparison(self, fields: Fields, kind: RuleKind) -> Comparison | None:
        used = [operator for operator in Operator if operator in fields]
        if len(used) != 1:
            if not used and fields.text("rule") in {"nullCheck", "uniqueCheck", "validValues"}:
                # The 3.0 texts write these without an operator: none may break them.
                return Comparison(Operator.MUST_BE, 0)
            names = ", ".join(f"`{operator}`" for operator in used or Operator)
            message = f"exactly one operator is needed, not {len(used)}: {names}"
            place = fields.key_place(used[1]) if used else fields.place
            self._findings.error(FindingCode.ODCS_OPERATOR, place, message)
            return None
        operator = used[0]
        unit = fields.choice("unit", Unit) if kind is not RuleKind.SQL else None
        if unit is Unit.PERCENT and kind is RuleKind.ROW_COUNT:
            message = "a number of rows cannot be a share of itself"
            self._findings.error(
                FindingCode.ODCS_OPERATOR, fields.at("unit"), message, "use `unit: rows`"
            )
            return None
        return self._compared(fields, operator, unit or Unit.ROWS)

    def _compared(self, fields: Fields, operator: Operator, unit: Unit) -> Comparison | None:
        node = fields.get(operator)
        items = node.nodes if isinstance(node, ListNode) else (node,)
        numbers = [found for item in items if item and (found := number(item)) is not None]
        count = 2 if operator in _BETWEEN else 1
        fault = None
        if (
            len(numbers) != count
            or len(items) != count
            or (count == 1 and isinstance(node, ListNode))
        ):
            fault = f"`{operator}` needs {'two numbers' if count > 1 else 'a number'}"
        elif numbers != sorted(numbers):
            fault = f"`{operator}` has its higher number first"
        elif unit is Unit.PERCENT and not all(0 <= found <= MAX_PERCENT for found in numbers):
            fault = f"`{operator}` with `unit: percent` is between 0 and 100"
        if fault:
            self._findings.error(FindingCode.ODCS_OPERATOR, fields.at(operator), fault)
            return None
        return Comparison(operator, numbers[0], numbers[1] if count > 1 else None, unit)
