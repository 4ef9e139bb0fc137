"""Findings: everything that is wrong with a workspace's files, each with its code and its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ghala.errors import Place


class Level(StrEnum):
    """How bad a finding is: an error keeps a product from running; keep sorted."""

    ERROR = "error"
    WARNING = "warning"


class FindingCode(StrEnum):
    """What kind of mistake it is, `where.what`; stable, keep sorted. `MEANINGS` explains each."""

    DOMAIN_MISSING = "domain.missing"
    FILE_IGNORED = "file.ignored"
    FILE_OUTSIDE = "file.outside"
    FILE_TOO_LARGE = "file.too_large"
    FILE_UNREADABLE = "file.unreadable"
    GLOSSARY_UNKNOWN_LINK = "glossary.unknown_link"
    GLOSSARY_UNKNOWN_TERM = "glossary.unknown_term"
    KEY_MISSING = "key.missing"
    KEY_UNKNOWN = "key.unknown"
    NAME_INVALID = "name.invalid"
    NAME_TAKEN = "name.taken"
    ODCS_BAD_BOUND = "odcs.bad_bound"
    ODCS_BAD_COLUMN_NAME = "odcs.bad_column_name"
    ODCS_BAD_KEY = "odcs.bad_key"
    ODCS_BAD_PATTERN = "odcs.bad_pattern"
    ODCS_BAD_VALUE = "odcs.bad_value"
    ODCS_DOMAIN_DIFFERS = "odcs.domain_differs"
    ODCS_DUPLICATE_COLUMN = "odcs.duplicate_column"
    ODCS_DUPLICATE_RULE = "odcs.duplicate_rule"
    ODCS_KEY_POSITION = "odcs.key_position"
    ODCS_NOT_CHECKED = "odcs.not_checked"
    ODCS_NO_COLUMNS = "odcs.no_columns"
    ODCS_NO_DATASETS = "odcs.no_datasets"
    ODCS_ON_FAIL = "odcs.on_fail"
    ODCS_OPERATOR = "odcs.operator"
    ODCS_QUERY = "odcs.query"
    ODCS_TOO_MANY_COLUMNS = "odcs.too_many_columns"
    ODCS_TYPE_DIFFERS = "odcs.type_differs"
    ODCS_UNKNOWN_COLUMN = "odcs.unknown_column"
    ODCS_UNKNOWN_CUSTOM = "odcs.unknown_custom"
    ODCS_UNKNOWN_TYPE = "odcs.unknown_type"
    ODCS_VERSION = "odcs.version"
    ODPS_CONTRACT_WITHOUT_PORT = "odps.contract_without_port"
    ODPS_DOMAIN_DIFFERS = "odps.domain_differs"
    ODPS_INPUT_CYCLE = "odps.input_cycle"
    ODPS_UNKNOWN_CONTRACT = "odps.unknown_contract"
    ODPS_VERSION = "odps.version"
    PIPELINE_BAD_PATH = "pipeline.bad_path"
    PIPELINE_BAD_SQL = "pipeline.bad_sql"
    PIPELINE_COLUMN_MISSING = "pipeline.column_missing"
    PIPELINE_COLUMN_TYPE = "pipeline.column_type"
    PIPELINE_COLUMN_UNKNOWN = "pipeline.column_unknown"
    PIPELINE_DATASET_MADE_TWICE = "pipeline.dataset_made_twice"
    PIPELINE_DATASET_NOT_MADE = "pipeline.dataset_not_made"
    PIPELINE_NO_COLUMNS = "pipeline.no_columns"
    PIPELINE_READS = "pipeline.reads"
    PIPELINE_SOURCE_OPTION = "pipeline.source_option"
    PIPELINE_STEP_KIND = "pipeline.step_kind"
    PIPELINE_UNKNOWN_DATASET = "pipeline.unknown_dataset"
    PIPELINE_UNKNOWN_SOURCE = "pipeline.unknown_source"
    POLICY_INVALID = "policy.invalid"
    PRODUCT_MISSING = "product.missing"
    ROADMAP_UNKNOWN_DATASET = "roadmap.unknown_dataset"
    SETTINGS_BAD_PATH = "settings.bad_path"
    SETTINGS_SECRET = "settings.secret"  # noqa: S105 - the code of a finding, no secret
    SETTINGS_ZONE_MISSING = "settings.zone_missing"
    VALUE_NOT_ALLOWED = "value.not_allowed"
    VALUE_WRONG_TYPE = "value.wrong_type"
    YAML_ALIAS = "yaml.alias"
    YAML_CHARACTER = "yaml.character"
    YAML_DIRECTIVE = "yaml.directive"
    YAML_DUPLICATE_KEY = "yaml.duplicate_key"
    YAML_EMPTY = "yaml.empty"
    YAML_ENCODING = "yaml.encoding"
    YAML_KEY = "yaml.key"
    YAML_NUMBER = "yaml.number"
    YAML_SEVERAL_DOCUMENTS = "yaml.several_documents"
    YAML_SYNTAX = "yaml.syntax"
    YAML_TAB = "yaml.tab"
    YAML_TAG = "yaml.tag"
    YAML_TOO_DEEP = "yaml.too_deep"
    YAML_TOO_LARGE = "yaml.too_large"
    YAML_TOO_MANY_VALUES = "yaml.too_many_values"


MEANINGS = {
    FindingCode.DOMAIN_MISSING: "A domain folder has no `domain.yaml`.",
    FindingCode.FILE_IGNORED: "A file looks like a definition but is not read.",
    FindingCode.FILE_OUTSIDE: "A definition is a symlink that leads outside.",
    FindingCode.FILE_TOO_LARGE: "A definition file is too large to be read.",
    FindingCode.FILE_UNREADABLE: "A definition file cannot be opened or is no text.",
    FindingCode.GLOSSARY_UNKNOWN_LINK: "A term links to what is not there.",
    FindingCode.GLOSSARY_UNKNOWN_TERM: "A term names another one that is not there.",
    FindingCode.KEY_MISSING: "A required key is not there.",
    FindingCode.KEY_UNKNOWN: "A key means nothing here; in ODCS and ODPS files it is ignored.",
    FindingCode.NAME_INVALID: "A name is not allowed.",
    FindingCode.NAME_TAKEN: "Two things have the same name or id.",
    FindingCode.ODCS_BAD_BOUND: "A bound does not fit its column's type, or bounds contradict.",
    FindingCode.ODCS_BAD_COLUMN_NAME: "A column's name cannot be stored.",
    FindingCode.ODCS_BAD_KEY: "A struct or a list cannot be a key or be unique.",
    FindingCode.ODCS_BAD_PATTERN: "A pattern is not a regular expression of the RE2 kind.",
    FindingCode.ODCS_BAD_VALUE: "A listed value does not fit its column's type.",
    FindingCode.ODCS_DOMAIN_DIFFERS: "A contract names another domain than its folder.",
    FindingCode.ODCS_DUPLICATE_COLUMN: "Two columns differ by case at most.",
    FindingCode.ODCS_DUPLICATE_RULE: "Two rules of a dataset have the same id.",
    FindingCode.ODCS_KEY_POSITION: "The positions of a primary key's columns are not clear.",
    FindingCode.ODCS_NOT_CHECKED: "Ghala does not check this promise.",
    FindingCode.ODCS_NO_COLUMNS: "A dataset or a struct has no columns.",
    FindingCode.ODCS_NO_DATASETS: "A contract has no schema object.",
    FindingCode.ODCS_ON_FAIL: "A rule about the whole cannot quarantine rows.",
    FindingCode.ODCS_OPERATOR: "A quality rule has not exactly one usable operator.",
    FindingCode.ODCS_QUERY: "A SQL rule has no query, or one that may not run.",
    FindingCode.ODCS_TOO_MANY_COLUMNS: "A dataset has more columns than can be stored.",
    FindingCode.ODCS_TYPE_DIFFERS: "Physical and logical type do not go together.",
    FindingCode.ODCS_UNKNOWN_COLUMN: "A rule names a column that is not there.",
    FindingCode.ODCS_UNKNOWN_CUSTOM: "A `ghala.` property is not one that Ghala knows.",
    FindingCode.ODCS_UNKNOWN_TYPE: "A column's type is not one that Ghala stores.",
    FindingCode.ODCS_VERSION: "The file follows a version of ODCS that Ghala does not read.",
    FindingCode.ODPS_CONTRACT_WITHOUT_PORT: "No output port delivers this contract.",
    FindingCode.ODPS_DOMAIN_DIFFERS: "A product names another domain than its folder.",
    FindingCode.ODPS_INPUT_CYCLE: "Products read each other in a circle.",
    FindingCode.ODPS_UNKNOWN_CONTRACT: "A port names a contract that is not there.",
    FindingCode.ODPS_VERSION: "The file follows a version of ODPS that Ghala does not read.",
    FindingCode.PIPELINE_BAD_PATH: "A path leaves the product folder or leads to no file.",
    FindingCode.PIPELINE_BAD_SQL: "A step's SQL is not one SELECT that may run.",
    FindingCode.PIPELINE_COLUMN_MISSING: "A source does not land a column that the contract has.",
    FindingCode.PIPELINE_COLUMN_TYPE: "A source lands a column in another type than promised.",
    FindingCode.PIPELINE_COLUMN_UNKNOWN: "A source lands a column that the contract does not have.",
    FindingCode.PIPELINE_DATASET_MADE_TWICE: "Two steps make the same dataset.",
    FindingCode.PIPELINE_DATASET_NOT_MADE: "No step makes a dataset of the product.",
    FindingCode.PIPELINE_NO_COLUMNS: "A source that SQL reads names no columns.",
    FindingCode.PIPELINE_READS: "A step reads what is not there or what its product does not declare.",
    FindingCode.PIPELINE_SOURCE_OPTION: "An option of a source is wrong.",
    FindingCode.PIPELINE_STEP_KIND: "A step has not exactly what its kind needs.",
    FindingCode.PIPELINE_UNKNOWN_DATASET: "A step makes a dataset that the product does not have.",
    FindingCode.PIPELINE_UNKNOWN_SOURCE: "A step reads a source that the pipeline does not have.",
    FindingCode.POLICY_INVALID: "A policy is no Cedar, speaks of what is not there, or has no id of its own.",
    FindingCode.PRODUCT_MISSING: "A product folder has no `product.odps.yaml`.",
    FindingCode.ROADMAP_UNKNOWN_DATASET: "A change ahead names a dataset that the product does not have.",
    FindingCode.SETTINGS_BAD_PATH: "A folder of the settings cannot be used for that.",
    FindingCode.SETTINGS_SECRET: "A secret stands in a file.",
    FindingCode.SETTINGS_ZONE_MISSING: "A landing zone's folder is not there.",
    FindingCode.VALUE_NOT_ALLOWED: "A value is not one of those that are allowed.",
    FindingCode.VALUE_WRONG_TYPE: "A value has the wrong type.",
    FindingCode.YAML_ALIAS: "An alias points at nothing or at itself.",
    FindingCode.YAML_CHARACTER: "A character may not stand in YAML.",
    FindingCode.YAML_DIRECTIVE: "A `%` directive is not read.",
    FindingCode.YAML_DUPLICATE_KEY: "A key stands twice in one mapping.",
    FindingCode.YAML_EMPTY: "The file has no content.",
    FindingCode.YAML_ENCODING: "The file is not UTF-8 without a byte order mark.",
    FindingCode.YAML_KEY: "A key is not a text.",
    FindingCode.YAML_NUMBER: "A number is too long.",
    FindingCode.YAML_SEVERAL_DOCUMENTS: "The file has more than one document.",
    FindingCode.YAML_SYNTAX: "The file is not YAML 1.2.",
    FindingCode.YAML_TAB: "A tab indents a line.",
    FindingCode.YAML_TAG: "A tag is not read.",
    FindingCode.YAML_TOO_DEEP: "Values are nested too deeply.",
    FindingCode.YAML_TOO_LARGE: "The file is too large.",
    FindingCode.YAML_TOO_MANY_VALUES: "The file has too many values, counting aliases expanded.",
}


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One mistake in a workspace's files."""

    code: FindingCode
    severity: Level
    message: str
    hint: str | None
    place: Place


