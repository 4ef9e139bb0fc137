import json

import pytest

from ghala.errors import DefinitionError, Place
from ghala.spec.finding import MEANINGS, FindingCode, Findings, Level, LintFinding, to_json, to_text
from ghala.spec.sarif import to_sarif

TABS = LintFinding(
    FindingCode.YAML_TAB, Level.ERROR, "a tab", "use spaces", Place("a b/ü.yaml", 3, 5)
)
WHOLE = LintFinding(FindingCode.FILE_IGNORED, Level.WARNING, "not read", None, Place("x.yml"))


def test_every_code_has_a_meaning():
    assert set(MEANINGS) == set(FindingCode)


def test_text_is_one_line_each_with_the_hint_below():
    assert to_text([TABS, WHOLE]).splitlines() == [
        "a b/ü.yaml:3:5: error: a tab [yaml.tab]",
        "  hint: use spaces",
        "x.yml: warning: not read [file.ignored]",
        "1 error, 1 warning",
    ]


def test_json_is_a_flat_list():
    assert json.loads(to_json([TABS]))[0] == {
        "code": "yaml.tab", "severity": "error", "message": "a tab", "hint": "use spaces", "file": "a b/ü.yaml",
        "line": 3, "column": 5,
    }  # fmt: skip


def test_sarif_has_the_shape_of_its_standard():
    log = json.loads(to_sarif([TABS, WHOLE], "1.2"))
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert (log["version"], run["tool"]["driver"]["name"], run["columnKind"]) == (
        "2.1.0",
        "ghala",
        "unicodeCodePoints",
    )
    assert {rule["id"] for rule in rules} == set(FindingCode)
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        "yaml.tab",
        "file.ignored",
    ]
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    first, second = (result["locations"][0]["physicalLocation"] for result in run["results"])
    assert first == {
        "artifactLocation": {"uri": "a%20b/%C3%BC.yaml"},
        "region": {"startLine": 3, "startColumn": 5},
    }
    assert "region" not in second
    assert run["results"][0]["message"]["text"] == "a tab (use spaces)"


def test_findings_are_said_once_and_in_the_order_of_their_places():
    findings = Findings()
    findings.extend([WHOLE, TABS, TABS])
    assert findings.in_order() == (TABS, WHOLE)


def test_errors_are_raised_with_every_finding():
    findings = Findings()
    findings.extend([WHOLE, TABS])
    with pytest.raises(DefinitionError) as caught:
        findings.refuse()
    assert (caught.value.place, caught.value.hint) == (TABS.place, "use spaces")
    assert caught.value.evidence["findings"] == (TABS, WHOLE)


def test_warnings_are_not_raised():
    findings = Findings()
    findings.extend([WHOLE])
    findings.refuse()
    assert not findings.has_errors
