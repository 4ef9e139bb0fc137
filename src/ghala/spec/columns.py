"""Columns: a contract's properties into columns with types that the lake stores."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ghala.model.contract import Column, Rounding
from ghala.model.types import DataType, Field, Kind, parse_type
from ghala.spec.fields import Fields, nearest
from ghala.spec.finding import FindingCode
from ghala.spec.literal import NUMERIC
from ghala.spec.node import ScalarNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ghala.errors import Place
    from ghala.spec.finding import Findings
    from ghala.spec.node import Node

MAX_COLUMNS = 2_000
MAX_NAME_LENGTH = 255
ON_FAIL = "ghala.onFail"
ROUNDING = "ghala.rounding"
LEVEL_TARGET = "ghala.serviceLevelTarget"

VARCHAR = DataType(Kind.VARCHAR)
_LOGICAL = {
    "boolean": Kind.BOOLEAN, "date": Kind.DATE, "integer": Kind.BIGINT, "number": Kind.DOUBLE,
    "string": Kind.VARCHAR, "time": Kind.TIME, "timestamp": Kind.TIMESTAMP,
}  # fmt: skip
_GOES_WITH = {
    "boolean": {Kind.BOOLEAN},
    "date": {Kind.DATE},
    "integer": {Kind.BIGINT, Kind.DECIMAL, Kind.INTEGER},
    "number": NUMERIC,
    "string": {Kind.BLOB, Kind.UUID, Kind.VARCHAR},
    "time": {Kind.TIME},
    "timestamp": {Kind.TIMESTAMP, Kind.TIMESTAMPTZ},
}
_DECIMAL_NAME = re.compile(r"\s*(decimal|numeric)\b", re.IGNORECASE)
_RESERVED_NAMES = frozenset(
    {
        "_change_ordinal",
        "_change_type",
        "_commit_snapshot_id",
        "_deleted",
        "_file",
        "_partition",
        "_pos",
        "_spec_id",
    }
)
_RESERVED_PREFIX = "ghala_"
_CUSTOM = (LEVEL_TARGET, ON_FAIL, ROUNDING)
_NEAR = ("ghala.on", "ghala.round", "ghala.service")


def column_name_fault(name: str) -> str | None:
    """Return why a column cannot have this name; None if it can.

    >>> column_name_fault("Order Date")
    >>> column_name_fault("a.b")
    'a `.` would look like a path into a struct'
    """
    if not name.strip() or name != name.strip():
        return "it is empty or has spaces around it"
    if len(name) > MAX_NAME_LENGTH:
        return f"it has more than {MAX_NAME_LENGTH} characters"
    if not name.isprintable():
        return "it has characters that cannot be seen"
    if "." in name:
        return "a `.` would look like a path into a struct"
    if name.lower() in _RESERVED_NAMES or name.lower().startswith(_RESERVED_PREFIX):
        return "it is reserved"
    return None


def read_column(fields: Fields, findings: Findings) -> Column:
    """Return a property as a column; what is wrong with it becomes findings and a type to go on with."""
    data_type = read_type(fields, findings)
    rounding = None
    custom = custom_properties(fields, findings)
    if ROUNDING in custom:
        rounding = fields.chosen(custom[ROUNDING], f"`{ROUNDING}`", Rounding)
        if data_type.kind not in NUMERIC:
            message = f"`{ROUNDING}` is for numbers, not for {data_type.kind}"
            findings.error(FindingCode.VALUE_NOT_ALLOWED, custom[ROUNDING].place, message)
    return Column(
        name=fields.text("name"),
        type=data_type,
        required=fields.flag("required"),
        description=fields.text("description"),
        classification=fields.text("classification") or None,
        tags=tuple(str(tag.value) for tag in fields.texts("tags")),
        rounding=rounding,
        place=fields.at("name"),
    )


def read_type(fields: Fields, findings: Findings) -> DataType:
    """Return a property's type: the physical one if the lake has it, else the one of its logical type."""
    logical = fields.text("logicalType")
    physical = fields.text("physicalType")
    if logical in {"object", "array"}:
        return _nested_type(fields, logical, findings)
    parsed, fault = _parsed(physical)
    if parsed is None and (_DECIMAL_NAME.match(physical) or (physical and not logical)):
        # A broken decimal must not become a double by way of its logical type.
        hint = "write a type like `varchar`, `bigint`, `decimal(12,2)`, `date` or `timestamp`"
        findings.error(FindingCode.ODCS_UNKNOWN_TYPE, fields.at("physicalType"), fault or "", hint)
        return VARCHAR
    if parsed is None:
        return _logical_type(fields, logical, physical, findings)
    zoned = fields.mapping("logicalTypeOptions")
    is_zoned = zoned is not None and Fields(zoned, findings, what="").flag("timezone")
    is_at_odds = logical in _GOES_WITH and parsed.kind not in _GOES_WITH[logical]
    if is_at_odds or (is_zoned and parsed.kind is Kind.TIMESTAMP):
        wanted = "timestamptz" if is_zoned else logical
        findings.warning(
            FindingCode.ODCS_TYPE_DIFFERS, fields.at("physicalType"),
            f"the physical type {parsed.kind} does not go with {wanted}; {parsed.kind} is stored",
        )  # fmt: skip
    return parsed


