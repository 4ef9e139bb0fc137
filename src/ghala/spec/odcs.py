"""Contracts: an ODCS file into the model."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ghala.model.contract import AccessRole, Column, Contract, Dataset, OnFail, Rule
from ghala.model.names import DatasetName, sql_name_fault
from ghala.spec.checks import Checks
from ghala.spec.columns import MAX_COLUMNS, ON_FAIL, check_names, custom_properties, read_column
from ghala.spec.constraints import column_rules, primary_key
from ghala.spec.fields import Fields
from ghala.spec.finding import FindingCode
from ghala.spec.levels import with_levels
from ghala.spec.node import MapNode
from ghala.spec.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.spec.finding import Findings
    from ghala.spec.node import Node

VERSIONS = ("v3.0.0", "v3.0.1", "v3.0.2", "v3.1.0", "v3.2.0")

# Which parts a quality rule needs depends on its type; `checks` says so in fewer and clearer words.
_SKIPPED = frozenset({"DataQualityCustom", "DataQualityLibrary", "DataQualitySql", "EnumValue"})


def read_contract(node: Node, domain: str, findings: Findings) -> Contract | None:
    """Return a contract as far as it can be understood; None if it is no ODCS file at all.

    `domain` is the folder's: the datasets get their names from it.
    """
    fields = Fields(node, findings, what="a contract")
    version = fields.text("apiVersion")
    if not isinstance(node, MapNode) or not version or version not in VERSIONS:
        findings.error(
            FindingCode.ODCS_VERSION, fields.at("apiVersion"),
            "this is not an ODCS file that Ghala reads", f"`apiVersion` is one of {', '.join(VERSIONS)}",
        )  # fmt: skip
        return None
    load_schema("open_data_contract_standard", "schema.json", _SKIPPED).check(node, findings)
    named = fields.text("domain")
    if named and named.lower() != domain:
        message = f"the contract names the domain `{named[:80]}`, its folder is in `{domain}`"
        findings.warning(FindingCode.ODCS_DOMAIN_DIFFERS, fields.at("domain"), message)
    contract_id = fields.text("id")
    datasets = tuple(
        _read_dataset(item, contract_id, domain, findings) for item in fields.items("schema")
    )
    if not datasets:
        message = "the contract has no dataset"
        place = fields.key_place("schema")
        findings.error(FindingCode.ODCS_NO_DATASETS, place, message, "describe one under `schema`")
    description = fields.mapping("description")
    stem = PurePosixPath(node.place.file).name.split(".")[0]
    return Contract(
        id=contract_id,
        name=fields.text("name") or stem,
        version=fields.text("version"),
        status=fields.text("status") or "active",
        datasets=with_levels(fields, datasets, findings),
        description=Fields(description, findings, what="").text("purpose") if description else "",
        roles=tuple(_read_role(item, findings) for item in fields.items("roles")),
        place=fields.at("id"),
    )


def _read_role(node: Node, findings: Findings) -> AccessRole:
    fields = Fields(node, findings, what="a role")
    return AccessRole(
        name=fields.text("role"),
        access=fields.text("access"),
        first_approvers=_approvers(fields.text("firstLevelApprovers")),
        second_approvers=_approvers(fields.text("secondLevelApprovers")),
    )


def _approvers(text: str) -> tuple[str, ...]:
    """Return the names of a list, which the standard writes as one text.

    >>> _approvers("privacy-office, user:amina")
    ('privacy-office', 'user:amina')
    """
    names = (name.strip() for name in text.replace(";", ",").split(","))
    return tuple(name for name in names if name)


def _read_dataset(node: Node, contract_id: str, domain: str, findings: Findings) -> Dataset:
    fields = Fields(node, findings, what="a schema object")
    name = fields.text("name")
    if name and (fault := sql_name_fault(name)):
        message = f"`{name[:80]}` cannot be a dataset's name: {fault}"
        findings.error(FindingCode.NAME_INVALID, fields.at("name"), message)
    on_fail = _on_fail(fields, None, findings)
    properties = [Fields(item, findings, what="a property") for item in fields.items("properties")]
    if not properties:
        message = f"the dataset `{name[:80]}` has no columns"
        findings.error(
            FindingCode.ODCS_NO_COLUMNS, fields.place, message, "describe them under `properties`"
        )
    if len(properties) > MAX_COLUMNS:
        message = f"{len(properties):,} columns; at most {MAX_COLUMNS:,} can be stored"
        findings.error(FindingCode.ODCS_TOO_MANY_COLUMNS, fields.at("properties"), message)
    columns = [read_column(column, findings) for column in properties]
    check_names(properties, findings)
    key, rules = _rules(fields, properties, columns, on_fail, findings)
    return Dataset(
        name=DatasetName(domain, name),
        # An object's id is unique in its contract only.
        id=f"{contract_id}/{fields.text('id') or name}",
        columns=tuple(columns),
        rules=_with_unique_ids(rules, findings),
        primary_key=key,
        description=fields.text("description"),
        tags=tuple(str(tag.value) for tag in fields.texts("tags")),
        place=fields.at("name"),
    )


def _rules(
    fields: Fields,
    properties: Sequence[Fields],
    columns: Sequence[Column],
    on_fail: OnFail | None,
    findings: Findings,
) -> tuple[tuple[str, ...], list[Rule]]:
    checks = Checks({column.name.lower(): column for column in columns}, findings)
    pairs = list(zip(properties, columns, strict=True))
    keys = [(item, column) for item, column in pairs if item.flag("primaryKey")]
    key, rules = primary_key(keys, on_fail, findings)
    for item, column in pairs:
        of_column = _on_fail(item, on_fail, findings)
        rules += column_rules(item, column, of_column, findings)
        rules += checks.read(item.items("quality"), column, of_column)
    rules += checks.read(fields.items("quality"), None, on_fail)
    return key, rules


def _on_fail(fields: Fields, inherited: OnFail | None, findings: Findings) -> OnFail | None:
    node = custom_properties(fields, findings).get(ON_FAIL)
    chosen = fields.chosen(node, f"`{ON_FAIL}`", OnFail) if node is not None else None
    return chosen or inherited


def _with_unique_ids(rules: Sequence[Rule], findings: Findings) -> tuple[Rule, ...]:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen and rule.place is not None:
            first = seen[rule.id].place
            message = f"the rule id `{rule.id[:80]}` stands twice in this dataset"
            hint = f"it stands in line {first.line} already" if first else None
            findings.error(FindingCode.ODCS_DUPLICATE_RULE, rule.place, message, hint)
        seen.setdefault(rule.id, rule)
    return tuple(rules)
