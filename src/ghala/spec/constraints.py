"""Constraints: what a property itself promises (required, enum, bounds, pattern), as rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ghala.model.contract import OnFail, Rule, RuleKind
from ghala.model.types import Kind
from ghala.spec.fields import Fields
from ghala.spec.finding import FindingCode
from ghala.spec.literal import ORDERED, literal_fault, order_key, text_of
from ghala.spec.node import MapNode, Node, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.errors import Place
    from ghala.model.contract import Column
    from ghala.spec.finding import Findings

MAX_PATTERN_LENGTH = 1_000
_ESCAPE = r"\\[dswDSW.+*?()\[\]{}|^$\\/@-]"
_CLASS = rf"\[\^?(?:[a-zA-Z0-9]-[a-zA-Z0-9]|[a-zA-Z0-9_ .,:;/+%#!=@*?$()]|{_ESCAPE})+-?\]"
_REPEAT = r"(?:[*+?]|\{[0-9]{1,2}(?:,[0-9]{0,2})?\})?"
_PLAIN = re.compile(
    rf"\^?(?:(?:[a-zA-Z0-9 _@:;,/#%&=~!<>\"'-]|\.|{_ESCAPE}|{_CLASS}){_REPEAT})*\$?"
)
"""Regular expressions that mean the same to Python and to RE2: no groups, no choices, nothing repeated twice."""
_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
_UNCHECKED = (
    "maxItems",
    "maxProperties",
    "minItems",
    "minProperties",
    "multipleOf",
    "required",
    "uniqueItems",
)


def column_rules(
    fields: Fields, column: Column, on_fail: OnFail | None, findings: Findings
) -> list[Rule]:
    """Return the rules that a property's own keys state; none of them needs a comparison."""
    name = column.name
    rules = []
    if column.required:
        place = fields.at("required")
        rules.append(
            Rule(f"{name}.required", RuleKind.REQUIRED, (name,), on_fail=on_fail, place=place)
        )
    if fields.flag("unique"):
        place = fields.at("unique")
        check_key(column, place, findings)
        rules.append(Rule(f"{name}.unique", RuleKind.UNIQUE, (name,), on_fail=on_fail, place=place))
    if "enum" in fields:
        values = value_texts(_enum_nodes(fields.items("enum")), column, findings)
        place = fields.at("enum")
        rules.append(
            Rule(
                f"{name}.enum",
                RuleKind.ENUM,
                (name,),
                on_fail=on_fail,
                valid_values=values,
                place=place,
            )
        )
    options = fields.mapping("logicalTypeOptions")
    if options is not None:
        rules += _option_rules(options, column, on_fail, findings)
    return rules


def primary_key(
    keys: Sequence[tuple[Fields, Column]], on_fail: OnFail | None, findings: Findings
) -> tuple[tuple[str, ...], list[Rule]]:
    """Return the primary key's columns in order, and the rule that they make."""
    if not keys:
        return (), []
    positioned = []
    seen: dict[int, str] = {}
    for index, (fields, column) in enumerate(keys):
        position = fields.integer("primaryKeyPosition")
        if position is None or position == -1:
            if len(keys) > 1:
                message = f"the key column `{column.name}` has no place among {len(keys)}"
                hint = "number the columns of the key with `primaryKeyPosition`, from 1"
                findings.warning(
                    FindingCode.ODCS_KEY_POSITION, fields.at("primaryKey"), message, hint
                )
            position = len(keys) + index + 1
        elif position < 1 or position in seen:
            what = f"is that of `{seen[position]}` too" if position in seen else "is not 1 or more"
            message = f"the key position {position} {what}"
            findings.error(FindingCode.ODCS_KEY_POSITION, fields.at("primaryKeyPosition"), message)
        seen[position] = column.name
        positioned.append((position, index, column.name))
        check_key(column, fields.at("primaryKey"), findings)
    columns = tuple(name for _, _, name in sorted(positioned))
    place = keys[0][0].at("primaryKey")
    return columns, [
        Rule("primary_key", RuleKind.PRIMARY_KEY, columns, on_fail=on_fail, place=place)
    ]


