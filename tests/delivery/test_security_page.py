"""What the page about security names exists, and it leaves no requirement out."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
PAGE = (TESTS.parent / "docs" / "reference" / "security.md").read_text("utf-8")
REQUIREMENTS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each section of ASVS 5.0 has; their numbers run from 1 on."""
MORE = {"1.2.10"}
"""Of level 3, and kept all the same."""
REASONS = ("**gap**", "does not apply", "](", "none")


def rows():
    """Return the requirements and the reason of each row about them."""
    found = []
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| V"):
            found.append((list(expanded(cells[0])), cells[-1]))
    return found


def expanded(text):
    """Yield each requirement of a list like `V1.2.1, V1.2.3-5`."""
    for part in text.split(", "):
        section, first, last = re.fullmatch(r"V(\d+\.\d+)\.(\d+)(?:-(\d+))?", part).groups()
        for number in range(int(first), int(last or first) + 1):
            yield f"{section}.{number}"


def test_every_test_that_the_page_names_exists():
    named = re.findall(r"`(?:tests/)?([\w/]+\.py)(?:::(\w+))?`", PAGE)
    tests = [one for one in named if Path(one[0]).name.startswith("test_")]
    missing = [
        f"{file}::{test}"
        for file, test in tests
        if not (TESTS / file).is_file()
        or (
            test
            and not re.search(rf"^def {test}\(", (TESTS / file).read_text("utf-8"), re.MULTILINE)
        )
    ]
    assert len(tests) > 150
    assert not missing


def test_every_requirement_of_both_levels_is_there_once():
    assert sum(REQUIREMENTS.values()) == 253
    demanded = {
        f"{section}.{number}"
        for section, count in REQUIREMENTS.items()
        for number in range(1, count + 1)
    }
    said = [one for requirements, _ in rows() for one in requirements]
    assert sorted({one for one in said if said.count(one) > 1}) == []
    assert set(said) == demanded | MORE


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][0])
def test_every_requirement_has_a_test_or_a_reason(row):
    _, shown = row
    has_test = re.search(r"`[\w/]+/test_\w+\.py(::\w+)?`", shown)
    assert has_test or any(reason in shown.lower() for reason in REASONS), shown


def test_every_risk_is_there():
    assert [f"API{number}" for number in range(1, 11) if f"| API{number} |" not in PAGE] == []
