"""What the page about security names exists."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
PAGE = (TESTS.parent / "docs" / "reference" / "security.md").read_text("utf-8")


def test_every_test_that_the_page_names_exists():
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", PAGE)
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (TESTS / file.removeprefix("tests/")).is_file()
        or f"def {test}" not in (TESTS / file.removeprefix("tests/")).read_text("utf-8")
    ]
    assert len(named) > 60
    assert not missing


def test_every_risk_and_chapter_is_there():
    assert [f"API{number}" for number in range(1, 11) if f"| API{number} |" not in PAGE] == []
    chapters = {int(number) for number in re.findall(r"\bV(\d+)", PAGE)}
    assert chapters == set(range(1, 18))
