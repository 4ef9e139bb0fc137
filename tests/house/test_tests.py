"""Tests use real parts and wait for events: no mocks, no sleeps, no skipping without a reason."""

import ast
from functools import cache
from pathlib import Path

from tree import files, imports, listed, name, nodes

MOCKS = {"mock", "unittest.mock", "pytest_mock", "MagicMock", "Mock", "mocker"}


def suites():
    return [path for path in files(".py", below="tests") if path != Path(__file__)]


@cache
def calls(path):
    """Return (dotted name, call) of every call in a file."""
    return [(ast.unparse(node.func), node) for node in nodes(path) if isinstance(node, ast.Call)]


def test_no_mocks():
    by_import = [name(path) for path in suites() if imports(path) & MOCKS]
    by_name = [
        name(path)
        for path in suites()
        for node in nodes(path)
        if isinstance(node, (ast.Name, ast.arg))
        and (getattr(node, "id", None) or getattr(node, "arg", None)) in MOCKS
    ]
    found = by_import + by_name
    assert not found, listed(found)


def test_no_sleeps():
    assert [
        name(path)
        for path in suites()
        for called, _ in calls(path)
        if called in {"time.sleep", "sleep"}
    ] == []


def test_a_skip_or_an_expected_failure_has_its_reason():
    wordless = [
        f"{name(path)}:{node.lineno}"
        for path in suites()
        for called, node in calls(path)
        if called.endswith(
            ("mark.skip", "mark.skipif", "mark.xfail", "pytest.skip", "pytest.xfail")
        )
        and not any(keyword.arg == "reason" for keyword in node.keywords)
        and not (called.startswith("pytest.skip") and node.args)
    ]
    assert not wordless, listed(wordless)


def test_every_test_file_demands_something():
    idle = []
    for path in suites():
        if path.name.startswith("test_"):
            text = path.read_text("utf-8")
            if not any(word in text for word in ("assert", "raises", "check_")):
                idle.append(name(path))
    assert not idle, listed(idle)
