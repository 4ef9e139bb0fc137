"""Findings as SARIF 2.1.0, which code hosts and editors show beside the line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from ghala.spec.finding import MEANINGS, FindingCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.spec.finding import LintFinding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {code: index for index, code in enumerate(FindingCode)}


def to_sarif(findings: Sequence[LintFinding], version: str = "0") -> str:
    """Return findings as one SARIF run; `version` is that of the program that found them.

    >>> json.loads(to_sarif([]))["runs"][0]["results"]
    []
    """
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "ghala", "version": version, "rules": _rules()}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding) for finding in findings],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rules() -> list[object]:
    return [{"id": code, "shortDescription": {"text": MEANINGS[code]}} for code in FindingCode]


def _result(finding: LintFinding) -> dict[str, object]:
    place = finding.place
    # Lines and columns count from 1 in SARIF; a finding about a whole file has no region.
    position = {"startLine": place.line, "startColumn": place.column}
    region = {name: number for name, number in position.items() if number and place.line}
    artifact = {"uri": quote(place.file)}
    location = {"artifactLocation": artifact} | ({"region": region} if region else {})
    hint = f" ({finding.hint})" if finding.hint else ""
    return {
        "ruleId": finding.code,
        "ruleIndex": _RULES[finding.code],
        "level": finding.severity,
        "message": {"text": finding.message + hint},
        "locations": [{"physicalLocation": location}],
    }