class Findings:
    """Findings while they are collected: nothing stops at the first, nothing is said twice."""

    def __init__(self) -> None:
        """Start without findings."""
        self._items: dict[tuple[FindingCode, Place, str], LintFinding] = {}

    def error(self, code: FindingCode, place: Place, message: str, hint: str | None = None) -> None:
        """Add what keeps the product from running."""
        self.extend([LintFinding(code, Level.ERROR, message, hint, place)])

    def warning(
        self, code: FindingCode, place: Place, message: str, hint: str | None = None
    ) -> None:
        """Add what its author should know."""
        self.extend([LintFinding(code, Level.WARNING, message, hint, place)])

    def extend(self, findings: Iterable[LintFinding]) -> None:
        """Add findings that were made elsewhere."""
        for finding in findings:
            self._items.setdefault((finding.code, finding.place, finding.message), finding)

    def __iter__(self) -> Iterator[LintFinding]:
        """Return all findings in the order in which they were found."""
        return iter(self._items.values())

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self._items)

    @property
    def has_errors(self) -> bool:
        """Whether anything found keeps the workspace from running."""
        return any(finding.severity is Level.ERROR for finding in self)

    def in_order(self) -> tuple[LintFinding, ...]:
        """Return all findings by file, line and column."""
        return tuple(sorted(self, key=lambda finding: (finding.place, finding.code)))

    def refuse(self) -> None:
        """Raise all findings if one of them is an error.

        Raises:
            DefinitionError: with the first error's text and, in `findings`, every finding.
        """
        findings = self.in_order()
        errors = [finding for finding in findings if finding.severity is Level.ERROR]
        if not errors:
            return
        first = errors[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise DefinitionError(
            first.message + more, hint=first.hint, place=first.place, findings=findings
        )


def to_text(findings: Sequence[LintFinding]) -> str:
    """Return findings for people: one line each, its hint below, and a count.

    >>> from ghala.errors import Place
    >>> place = Place("acme/ghala.yaml", 3, 1)
    >>> finding = LintFinding(
    ...     FindingCode.KEY_UNKNOWN, Level.ERROR, "`zone` is not a key here", "write `zones`", place
    ... )
    >>> print(to_text([finding]))
    acme/ghala.yaml:3:1: error: `zone` is not a key here [key.unknown]
      hint: write `zones`
    1 error, 0 warnings
    """
    lines = []
    for finding in findings:
        lines.append(f"{finding.place}: {finding.severity}: {finding.message} [{finding.code}]")
        if finding.hint:
            lines.append(f"  hint: {finding.hint}")
    errors = sum(finding.severity is Level.ERROR for finding in findings)
    lines.append(f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}")
    return "\n".join(lines)


def to_json(findings: Sequence[LintFinding]) -> str:
    """Return findings as a JSON list of flat objects.

    >>> to_json([])
    '[]'
    """
    return json.dumps(
        [
            {
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "hint": finding.hint,
                "file": finding.place.file,
                "line": finding.place.line,
                "column": finding.place.column,
            }
            for finding in findings
        ],
        indent=2 if findings else None,
        ensure_ascii=False,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