def check_key(column: Column, place: Place, findings: Findings) -> None:
    """Add an error if the values of a column cannot be told apart by the engine."""
    if column.type.kind in {Kind.LIST, Kind.STRUCT}:
        message = f"`{column.name}` is {column.type}, which cannot be a key"
        hint = "name a column of it that has a plain type"
        findings.error(FindingCode.ODCS_BAD_KEY, place, message, hint)


def value_texts(nodes: Sequence[Node], column: Column, findings: Findings) -> tuple[str, ...]:
    """Return listed values as exact texts; those that do not fit the column's type become findings."""
    texts = []
    for node in nodes:
        fault = "is not a single value"
        if isinstance(node, ScalarNode):
            if node.value is None:
                # NULL is the business of `required`.
                continue
            fault = literal_fault(node, column.type) or ""
            if not fault:
                texts.append(text_of(node))
        if fault:
            message = (
                f"the value does not fit the column `{column.name}` ({column.type}): it {fault}"
            )
            findings.error(FindingCode.ODCS_BAD_VALUE, node.place, message)
    if nodes and all(isinstance(node, ScalarNode) and node.value is None for node in nodes):
        message = "no value is listed: whether a column may be empty is the business of `required`"
        findings.error(FindingCode.ODCS_BAD_VALUE, nodes[0].place, message)
    return tuple(texts)


def pattern_fault(pattern: str) -> str | None:
    r"""Return why a text is not a regular expression of the engine's kind (RE2); None if it is.

    >>> pattern_fault("[A-Z]{2}[0-9]+"), pattern_fault(r"(?=x)")
    (None, 'invalid perl operator: (?=')
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        return f"more than {MAX_PATTERN_LENGTH} characters"
    if _is_plain(pattern):
        return None
    # Arrow carries the same RE2 as the engine does; imported here, since few patterns need it.
    import pyarrow as pa  # noqa: PLC0415 - loading takes longer than most commands
    import pyarrow.compute as pc  # noqa: PLC0415 - see above

    try:
        # Of buffers: `pa.array` of a list imports pandas, which takes longer than all else here.
        nothing = pa.Array.from_buffers(
            pa.string(), 1, [None, pa.py_buffer(bytes(8)), pa.py_buffer(b"")]
        )
        pc.match_substring_regex(nothing, pattern=pattern)
    except pa.ArrowInvalid as error:
        return str(error).partition("regular expression: ")[2] or str(error)
    return None


def _is_plain(pattern: str) -> bool:
    """Return whether a pattern is surely one of RE2's, without asking it."""
    if _PLAIN.fullmatch(pattern) is None:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def check_pattern(node: ScalarNode, column: Column, findings: Findings) -> str | None:
    """Return a pattern that the engine reads; None with a finding if it does not."""
    if not isinstance(node.value, str):
        return None
    if column.type.kind is not Kind.VARCHAR:
        message = f"a pattern needs a text; `{column.name}` is {column.type}"
        findings.error(FindingCode.ODCS_BAD_PATTERN, node.place, message)
        return None
    if fault := pattern_fault(node.value):
        message = f"not a regular expression (RE2): {fault}"
        hint = "RE2 has no look-around and no back-reference"
        findings.error(FindingCode.ODCS_BAD_PATTERN, node.place, message, hint)
        return None
    return node.value


def _enum_nodes(items: Sequence[Node]) -> list[Node]:
    # The standard has mappings with a `value`; plain values are what people write first.
    nodes: list[Node] = []
    for item in items:
        value = item.entries.get("value") if isinstance(item, MapNode) else item
        if value is not None:
            nodes.append(value)
    return nodes


