"""JSON schemas over nodes: the standards' own schemas checked with the place of every fault.

Only what the schemas of ODCS and ODPS use is understood; an unknown keyword says nothing. Two deviations, since the
standards are their texts and not their schemas: `if` holds only where its key is present (the ODCS schema would else
demand `map` of every column that has no logical type), and an unknown key is a warning, not an error.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ghala.spec.fields import nearest, number
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.node import ListNode, MapNode, Node, ScalarNode, plain, type_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_LISTED = 15
_TYPES = {
    "array": "a list", "boolean": "`true` or `false`", "integer": "a whole number",
    "null": "nothing", "number": "a number", "object": "a mapping", "string": "a text",
}  # fmt: skip


@lru_cache(maxsize=8)
def load_schema(package: str, name: str, skipped: frozenset[str] = frozenset()) -> Schema:
    """Return the JSON schema that a package ships; definitions named in `skipped` check nothing."""
    return Schema(json.loads(files(package).joinpath(name).read_bytes()), skipped)


@dataclass(frozen=True, eq=False)
class Schema:
    """A JSON schema; `skipped` are names of definitions whose values somebody else checks."""

    root: Mapping[str, Any]
    skipped: frozenset[str] = frozenset()
    known: dict[int, frozenset[str]] = field(default_factory=dict, repr=False)

    def check(self, node: Node, findings: Findings) -> None:
        """Add every fault of a document."""
        _Walk(self, findings).check(node, self.root, "the file")


@dataclass(frozen=True)
class _Walk:
    schema: Schema
    findings: Findings

    def check(self, node: Node, rule: Mapping[str, Any], what: str) -> None:
        """Check one node against one schema."""
        if "$ref" in rule:
            target, is_skipped = self._target(rule["$ref"])
            if not is_skipped:
                self.check(node, target, what)
        if "type" in rule and not self._check_type(node, rule["type"], what):
            return
        self._check_value(node, rule, what)
        match node:
            case MapNode():
                self._check_map(node, rule, what)
            case ListNode():
                self._check_list(node, rule, what)
        self._check_branches(node, rule, what)

    def matches(self, node: Node, rule: Mapping[str, Any]) -> bool:
        """Return whether a condition holds; a key that it speaks of must be there."""
        if "anyOf" in rule and not any(self.matches(node, branch) for branch in rule["anyOf"]):
            return False
        if isinstance(node, MapNode):
            wanted = [*rule.get("properties", {}), *rule.get("required", [])]
            if not all(key in node.entries for key in wanted):
                return False
        return not self._faults(node, rule, "")

    def _faults(self, node: Node, rule: Mapping[str, Any], what: str) -> Findings:
        found = Findings()
        _Walk(self.schema, found).check(node, rule, what)
        return found

    def _target(self, reference: str) -> tuple[Mapping[str, Any], bool]:
        target: Any = self.schema.root
        names = reference.removeprefix("#/").split("/")
        for name in names:
            target = target[name]
        return target, names[-1] in self.schema.skipped

    def _check_type(self, node: Node, types: str | list[str], what: str) -> bool:
        allowed = [types] if isinstance(types, str) else types
        if any(_is_of(node, name) for name in allowed):
            return True
        named = " or ".join(_TYPES[name] for name in allowed)
        is_scalar = isinstance(node, ScalarNode) and node.value is not None
        hint = None
        if "string" in allowed and isinstance(node, ScalarNode) and is_scalar:
            hint = f'put quotes around it: "{node.text}"'
        self.findings.error(
            FindingCode.VALUE_WRONG_TYPE, node.place, f"{what} is {named}, not {type_name(node)}", hint
        )  # fmt: skip
        return False

    def _check_value(self, node: Node, rule: Mapping[str, Any], what: str) -> None:
        fault = hint = None
        value = node.value if isinstance(node, ScalarNode) else None
        if "const" in rule and plain(node) != rule["const"]:
            fault = f"{what} is `{rule['const']}`"
        if "enum" in rule and plain(node) not in rule["enum"]:
            fault = f"{what} is one of {_listed(rule['enum'])}"
            hint = nearest(value, rule["enum"]) if isinstance(value, str) else None
        if isinstance(value, str) and not re.search(rule.get("pattern", ""), value[:1000]):
            fault = f"{what} does not look like `{rule['pattern']}`"
        value_as_number = number(node)
        if value_as_number is not None:
            if value_as_number < rule.get("minimum", value_as_number):
                fault = f"{what} is at least {rule['minimum']}"
            if "exclusiveMinimum" in rule and value_as_number <= rule["exclusiveMinimum"]:
                fault = f"{what} is more than {rule['exclusiveMinimum']}"
        if fault:
            self.findings.error(FindingCode.VALUE_NOT_ALLOWED, node.place, fault, hint)

    def _check_map(self, node: MapNode, rule: Mapping[str, Any], what: str) -> None:
        required = rule.get("required", ())
        for key in required:
            if key not in node.entries:
                self.findings.error(FindingCode.KEY_MISSING, node.place, f"{what} needs `{key}`")
        properties = rule.get("properties", {})
        for key, value in node.entries.items():
            # `key:` without a value is how people leave something out.
            is_absent = isinstance(value, ScalarNode) and value.value is None
            if key in properties and not (is_absent and key not in required):
                self.check(value, properties[key], f"`{key}`")
        if rule.get("additionalProperties") is False:
            self._warn_unknown(node, frozenset(properties), what)
        elif rule.get("unevaluatedProperties") is False:
            self._warn_unknown(node, self._known_keys(rule), what)

    def _warn_unknown(self, node: MapNode, known: frozenset[str], what: str) -> None:
        for key in node.entries:
            if key not in known:
                message = f"`{key[:80]}` is not a key of {what} in the standard; it is ignored"
                place = node.key_places[key]
                self.findings.warning(FindingCode.KEY_UNKNOWN, place, message, nearest(key, known))

    def _check_list(self, node: ListNode, rule: Mapping[str, Any], what: str) -> None:
        if "items" in rule:
            for item in node.nodes:
                self.check(item, rule["items"], f"an item of {what}")
        count = len(node.nodes)
        if count < rule.get("minItems", 0) or count > rule.get("maxItems", count):
            fewest, most = rule.get("minItems", 0), rule.get("maxItems")
            limits = f"exactly {most}" if most == fewest else f"at least {fewest}"
            message = f"{what} has {limits} items"
            self.findings.error(FindingCode.VALUE_NOT_ALLOWED, node.place, message)
        if rule.get("uniqueItems"):
            seen: set[str] = set()
            for item in node.nodes:
                text = json.dumps(plain(item), sort_keys=True)
                if text in seen:
                    message = f"an item of {what} stands twice"
                    self.findings.error(FindingCode.VALUE_NOT_ALLOWED, item.place, message)
                seen.add(text)

    def _check_branches(self, node: Node, rule: Mapping[str, Any], what: str) -> None:
        for branch in rule.get("allOf", ()):
            self.check(node, branch, what)
        for keyword in ("anyOf", "oneOf"):
            if keyword in rule:
                self._check_one_of(node, rule[keyword], what)
        if "if" in rule and "then" in rule and self.matches(node, rule["if"]):
            self.check(node, rule["then"], what)
        if "not" in rule and self.matches(node, rule["not"]):
            keys = ", ".join(f"`{key}`" for key in rule["not"].get("required", ()))
            message = f"{keys or 'this'} does not belong to {what}"
            self.findings.error(FindingCode.VALUE_NOT_ALLOWED, node.place, message)

    def _check_one_of(self, node: Node, branches: list[Mapping[str, Any]], what: str) -> None:
        tried = [self._faults(node, branch, what) for branch in branches]
        if any(not found.has_errors for found in tried):
            good = next(found for found in tried if not found.has_errors)
            self.findings.extend(good)
            return
        # Report the branch that the author meant: the one that gets furthest into the value.
        depth = [max((fault.place for fault in found), default=node.place) for found in tried]
        self.findings.extend(tried[depth.index(max(depth))])

    def _known_keys(self, rule: Mapping[str, Any]) -> frozenset[str]:
        """Return every key that some branch of a schema speaks of."""
        found = self.schema.known.get(id(rule))
        if found is None:
            keys = set(rule.get("properties", {}))
            branches = [*rule.get("allOf", ()), *rule.get("anyOf", ()), *rule.get("oneOf", ())]
            branches += [rule[word] for word in ("if", "then", "else") if word in rule]
            if "$ref" in rule:
                branches.append(self._target(rule["$ref"])[0])
            for branch in branches:
                keys |= self._known_keys(branch)
            found = self.schema.known[id(rule)] = frozenset(keys)
        return found


def _listed(choices: Sequence[str]) -> str:
    shown = ", ".join(f"`{choice}`" for choice in choices[:MAX_LISTED])
    more = len(choices) - MAX_LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def _is_of(node: Node, name: str) -> bool:
    if isinstance(node, MapNode | ListNode):
        return name == ("object" if isinstance(node, MapNode) else "array")
    match node.value:
        case None:
            return name == "null"
        case bool():
            return name == "boolean"
        case int() | float() as value:
            return name == "number" or (name == "integer" and value == value // 1)
        case _:
            return name == "string"
