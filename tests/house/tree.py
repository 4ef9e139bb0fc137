"""The project's own files, as the house rules look at them."""

import ast
import os
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ghala"
_NOT_OURS = {
    ".hypothesis",
    ".venv",
    ".git",
    ".demo",
    ".ghala",
    ".peers",
    "__pycache__",
    "dist",
    "build",
    "node_modules",
}
_TEXT = {
    ".cfg",
    ".css",
    ".csv",
    ".html",
    ".js",
    ".json",
    ".lock",
    ".md",
    ".mk",
    ".ndjson",
    ".py",
    ".sh",
    ".sql",
    ".svg",
    ".toml",
    ".ts",
    ".tsx",
    ".txt",
    ".yaml",
    "",
}


@cache
def files(*suffixes, below=""):
    """Return the project's text files with one of the suffixes, all if none is given."""
    found = []
    for folder, folders, names in os.walk(ROOT / below):
        folders[:] = sorted(
            name for name in folders if name not in _NOT_OURS and not name.endswith("_cache")
        )
        found += [Path(folder, name) for name in sorted(names) if name not in _NOT_OURS]
    return [path for path in found if path.suffix in (suffixes or _TEXT) and path.is_file()]


def modules():
    """Return every Python file of the package."""
    return files(".py", below="src/ghala")


@cache
def tree(path):
    """Return a Python file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


def name(path):
    """Return a file's path as people write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def nodes(path):
    """Return all nodes of a Python file's syntax tree: most rules walk all files."""
    return tuple(ast.walk(tree(path)))


@cache
def imports(path):
    """Return every module that a file imports, wherever in it."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return frozenset(found)


def listed(found):
    """Return what a rule found as a failing test shows it: whole, one a line."""
    return "\n" + "\n".join(str(item) for item in found)
