"""`policies/tests.yaml`: read strictly, everything wrong with its place."""

import pytest

from ghala.errors import DefinitionError
from ghala.model.principal import PrincipalKind, Role
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.policy_cases import CASES_FILE, load_policy_cases, read_policy_cases

GOOD = """tests:
  - name: one
    principal: service:Loader
    teams: [Sales, team:ops]
    roles: steward
    dataset: sales.orders
    purpose: analytics
    endpoint: sql
    at: 2026-01-01T12:00:00+02:00
    expect:
      read: false
      clear: []
"""


def write(root, text):
    (root / "policies").mkdir(exist_ok=True)
    (root / CASES_FILE).write_text(text)


def found(root, text):
    write(root, text)
    findings = Findings()
    read_policy_cases(root, ["analytics"], findings)
    return [(one.code, one.place.line) for one in findings]


def test_a_case_is_read(tmp_path):
    write(tmp_path, GOOD)
    (case,) = load_policy_cases(tmp_path, ["analytics"])
    assert (case.principal.id, case.principal.kind) == ("service:loader", PrincipalKind.SERVICE)
    assert case.principal.teams == {"team:sales", "team:ops"}
    assert case.principal.roles == {Role.STEWARD}
    assert (str(case.dataset), case.endpoint, case.at.isoformat()) == (
        "sales.orders", "sql", "2026-01-01T10:00:00+00:00",
    )  # fmt: skip
    assert (case.expected.read, case.expected.clear, case.expected.discover) == (
        False, frozenset(), None,
    )  # fmt: skip
    assert str(case.place) == "policies/tests.yaml:2:5"


def test_no_file_is_no_tests(tmp_path):
    assert load_policy_cases(tmp_path, ["analytics"]) == ()


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("tests:", "test:", FindingCode.KEY_UNKNOWN, 1),
        ("endpoint:", "endpont:", FindingCode.KEY_UNKNOWN, 8),
        ("    purpose: analytics\n", "", FindingCode.KEY_MISSING, 2),
        ("purpose: analytics", "purpose: fun", FindingCode.VALUE_NOT_ALLOWED, 7),
        ("service:Loader", "team:sales", FindingCode.NAME_INVALID, 3),
        ("service:Loader", "a b", FindingCode.NAME_INVALID, 3),
        ("sales.orders", "orders", FindingCode.NAME_INVALID, 6),
        ("roles: steward", "roles: king", FindingCode.VALUE_NOT_ALLOWED, 5),
        ("2026-01-01T12:00:00+02:00", "soon", FindingCode.VALUE_NOT_ALLOWED, 9),
        (
            "2026-01-01T12:00:00+02:00",
            "0001-01-01T00:00:00+02:00",
            FindingCode.VALUE_NOT_ALLOWED,
            9,
        ),
        ("read: false", "read: maybe", FindingCode.VALUE_WRONG_TYPE, 11),
        ("read: false", "reads: false", FindingCode.KEY_UNKNOWN, 11),
    ],
)
def test_what_is_wrong_is_found(tmp_path, before, after, code, line):
    assert before in GOOD
    assert (code, line) in found(tmp_path, GOOD.replace(before, after, 1))


def test_two_tests_have_two_names(tmp_path):
    again = GOOD.partition("\n")[2]
    assert [code for code, _ in found(tmp_path, GOOD + again)] == [FindingCode.NAME_TAKEN]


def test_a_test_expects_something(tmp_path):
    text = GOOD.partition("    expect:")[0] + "    expect: {}\n"
    assert (FindingCode.KEY_MISSING, 10) in found(tmp_path, text)


def test_a_link_leads_nowhere_else(tmp_path):
    (tmp_path / "acme" / "policies").mkdir(parents=True)
    (tmp_path / "other.yaml").write_text(GOOD)
    (tmp_path / "acme" / CASES_FILE).symlink_to(tmp_path / "other.yaml")
    with pytest.raises(DefinitionError):
        load_policy_cases(tmp_path / "acme", ["analytics"])
