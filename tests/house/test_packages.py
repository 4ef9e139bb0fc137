"""A package's first file says what it is for, its main path, and what is not there."""

import ast

from tree import listed, modules, name, tree

ENOUGH_LINES = 2


def test_every_package_says_what_it_is_for():
    wordless = []
    for path in modules():
        if path.name == "__init__.py" and path.parent.parent.name in {"src", "ghala"}:
            text = ast.get_docstring(tree(path)) or ""
            if (
                len([line for line in text.splitlines() if line.strip()]) < ENOUGH_LINES
                or "Not here:" not in text
            ):
                wordless.append(name(path))
    assert not wordless, listed(wordless)


def test_every_module_says_what_it_is_for():
    assert [name(path) for path in modules() if not ast.get_docstring(tree(path))] == []