def custom_properties(fields: Fields, findings: Findings) -> dict[str, Node]:
    """Return the custom properties of ours by name; a near miss of one becomes a warning."""
    found: dict[str, Node] = {}
    for item in fields.items("customProperties"):
        entry = Fields(item, findings, what="a custom property")
        name = entry.text("property")
        value = entry.get("value")
        if name in _CUSTOM and value is not None:
            found[name] = value
        elif name.lower().startswith(_NEAR):
            message = f"`{name[:80]}` is not a property that Ghala knows"
            hint = nearest(name, _CUSTOM)
            findings.warning(FindingCode.ODCS_UNKNOWN_CUSTOM, entry.at("property"), message, hint)
    return found


def check_names(columns: Iterable[Fields], findings: Findings) -> None:
    """Check the names of the columns of one dataset or of the members of one struct."""
    seen: dict[str, Place] = {}
    for fields in columns:
        node = fields.get("name")
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
            # The schema said so already.
            continue
        name, place = node.value, node.place
        if fault := column_name_fault(name):
            message = f"`{name[:80]}` cannot be a column's name: {fault}"
            findings.error(FindingCode.ODCS_BAD_COLUMN_NAME, place, message)
        if name.lower() in seen:
            findings.error(
                FindingCode.ODCS_DUPLICATE_COLUMN, place, f"the column `{name[:80]}` stands twice",
                f"it stands in line {seen[name.lower()].line} already; case does not count",
            )  # fmt: skip
        seen.setdefault(name.lower(), place)


def _parsed(physical: str) -> tuple[DataType | None, str | None]:
    if not physical:
        return None, None
    try:
        return parse_type(physical), None
    except ValueError as error:
        return None, str(error)[:200]


def _logical_type(fields: Fields, logical: str, physical: str, findings: Findings) -> DataType:
    kind = _LOGICAL.get(logical)
    if kind is None:
        if logical in {"map", "vector"}:
            message, hint = (
                f"`{logical}` is not a type that Ghala stores",
                "use an `array` of an `object` instead",
            )
            findings.error(FindingCode.ODCS_UNKNOWN_TYPE, fields.at("logicalType"), message, hint)
        elif "logicalType" not in fields:
            message = f"the column `{fields.text('name')[:80]}` has no type"
            findings.error(
                FindingCode.ODCS_UNKNOWN_TYPE, fields.place, message, "add `logicalType`"
            )
        return VARCHAR
    options = fields.mapping("logicalTypeOptions")
    if kind is Kind.TIMESTAMP and options and Fields(options, findings, what="").flag("timezone"):
        kind = Kind.TIMESTAMPTZ
    if physical and physical.lower() != logical:
        message = f"`{physical[:80]}` is not a type that Ghala stores; {kind} is stored"
        findings.warning(FindingCode.ODCS_UNKNOWN_TYPE, fields.at("physicalType"), message)
    return DataType(kind)


def _nested_type(fields: Fields, logical: str, findings: Findings) -> DataType:
    if logical == "array":
        items = fields.get("items")
        if items is None:
            message = "an `array` needs `items`"
            findings.error(
                FindingCode.ODCS_UNKNOWN_TYPE, fields.place, message, "say what its items are"
            )
            return VARCHAR
        element = Fields(items, findings, what="`items`")
        _warn_nested(element, "an array's items", findings)
        return DataType(Kind.LIST, element=read_type(element, findings))
    members = [Fields(item, findings, what="a property") for item in fields.items("properties")]
    if not members:
        message = "an `object` needs `properties`"
        findings.error(
            FindingCode.ODCS_NO_COLUMNS, fields.place, message, "say what its fields are"
        )
        return VARCHAR
    check_names(members, findings)
    for member in members:
        _warn_nested(member, "a struct's fields", findings)
    return DataType(
        Kind.STRUCT,
        fields=tuple(Field(member.text("name"), read_type(member, findings)) for member in members),
    )


_PROMISES: Sequence[str] = ("required", "unique", "primaryKey", "enum", "quality")


def _warn_nested(fields: Fields, what: str, findings: Findings) -> None:
    for key in _PROMISES:
        node = fields.get(key)
        if node is not None and not (isinstance(node, ScalarNode) and node.value is False):
            message = f"`{key}` of {what} is not checked"
            hint = "check it with a quality rule of type `sql`"
            findings.warning(FindingCode.ODCS_NOT_CHECKED, fields.key_place(key), message, hint)