def _option_rules(
    node: MapNode, column: Column, on_fail: OnFail | None, findings: Findings
) -> list[Rule]:
    options = Fields(node, findings, what="`logicalTypeOptions`")
    rules = []
    if any(key in options for key in _BOUNDS):
        rules += _range(options, column, on_fail, findings)
    if "minLength" in options or "maxLength" in options:
        rules += _length(options, column, on_fail, findings)
    pattern = options.get("pattern")
    if isinstance(pattern, ScalarNode):
        text = check_pattern(pattern, column, findings)
        rule_id = f"{column.name}.pattern"
        rules.append(
            Rule(
                rule_id,
                RuleKind.PATTERN,
                (column.name,),
                on_fail=on_fail,
                pattern=text,
                place=pattern.place,
            )
        )
    is_text_format = "format" in options and column.type.kind is Kind.VARCHAR
    unchecked = [key for key in _UNCHECKED if key in options] + (
        ["format"] if is_text_format else []
    )
    for key in unchecked:
        hint = (
            "check it with `pattern`"
            if key == "format"
            else "check it with a quality rule of type `sql`"
        )
        findings.warning(
            FindingCode.ODCS_NOT_CHECKED, options.key_place(key), f"`{key}` is not checked", hint
        )
    return rules


def _range(
    options: Fields, column: Column, on_fail: OnFail | None, findings: Findings
) -> list[Rule]:
    texts: dict[str, str] = {}
    first = next(key for key in _BOUNDS if key in options)
    if column.type.kind not in ORDERED:
        message = f"`{first}` needs a number, date or time; `{column.name}` is {column.type}"
        findings.error(FindingCode.ODCS_BAD_BOUND, options.key_place(first), message)
        return []
    for key in _BOUNDS:
        node = options.get(key)
        if not isinstance(node, ScalarNode):
            continue
        if fault := literal_fault(node, column.type):
            message = f"`{key}` does not fit the column `{column.name}` ({column.type}): it {fault}"
            findings.error(FindingCode.ODCS_BAD_BOUND, node.place, message)
        else:
            texts[key] = text_of(node)
    _refuse_contradiction(texts, options, column, findings)
    return [
        Rule(
            f"{column.name}.range", RuleKind.RANGE, (column.name,), on_fail=on_fail,
            minimum=texts.get("minimum"), maximum=texts.get("maximum"),
            exclusive_minimum=texts.get("exclusiveMinimum"),
            exclusive_maximum=texts.get("exclusiveMaximum"), place=options.at(first),
        )
    ]  # fmt: skip


def _refuse_contradiction(
    texts: dict[str, str], options: Fields, column: Column, findings: Findings
) -> None:
    kind = column.type.kind
    for low in ("minimum", "exclusiveMinimum"):
        for high in ("maximum", "exclusiveMaximum"):
            if low not in texts or high not in texts:
                continue
            bottom, top = order_key(texts[low], kind), order_key(texts[high], kind)
            is_open = low.startswith("exclusive") or high.startswith("exclusive")
            if bottom > top or (is_open and bottom == top):
                message = f"no value is between `{low}` and `{high}`"
                findings.error(FindingCode.ODCS_BAD_BOUND, options.at(high), message)


def _length(
    options: Fields, column: Column, on_fail: OnFail | None, findings: Findings
) -> list[Rule]:
    first = "minLength" if "minLength" in options else "maxLength"
    if not _is_text(options, first, column, findings):
        return []
    low, high = options.integer("minLength"), options.integer("maxLength")
    if low is not None and high is not None and low > high:
        message = "no text is between `minLength` and `maxLength`"
        findings.error(FindingCode.ODCS_BAD_BOUND, options.at("maxLength"), message)
    return [
        Rule(
            f"{column.name}.length", RuleKind.LENGTH, (column.name,), on_fail=on_fail,
            min_length=low, max_length=high, place=options.at(first),
        )
    ]  # fmt: skip


def _is_text(options: Fields, key: str, column: Column, findings: Findings) -> bool:
    if column.type.kind is Kind.VARCHAR:
        return True
    message = f"`{key}` needs a text; `{column.name}` is {column.type}"
    findings.error(FindingCode.ODCS_BAD_BOUND, options.key_place(key), message)
    return False
